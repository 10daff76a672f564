/** One queue on several releases: what each makes of it, and which patches differ. */
import type { RecordedAttempt } from '../../model/attempt.ts'
import { PARTS, type Part, partOf, tallyOf } from '../../model/tally.ts'
import type { MatrixRow } from '../../trend/matrix.ts'
import type { Overview } from '../../trend/overview.ts'
import { plural } from '../layout.ts'
import { releaseName } from '../story.ts'
import { fold, PART_WORDS } from './marks.ts'
import { type Html, html } from './markup.ts'
import type { Section } from './page.ts'

/** So many patches that differ are shown. */
const MOST = 400

/** A row for each release; none for a single one. */
export function targetsSection({ attempts, matrix }: Overview): Section[] {
  if (attempts.length < 2) return []
  const names = attempts.map(({ target }) => releaseName(target.ref))
  const tallies = attempts.map(({ results }) => tallyOf(results))
  const parts = PARTS.filter((part) => tallies.some((tally) => tally[part] > 0))
  const rows = tallies.map((tally, at) => {
    const cells = parts.map((part) => html`<td class="num" data-l="${PART_WORDS[part].word}">${tally[part]}</td>`)
    return html`<tr><th scope="row">${names[at] ?? ''}</th>${cells}<td class="num" data-l="carried on"><b>${tally.patches - tally.leave}</b></td></tr>\n`
  })
  const heads = parts.map((part) => html`<th scope="col" class="num">${PART_WORDS[part].word}</th>`)
  const body = html`<p>What the queue of this attempt comes to on each release that it was tried on.</p>
<table class="costs"><thead><tr><th scope="col">release</th>${heads}<th scope="col" class="num">carried on</th></tr></thead><tbody>${rows}</tbody></table>
${differences(matrix, attempts, names)}`
  return [{ id: 'targets', contents: 'Release by release', heading: `Tried on ${attempts.length} releases`, body }]
}

function differences(
  matrix: readonly MatrixRow[],
  attempts: readonly RecordedAttempt[],
  names: readonly string[],
): Html | null {
  const rows = matrix.map(({ patch }, at) => {
    const parts = attempts.map(({ results }) => {
      const result = results[at]
      if (!result) throw new Error('these attempts are not of one queue')
      return partOf(result)
    })
    return { patch, parts }
  })
  const differing = rows.filter(({ parts }) => new Set(parts).size > 1)
  if (differing.length === 0) return null
  const heads = names.map((name) => html`<th scope="col" class="c">${name}</th>`)
  const body = differing
    .slice(0, MOST)
    .map(
      ({ patch: { position, name }, parts }) =>
        html`<tr><th scope="row"><a class="n" href="#p${position}">${name}</a></th>${parts.map(cell)}</tr>\n`,
    )
  const left = differing.length - body.length
  const table = html`<table class="again"><thead><tr><th scope="col">patch</th>${heads}</tr></thead><tbody>${body}</tbody></table>
${left > 0 ? html`<p class="soft small">and ${left} more</p>` : null}
<p class="soft small">${PARTS.map((part) => `${PART_WORDS[part].sign} ${PART_WORDS[part].word}`).join(', ')}</p>`
  return fold(
    'Patch by release',
    `(${plural(differing.length, 'patch', 'patches')} of ${matrix.length} on which they differ)`,
    table,
  )
}

function cell(part: Part): Html {
  const { sign, word } = PART_WORDS[part]
  return html`<td class="c${part === 'mend' ? ' failed' : ''}">${sign}<span class="sr"> ${word}</span></td>`
}
