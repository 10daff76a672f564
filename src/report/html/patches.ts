/** Every patch: of the attempt with its evidence, else of the queue as it is now. */
import { toText } from '../../model/bytes.ts'
import { PARTS } from '../../model/tally.ts'
import { leastSure, openChanges } from '../../trend/least-sure.ts'
import type { LifeOverview, Overview, ReportedPatch } from '../../trend/overview.ts'
import { percent, plural } from '../layout.ts'
import { dateOf } from '../period-cells.ts'
import { describeMove } from '../text/attempt-rows.ts'
import { commitLink, fold, KIND_WORDS, type Look, mark, PART_WORDS } from './marks.ts'
import { type Html, html, joined } from './markup.ts'
import { culpritsOf } from './mend.ts'
import type { Section } from './page.ts'

/** So many of the drops that rest on least are shown. */
const MOST_UNSURE = 10

/** All patches in a fold, and those drops first that rest on least. */
export function patchesSection({ latest, patches, life }: Overview, look: Look): Section[] {
  if (latest && patches.length > 0) {
    const heading = patches.length === 1 ? 'The one patch' : `All ${patches.length} patches`
    const body = html`${unsureFold(patches, look)}
${fold('Every patch in the order of the queue', `(${plural(patches.length, 'row')}; filter, sort)`, allTable(patches, look), { id: 'every' })}`
    return [{ id: 'patches', contents: 'All patches', heading, body }]
  }
  if (!life || life.carried.length === 0) return []
  const heading = `What is carried, and since when`
  return [{ id: 'patches', contents: 'All patches', heading, body: carriedFold(life) }]
}

function unsureFold(patches: readonly ReportedPatch[], look: Look): Html | null {
  const unsure = leastSure(patches.map(({ result }) => result))
  if (unsure.length === 0) return null
  const byPosition = new Map(patches.map((patch) => [patch.result.patch.position, patch]))
  const rows = unsure.slice(0, MOST_UNSURE).flatMap(({ patch, upstream }) => {
    const own = byPosition.get(patch.position)
    if (!own) return []
    return html`<tr><td><a href="#p${patch.position}">${patch.position}</a></td><th scope="row"><b>${patch.name}</b> ${patch.subject ?? ''}</th><td>${mark(own.part)}</td><td>${KIND_WORDS[own.kind]}</td><td>${percent(upstream.survival)}</td><td>${evidence(own, look)}</td></tr>
`
  })
  const left = unsure.length - rows.length
  const title = rows.length === 1 ? 'The drop that rests on least' : `The ${rows.length} drops that rest on least`
  const note = `(least text in the target first${left > 0 ? `; ${left} more rest on little` : ''})`
  const table = html`<table class="all">${heads('stands')}<tbody>${rows}</tbody></table>`
  return fold(title, note, table, { id: 'unsure' })
}

function heads(fifth: string): Html {
  const names = ['#', 'patch', 'verdict', 'kind', fifth, 'evidence or reason']
  return html`<thead><tr>${names.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>`
}

function allTable(patches: readonly ReportedPatch[], look: Look): Html {
  return html`${filterForm(patches)}
<table class="all" id="all">${heads('since')}<tbody>
${patches.map((patch) => patchRow(patch, look))}</tbody></table>`
}

/** Hidden where no script makes it work. */
function filterForm(patches: readonly ReportedPatch[]): Html {
  const parts = PARTS.filter((part) => patches.some((one) => one.part === part))
  const kinds = (['debt', 'waiting', 'backport'] as const).filter((kind) => patches.some((one) => one.kind === kind))
  const hasPast = patches.some(({ past }) => past !== null)
  const orders = [
    ['name', 'name'],
    ...(hasPast ? [['since', 'carried since']] : []),
    ...(hasPast ? [['conflicts', 'earlier conflicts']] : []),
  ] as const
  return html`<form id="filter" hidden><label>verdict <select name="verdict"><option value="">all</option>${parts.map((part) => html`<option value="${part}">${PART_WORDS[part].word}</option>`)}</select></label><label>kind <select name="kind"><option value="">all</option>${kinds.map((kind) => html`<option value="${kind}">${KIND_WORDS[kind]}</option>`)}</select></label><label>words in the row <input name="text" type="search" size="22"></label><label>sort by <select name="sort"><option value="">order of the queue</option>${orders.map(([value = '', words = '']) => html`<option value="${value}">${words}</option>`)}</select></label><button type="reset">all</button><output id="count"></output></form>`
}

