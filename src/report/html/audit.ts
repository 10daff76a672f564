/** Why each patch is carried: what stays, by its debt, and what does not hold. */
import { debtOfAll, type RecordedAudit } from '../../model/audit.ts'
import type { Overview } from '../../trend/overview.ts'
import {
  ageWords,
  auditHeadline,
  falseClaims,
  faultCounts,
  inOrderOfDebt,
  personOf,
  type ToldPatch,
} from '../audit-rows.ts'
import { plural } from '../layout.ts'
import { fold } from './marks.ts'
import { type Html, html } from './markup.ts'
import type { Section } from './page.ts'

/** So many patches are shown first: each takes a sentence of some lines. */
const FIRST = 3

/** None where the attempt was not audited. */
export function auditSection({ audit }: Overview): Section[] {
  if (audit === null) return []
  const { patches, target, auditedAt, attempt } = audit
  const staying = inOrderOfDebt(patches.filter(({ next }) => next !== 'drop'))
  const points = debtOfAll(patches)
  const stay = plural(staying.length, 'patch stays', 'patches stay')
  const rest = staying.slice(FIRST)
  const body = html`<p>${auditHeadline(patches, target).join(' ')}</p>
${staying.length === 0 ? null : debtTable(staying.slice(0, FIRST))}
${rest.length === 0 ? null : fold('The others that stay', `(${plural(rest.length, 'row')}, the greatest debt first)`, debtTable(rest))}
${notes(audit)}
<p class="soft small">Audited on ${auditedAt.slice(0, 10)} in attempt ${attempt}. Points of debt: 10 for each conflict, at most 10 each for years, refreshes, changed lines, and upstream's changes to the same files.</p>`
  return [{ id: 'audit', contents: 'Why carried', heading: `${stay}, at ${plural(points, 'point')} of debt`, body }]
}

function debtTable(rows: readonly ToldPatch[]): Html {
  const heads = ['#', 'patch', 'next', 'class', 'age', 'points of debt, and for what']
  const body = rows.map((row) => {
    const { position, name, next, age, debt } = row
    return html`<tr><td>${position}</td><th scope="row"><a href="#p${position}">${name}</a> ${personOf(row)}</th><td>${next}</td><td>${row.class}</td><td>${ageWords(age)}</td><td><b>${debt.points}</b> ${debt.because}</td></tr>
`
  })
  return html`<table class="all"><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>
${body}</tbody></table>`
}

/** Claims, gates and faults, each kind with its count. */
function notes({ patches, gates }: RecordedAudit): Html {
  const claims = falseClaims(patches).map(
    ({ name, claim, because }) => html`<li><b>${name}</b>: ${claim}: ${because}</li>`,
  )
  const judged = gates.map(({ text, pass, because }) => {
    return html`<li><b class="v v-${pass ? 'keep' : 'mend'}">${pass ? 'holds' : 'fails'}</b> ${text}: ${because}</li>`
  })
  const faults = faultCounts(patches).map(([words, count]) => `${count} ${words}`)
  return html`${list(plural(claims.length, 'claim does not hold', 'claims do not hold'), claims)}
${list(plural(judged.length, 'gate'), judged)}
${faults.length === 0 ? null : html`<p>Lacking: ${faults.join(', ')}.</p>`}`
}

function list(heading: string, items: readonly Html[]): Html | null {
  if (items.length === 0) return null
  return html`<h3>${heading}</h3><ul class="how">${items}</ul>`
}
