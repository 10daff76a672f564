/** The patches that need a person, in the order in which they are best mended. */
import type { Conflict, Culprit, RecordedAttempt } from '../../model/attempt.ts'
import { toText } from '../../model/bytes.ts'
import { breakagesIn, type WorkItem, workListOf } from '../../model/work-list.ts'
import type { Overview, ReportedPatch } from '../../trend/overview.ts'
import { capital, plural } from '../layout.ts'
import { dateOf } from '../period-cells.ts'
import { isOpen } from './first.ts'
import { command, commitLink, fold, KIND_WORDS, type Look } from './marks.ts'
import { type Html, html, joined } from './markup.ts'
import type { Section } from './page.ts'
import { regionsOf } from './regions.ts'

/** Of more than two more, so many are seen at once; the others are in a fold. */
const FIRST = 10
/** Culprits of one patch that are named. */
const MOST_CULPRITS = 4

/** A row for each patch, its conflict folded in it; none where nothing is to be mended. */
export function mendSection({ latest, patches }: Overview, look: Look): Section[] {
  if (!latest) return []
  const items = workListOf(latest.results)
  const broken = patches.filter(({ part }) => part === 'repair')
  if (items.length + broken.length === 0) return []
  const byPosition = new Map(patches.map((patch) => [patch.result.patch.position, patch]))
  const rows = items.flatMap((item, rank) => {
    const patch = byPosition.get(item.position)
    return patch ? [workRow(patch, { item, rank }, latest, look)] : []
  })
  const shown = rows.length > FIRST + 2 ? FIRST : rows.length
  const rest = rows.slice(shown)
  const list = html`<p>What frees others comes first, then the smallest; a patch comes after earlier ones that conflict in the same file. The commit named changed most of the lines in conflict.</p>
<ol class="work">${rows.slice(0, shown)}</ol>`
  const body = html`${items.length > 0 ? list : null}
${
  rest.length === 0
    ? null
    : fold(
        `The other ${rest.length}`,
        `(numbers ${shown + 1} to ${rows.length})`,
        html`<ol class="work" start="${shown + 1}">${rest}</ol>`,
        { name: 'fold work-rest' },
      )
}
${breakageFold(latest, look)}
${broken.length === 0 ? null : html`<p>${plural(broken.length, 'patch', 'patches')} cannot be read:</p><ul class="plain">${broken.map(brokenRow)}</ul>`}`
  const words = [
    ...(items.length > 0 ? [`mend ${items.length}`] : []),
    ...(broken.length > 0 ? [`repair ${broken.length}`] : []),
  ].join(', ')
  const contents = capital(words)
  return [{ id: 'mend', contents, heading: `${contents}${items.length > 1 ? ', in this order' : ''}`, body }]
}

function brokenRow({ result: { patch, rebuild, verdict } }: ReportedPatch): Html {
  const reason = 'reason' in rebuild ? `${rebuild.reason}; ${rebuild.hint}` : (verdict.reason ?? '')
  return html`<li>${patch.position} <b class="n">${patch.name}</b> ${reason}</li>`
}

interface Place {
  item: WorkItem
  rank: number
}

function workRow(patch: ReportedPatch, { item, rank }: Place, attempt: RecordedAttempt, look: Look): Html {
  const { result } = patch
  const conflicts = conflictsOf(patch)
  const [first] = conflicts
  const more = conflicts.length > 1 ? ` and ${plural(conflicts.length - 1, 'more file')}` : ''
  const files = first ? html`<span class="n">${toText(first.path)}</span>${more}` : null
  return html`<li><details><summary><span class="rank">${rank + 1}</span><span class="pos" title="position in the queue">${item.position}</span><span class="name n">${result.patch.name}</span><span class="why">${joined(reasonsOf(patch, item), ' · ')}</span><span class="what">${files}</span><span class="what">${blame(conflicts, item)}</span></summary>
<div class="more" id="m${item.position}">${details(patch, attempt, look)}</div></details></li>
`
}

function conflictsOf({ result: { landing } }: ReportedPatch): readonly Conflict[] {
  return landing.kind === 'conflict' || landing.kind === 'blocked' ? landing.conflicts : []
}

/** Why it has its place, and what else is to be known before it is opened. */
function reasonsOf(patch: ReportedPatch, { frees, after }: WorkItem): Html[] {
  const { past } = patch
  const suggestions = conflictsOf(patch).map(({ suggestion }) => suggestion)
  const isSure = suggestions.length > 0 && suggestions.every((one) => one?.sure)
  const words = [
    ...(frees.length > 0 ? [`frees ${frees.join(', ')}`] : []),
    ...(after.length > 0 ? [`after ${after.slice(0, 3).join(', ')}${after.length > 3 ? ', …' : ''}`] : []),
    ...(isOpen(patch) ? ['decide first'] : []),
    ...(isSure ? ['suggested, sure'] : suggestions.some((one) => one !== null) ? ['suggested'] : []),
    ...(past && past.conflicts > 0 ? [`conflict no. ${past.conflicts + 1}`] : []),
  ]
  return words.map((word) => html`<span>${word}</span>`)
}

