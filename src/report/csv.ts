/**
 * Comma-separated values (RFC 4180), safe to open in a spreadsheet: no cell of text begins like a
 * formula.
 */
import { forTerminal } from './sanitize.ts'

export function toCsv(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [header, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}

/**
 * Blanks in front do not keep a spreadsheet from reading a formula, nor do full-width signs (OWASP
 * ASVS 1.2.10).
 */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/

function cell(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const text = forTerminal(value)
  return `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`
}
