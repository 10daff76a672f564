/** What the report begins with: what it is about, the answer, and the counts that add up to all. */
import type { RecordedAttempt } from '../../model/attempt.ts'
import { PARTS, type Part, type Tally, tallyOf } from '../../model/tally.ts'
import type { Overview } from '../../trend/overview.ts'
import { plural } from '../layout.ts'
import { dateOf } from '../period-cells.ts'
import { headline, leadSentences } from '../story.ts'
import { type Html, html } from './markup.ts'

/** All that stands above the contents. */
export function head(overview: Overview): Html {
  const { latest } = overview
  return html`<p class="id">${identity(overview)}</p>
<h1>${headline(overview)}</h1>
<p class="lead">${leadSentences(overview).join(' ')}</p>
${latest && latest.results.length > 0 ? counts(latest) : null}`
}

/** Queue, branch, day, base, target and attempt by name. */
function identity({ queue, life, latest }: Overview): Html {
  const branch = life ? `, branch ${life.branch}` : ''
  const { tried } = life ?? { tried: null }
  const day = tried ? ` of ${dateOf(tried.time)} (${tried.sha.slice(0, 10)})` : ''
  const attempt = latest
    ? ` · queue${day} on ${latest.base.ref}, tried on ${latest.target.ref} · attempt @${latest.id} of ${latest.startedAt.slice(0, 10)}`
    : ''
  return html`<b>${queue}</b>${branch}${attempt}`
}

/** What each count says below its number. */
const COUNT_WORDS: Readonly<Record<Part, (count: number) => string>> = {
  mend: (count) => (count === 1 ? 'needs a person' : 'need a person'),
  repair: () => 'cannot be read',
  decide: () => 'to decide',
  wait: (count) => (count === 1 ? 'waits for those' : 'wait for those'),
  refresh: () => 'moved: refreshed by export',
  keep: (count) => (count === 1 ? 'stays as it is' : 'stay as they are'),
  leave: (count) => (count === 1 ? 'leaves' : 'leave'),
}

function counts({ results }: RecordedAttempt): Html {
  const tally = tallyOf(results)
  const both = results.filter(({ verdict }) => verdict.kind === 'conflicting' && verdict.action === 'review').length
  const shown = PARTS.filter((part) => tally[part] > 0)
  const items = shown.map((part) => {
    const also = part === 'decide' && both > 0 ? ` (and ${both} of the ${tally.mend})` : ''
    return html`<li class="t-${part}"><b>${tally[part]}</b>${COUNT_WORDS[part](tally[part])}${also}</li>`
  })
  return html`${bar(tally, shown)}
<ul class="tally">${items}</ul>`
}

/** In thousandths of the width; a part of a single patch is still seen. */
const LEAST = 3
const GAP = 1.5

function bar(tally: Tally, shown: readonly Part[]): Html {
  const widths = shown.map((part) => Math.max(LEAST, (tally[part] / tally.patches) * 1000))
  const scale = (1000 - GAP * (shown.length - 1)) / widths.reduce((sum, width) => sum + width, 0)
  let from = 0
  const parts = shown.map((part, at) => {
    const width = (widths[at] ?? 0) * scale
    const rectangle = html`<rect class="b-${part}" x="${from.toFixed(1)}" width="${width.toFixed(1)}" height="26"/>`
    from += width + GAP
    return rectangle
  })
  const words = shown.map((part) => `${tally[part]} ${COUNT_WORDS[part](tally[part])}`)
  const said = `Of ${plural(tally.patches, 'patch', 'patches')}: ${words.join(', ')}`
  return html`<svg class="bar" viewBox="0 0 1000 26" preserveAspectRatio="none" role="img" aria-label="${said}">${parts}</svg>`
}