/** How much of it fails, and which commit is behind most of that. */
function blame(conflicts: readonly Conflict[], { hunks }: WorkItem): Html {
  const all = conflicts.reduce((sum, conflict) => sum + conflict.hunks, 0)
  const failed = all > 0 ? `${hunks} of ${plural(all, 'hunk')}` : 'fails'
  const [culprit, ...others] = culpritsOf(conflicts)
  const [first] = conflicts
  if (!culprit) return html`${failed}${first ? `: ${first.reason}` : ''}`
  const { sha, subject, firstTag } = culprit
  return html`${failed}${others.length > 0 ? ', most' : null} by <b class="sha">${sha.slice(0, 10)}</b> ${subject} <span class="soft nowrap">${firstTag ?? 'in no release yet'}</span>`
}

/** The upstream commits behind a patch's conflicts, those first that changed most of its lines. */
export function culpritsOf(conflicts: readonly Conflict[]): Culprit[] {
  const lines = new Map<string, Culprit>()
  for (const culprit of conflicts.flatMap(({ culprits }) => culprits)) {
    const known = lines.get(culprit.sha)
    lines.set(culprit.sha, { ...culprit, lines: culprit.lines + (known?.lines ?? 0) })
  }
  return [...lines.values()].sort((one, other) => other.lines - one.lines)
}

function details(patch: ReportedPatch, attempt: RecordedAttempt, look: Look): Html {
  const { patch: own } = patch.result
  const { locator } = look.commands
  const conflicts = conflictsOf(patch)
  const culprits = culpritsOf(conflicts)
  const left = culprits.length - MOST_CULPRITS
  return html`<p><b>${own.subject ?? own.name}</b> <span class="soft">${nameOf(own.author)}</span></p>
<p class="small">${facts(patch).join(' · ')} · ${command(`rebaseline show${locator} @${attempt.id} ${own.position}`)}</p>
<ul>${culprits.slice(0, MOST_CULPRITS).map((culprit) => culpritRow(culprit, look))}</ul>
${left > 0 ? html`<p class="soft small">and ${plural(left, 'more commit')}</p>` : null}
${regionsOf(own.position, conflicts)}`
}

/** Where it stands in the queue, what it is, since when, and how large. */
function facts({ result: { patch }, kind, past }: ReportedPatch): string[] {
  const { section, owner, added, removed, files } = patch
  return [
    ...(section === '' ? [] : [section]),
    ...(owner === null ? [] : [owner]),
    KIND_WORDS[kind],
    ...(past ? [`carried since ${past.isLeast ? 'at least ' : ''}${dateOf(past.since)}`] : []),
    ...(past && past.versions > 1 ? [`${past.versions} versions`] : []),
    ...(past && past.tried > 0 ? [`conflicted at ${past.conflicts} of ${plural(past.tried, 'earlier rebase')}`] : []),
    `+${added} −${removed} in ${plural(files, 'file')}`,
  ]
}

function culpritRow({ sha, subject, firstTag, date, author }: Culprit, look: Look): Html {
  return html`<li>${commitLink(sha, look)} ${subject} <span class="soft">${firstTag ?? 'in no release yet'}, ${date.slice(0, 10)}, ${nameOf(author)}</span></li>`
}

/** The upstream commits behind several conflicts: to understand one of them mends many patches. */
function breakageFold({ results }: RecordedAttempt, look: Look): Html | null {
  const breakages = breakagesIn(results)
  const [worst] = breakages
  if (!worst) return null
  const rows = breakages.map(({ culprit: { sha, subject, firstTag, author }, patches }) => {
    const links = joined(
      patches.map((position) => html`<a href="#m${position}">${position}</a>`),
      ', ',
    )
    return html`<tr><td class="num"><b>${patches.length}</b></td><th scope="row">${commitLink(sha, look)} ${subject}</th><td class="wideonly">${firstTag ?? 'no release yet'}</td><td class="wideonly">${nameOf(author)}</td><td>${links}</td></tr>\n`
  })
  const table = html`<table class="plain"><thead><tr><th class="num" scope="col">patches</th><th scope="col">upstream commit</th><th class="wideonly" scope="col">first in</th><th class="wideonly" scope="col">by</th><th scope="col">which</th></tr></thead><tbody>${rows}</tbody></table>`
  const title = `${plural(breakages.length, 'upstream commit')} that broke several patches`
  return fold(title, `(${worst.culprit.sha.slice(0, 10)} broke ${worst.patches.length})`, table)
}

/** A person without the address. */
export function nameOf(author: string | null): string {
  return author?.replace(/ <.*$/, '') ?? ''
}
