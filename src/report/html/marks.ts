/** Words, signs and links that every section of the report uses alike. */
import type { Burden } from '../../model/life.ts'
import type { Part } from '../../model/tally.ts'
import { type Html, html, joined } from './markup.ts'

/** What is to be done with a patch, in a word, and its sign: colour never says it alone. */
export const PART_WORDS: Readonly<Record<Part, { word: string; sign: string }>> = {
  mend: { word: 'mend', sign: '!' },
  repair: { word: 'repair', sign: '!' },
  decide: { word: 'decide', sign: '?' },
  wait: { word: 'waits', sign: '…' },
  refresh: { word: 'refresh', sign: '~' },
  keep: { word: 'keep', sign: '=' },
  leave: { word: 'leaves', sign: '−' },
}

/** What a kind of burden is called. */
export const KIND_WORDS: Readonly<Record<Burden, string>> = {
  debt: 'debt',
  waiting: 'for upstream',
  backport: 'backport',
}

/** The sign and the word of a part, in its colour. */
export function mark(part: Part): Html {
  const { word, sign } = PART_WORDS[part]
  return html`<span class="v v-${part}"><b aria-hidden="true">${sign}</b> ${word}</span>`
}

/** How another command finds what the report is about. */
export interface Commands {
  /** The queue and the record, with a blank in front. */
  locator: string
  /** The attempt, where it is not the newest, with a blank in front. */
  attempt: string
}

/** What the sections need to know of the page that they are on. */
export interface Look {
  /** What stands before an upstream commit's id in its address; null where that is not known. */
  commitAddress: string | null
  commands: Commands
}

/** An upstream commit by its first digits, with a link where its address is known. */
export function commitLink(sha: string, { commitAddress }: Pick<Look, 'commitAddress'>): Html {
  const short = sha.slice(0, 10)
  if (commitAddress === null) return html`<code class="sha">${short}</code>`
  return html`<a class="sha" href="${commitAddress}${sha}">${short}</a>`
}

/** A command to paste: it breaks between its words alone, where they fit. */
export function command(words: string): Html {
  return html`<code>${joined(
    words.split(' ').map((word) => html`<span class="w">${word}</span>`),
    ' ',
  )}</code>`
}

/** A fold that a link into it opens, without a script, too (HTML, "ancestor details revealing"). */
export function fold(summary: string, note: string, body: Html, { id = '', name = 'fold' } = {}): Html {
  const inside = id === '' ? body : html`<div class="inside" id="${id}">${body}</div>`
  return html`<details class="${name}"><summary>${summary} <span class="soft">${note}</span></summary>
${inside}</details>`
}
