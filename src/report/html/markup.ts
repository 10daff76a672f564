/** HTML that is safe by the way it is made: what is put into a template is escaped. */
import { forHtml } from '../sanitize.ts'

/** Made by `html` alone. */
export class Html {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  toString(): string {
    return this.#text
  }
}

/** Text and numbers are escaped, null is nothing, and lists are put one after the other. */
type Value = Html | string | number | null | readonly Value[]

/** A template of HTML: its own text stays, its values are escaped. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(parts.map((part, at) => `${part}${at < values.length ? textOf(values[at] ?? null) : ''}`).join(''))
}

function textOf(value: Value): string {
  if (value === null) return ''
  if (value instanceof Html) return value.toString()
  return typeof value === 'object' ? value.map(textOf).join('') : forHtml(String(value))
}

/** Parts with words between them. */
export function joined(parts: readonly Html[], between: string): Html {
  return html`${parts.map((part, at) => (at === 0 ? part : html`${between}${part}`))}`
}