function patchRow(patch: ReportedPatch, look: Look): Html {
  const { result, part, kind, past } = patch
  const { position, name, subject, section, owner } = result.patch
  const link = part === 'mend' ? `#m${position}` : part === 'decide' ? `#d${position}` : null
  const named = link === null ? html`<b>${name}</b>` : html`<a href="${link}">${name}</a>`
  const place = [section, owner ?? ''].filter((one) => one !== '').join(' · ')
  const since = past ? dateOf(past.since) : ''
  return html`<tr id="p${position}" data-verdict="${part}" data-kind="${kind}" data-since="${since}" data-conflicts="${past?.conflicts ?? 0}"><td>${position}</td><th scope="row">${named} ${subject ?? ''}${place === '' ? null : html` <span class="wideonly">${subject ? '· ' : ''}${place}</span>`}</th><td>${mark(part)}</td><td>${KIND_WORDS[kind]}</td><td>${since.slice(0, 7)}</td><td>${evidence(patch, look)}</td></tr>
`
}

/** What the verdict rests on, in a line. */
function evidence({ result, part }: ReportedPatch, look: Look): Html {
  const { upstream, verdict, landing, overrule } = result
  const [commit, ...others] = upstream.commits.slice(0, Math.max(1, upstream.parts))
  if (overrule) return html`${verdict.reason ?? ''}`
  if (part === 'leave' && verdict.kind === 'upstreamed' && commit) {
    const exact = commit.signals.filter((signal) => signal !== 'similar')
    const signals = (exact.length > 0 ? exact : commit.signals).map((signal) => SIGNAL_WORDS[signal]).join(', ')
    const more =
      others.length > 0
        ? html` and ${joined(
            others.map(({ sha }) => commitLink(sha, look)),
            ', ',
          )}`
        : null
    const open = openChanges(result)
    const rest = open > 0 ? `; ${verdict.reason ?? `${open} changes are not accounted for`}` : null
    return html`is ${commitLink(commit.sha, look)}${more} in ${commit.firstTag ?? 'no release yet'}; ${signals}; ${percent(commit.coverage)} of its lines, ${percent(upstream.survival)} stand${rest}`
  }
  if (part === 'mend' && 'conflicts' in landing) {
    const [first, ...more] = landing.conflicts
    const [culprit] = culpritsOf(landing.conflicts)
    if (first)
      return html`${first.hunksFailed} of ${plural(first.hunks, 'hunk')} in <span class="n">${toText(first.path)}</span>${more.length > 0 ? ` and ${plural(more.length, 'more file')}` : null}${culprit ? html`; by ${commitLink(culprit.sha, look)}` : `; ${first.reason}`}`
  }
  if (landing.kind === 'blocked')
    return html`waits for ${joined(
      landing.by.map((position) => html`<a href="#m${position}">${position}</a>`),
      ', ',
    )}`
  if (part === 'refresh') return html`${describeMove(result)}`
  return html`${verdict.reason ?? (part === 'keep' ? 'applies where it says' : '')}`
}

/** What tied a patch to its commit, in words. */
const SIGNAL_WORDS = {
  trailer: 'named in a header',
  name: 'named by the file',
  'patch-id': 'the same diff',
  subject: 'the same subject',
  similar: 'alike',
  content: 'found by its lines',
} as const

function carriedFold({ carried }: LifeOverview): Html {
  const byYear = new Map<string, number>()
  for (const { versions } of carried) {
    const year = dateOf(versions[0]?.time ?? 0).slice(0, 4)
    byYear.set(year, (byYear.get(year) ?? 0) + 1)
  }
  const years = [...byYear].map(([year, count]) => `${year}: ${count}`).join(', ')
  const rows = carried.map(({ listing, versions }) => {
    const { name, kind, section, owner } = listing
    return html`<tr><th scope="row" class="n">${name}</th><td>${KIND_WORDS[kind]}</td><td class="wideonly">${section}</td><td class="wideonly">${owner ?? ''}</td><td class="nowrap">${dateOf(versions[0]?.time ?? 0)}</td><td class="num">${versions.length}</td></tr>
`
  })
  const names = ['patch', 'kind', 'section', 'owner', 'since']
  const head = names.map(
    (name) =>
      html`<th scope="col"${name === 'section' || name === 'owner' ? html` class="wideonly"` : null}>${name}</th>`,
  )
  const table = html`<table class="plain"><thead><tr>${head}<th scope="col" class="num">versions</th></tr></thead><tbody>${rows}</tbody></table>`
  return html`<p>By the year that they came in: ${years}.</p>
${fold('Every patch, the longest carried first', `(${plural(carried.length, 'row')})`, table)}`
}
