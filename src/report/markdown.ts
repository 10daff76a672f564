/** Markdown from what patches and repositories say. */
import { forHtml } from './sanitize.ts'

export function markdownTable(heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) =>
    `| ${cells.map((one) => markdownCell(String(one))).join(' | ')} |`
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n')
}

/**
 * Markdown passes HTML through, and reads marks of its own; what looks like an address becomes a
 * link, and a name may call somebody.
 */
export function markdownCell(text: string): string {
  return forHtml(text)
    .replace(/[\\|*_[\]~]/g, '\\$&')
    .replace(/:(?=\/\/)|@|(?<=\bwww)\./gi, (mark) => `&#${mark.charCodeAt(0)};`)
}
