/** Tables of the HTML report. */
import { forHtml } from '../sanitize.ts'

export interface Cell {
  text: string
  /** What to sort by, if not the text. */
  value?: number
  /** Smaller text below. */
  more?: string
  /** A name, path or sentence: it may be broken anywhere, so that short words need not be. */
  isLong?: boolean
}

/** Rows that the reader sorts and filters. */
export function table(
  heads: readonly { name: string; isNumber?: boolean }[],
  rows: readonly (readonly Cell[])[],
): string {
  const cls = (at: number, isLong = false) => (heads[at]?.isNumber ? ' class="n"' : isLong ? ' class="long"' : '')
  const head = heads.map(({ name }, at) => `<th scope="col"${cls(at)}>${forHtml(name)}</th>`).join('')
  const body = rows.map((row) => {
    const cells = row.map(({ text, value, more, isLong }, at) => {
      const below = more ? `<br><span class="dim">${forHtml(more)}</span>` : ''
      return `<td${cls(at, isLong)}${value === undefined ? '' : ` data-v="${Number(value)}"`}>${forHtml(text)}${below}</td>`
    })
    return `<tr>${cells.join('')}</tr>`
  })
  return `<div class="wide"><table class="live"><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>`
}

/** A number that sorts as one. */
export const number = (value: number): Cell => ({ text: String(value), value })
