/** A badge: the next action on a queue, as an image for other pages. */
import type { Next } from '../model/tally.ts'
import { html } from '../report/html/markup.ts'
import { forTerminal } from '../report/sanitize.ts'

/** White on each has a contrast of 4.5 at least. */
const COLORS: Readonly<Record<Next, string>> = {
  mend: '#a8380a',
  decide: '#7a3e9d',
  export: '#00665a',
  nothing: '#2b6ca3',
}

/** Pixels of a character at 11 px, wide ones taken for all. */
const CHARACTER = 7
const PADDING = 12
/** So many characters of a name are shown. */
const LONGEST = 40

export function badge(label: string, { next, count }: { next: Next; count: number }): string {
  const name = shortened(forTerminal(label))
  const word = count === 0 ? next : `${next} ${count}`
  const [left, right] = [name, word].map((text) => text.length * CHARACTER + PADDING) as [number, number]
  const text = (words: string, middle: number) => html`<text x="${middle}" y="14" text-anchor="middle">${words}</text>`
  return `${html`<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${name}: ${word}"><title>${name}: ${word}</title><rect width="${left}" height="20" fill="#3b444d"/><rect x="${left}" width="${right}" height="20" fill="${COLORS[next]}"/><g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">${text(name, left / 2)}${text(word, left + right / 2)}</g></svg>`}\n`
}

function shortened(name: string): string {
  return name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name
}
