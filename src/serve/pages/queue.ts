/** One queue: its patches by releases. */
import {
  AGES,
  type AttemptMark,
  type MatrixPatch,
  PATCH_SORTS,
  type QueueQuery,
  type QueueView,
} from '../../model/dashboard.ts'
import { FATES } from '../../model/fate.ts'
import { BURDENS } from '../../model/life.ts'
import { PARTS, type Part, type Tally } from '../../model/tally.ts'
import { KIND_WORDS, PART_WORDS } from '../../report/html/marks.ts'
import { type Html, html } from '../../report/html/markup.ts'
import { count, cutMiddle, plural } from '../../report/layout.ts'
import { releaseName } from '../../report/story.ts'
import type { Page } from './frame.ts'
import { attemptAddress, newsList, options, pager, patchAddress, queueAddress, withQuery } from './parts.ts'

/** What stands in the address of a query; what is as by default is left out. */
function queueParameters(query: QueueQuery): Record<string, string | number> {
  const { verdict, fate, kind, owner, file, age, on, sort, page } = query
  const order = sort === 'place' ? '' : sort
  return { verdict: verdict.join(','), fate, kind, owner, file, age, on, sort: order, page: page === 1 ? '' : page }
}

export function queuePage(view: QueueView): Page {
  const { name, attempt, query, paging } = view
  const { patches, leave } = attempt.tally
  const on = releaseName(attempt.target)
  const addressOf = (more: Partial<QueueQuery>) => withQuery(queueAddress(name), queueParameters({ ...query, ...more }))
  const feedOf = (kind: string) =>
    withQuery(queueAddress(name, `/feed.${kind}`), queueParameters({ ...query, page: 1 }))
  return {
    heading: `${name}: ${plural(patches, 'patch', 'patches')}, ${patches === leave ? 'none' : count(patches - leave)} to carry on ${on}`,
    sub: html`${mendWords(view)} <a href="${attemptAddress(attempt.address)}">What changed</a> · <a href="${queueAddress(name, '/trend')}">Trend</a>`,
    feeds: { atom: feedOf('atom'), json: feedOf('json') },
    body: html`${view.stopped.map(stoppedNote)}${filterForm(view)}
${view.rows.length === 0 ? html`<p>No patch is like that. <a href="${queueAddress(name)}">Show all</a></p>` : matrix(view, addressOf)}
<p class="small soft">! mend &nbsp; … waits &nbsp; ? to decide &nbsp; ~ moves &nbsp; = as it is &nbsp; − leaves</p>
${paging.pages > 1 ? pager(paging, (page) => addressOf({ page })) : null}
<h2>What is new</h2>${newsList(view.news)}`,
  }
}

/** A try that nothing came of: what is shown is older. */
function stoppedNote({ onto, message, hint }: QueueView['stopped'][number]): Html {
  return html`<p class="card">The last try${onto === null ? '' : ` on ${releaseName(onto)}`} stopped: ${message}. <span class="soft">${hint}. What is shown is older.</span></p>`
}

function toMend({ mend, repair }: Tally): number {
  return mend + repair
}

/** "To mend: 34 on 4.17.3, 48 on 4.17.2." */
function mendWords({ attempt, columns }: QueueView): string {
  const others = columns.filter(({ id }) => id !== attempt.id).slice(-2)
  const told = [attempt, ...others.reverse()].map(({ target, tally }) => `${toMend(tally)} on ${releaseName(target)}`)
  return `To mend: ${told.join(', ')}.`
}

const AGE_WORDS: Readonly<Record<(typeof AGES)[number], string>> = {
  'under-1': 'under a year',
  '1-to-3': '1 to 3 years',
  'over-3': 'over 3 years',
}

const SORT_WORDS: Readonly<Record<(typeof PATCH_SORTS)[number], string>> = {
  place: 'order of the queue',
  conflicts: 'conflicts so far',
  age: 'oldest first',
  name: 'name',
}

/** What is chosen most, in one word of the address. */
const VERDICT_GROUPS: readonly (readonly [string, string])[] = [
  ['', 'all'],
  ['mend,repair,wait,decide', 'mend, wait or decide'],
]

function filterForm({ query, owners, name, columns, attempt, paging }: QueueView): Html {
  const { verdict, fate, kind, owner, file, age, sort } = query
  const chosen = verdict.join(',')
  const verdicts = [...VERDICT_GROUPS, ...PARTS.map((part) => [part, PART_WORDS[part].word] as const)]
  const own = verdicts.some(([value]) => value === chosen) ? [] : [[chosen, chosen] as const]
  const releases = columns.map(({ target }) => [target, releaseName(target)] as const)
  const choice = (label: string, field: string, content: Html) =>
    html`<label>${label} <select name="${field}">${content}</select></label>`
  const words = <Value extends string>(values: readonly Value[], wordOf: (value: Value) => string) => {
    return [['', 'all'] as const, ...values.map((value) => [value, wordOf(value)] as const)]
  }
  return html`<form class="f" method="get" action="${queueAddress(name)}" aria-label="filter patches">
${choice('verdict', 'verdict', options([...verdicts, ...own], chosen))}
${choice('on', 'on', options(releases, attempt.target))}
${choice(
  'fate',
  'fate',
  options(
    words(FATES, (value) => value.replaceAll('-', ' ')),
    fate,
  ),
)}
${choice(
  'kind',
  'kind',
  options(
    words(BURDENS, (value) => KIND_WORDS[value]),
    kind,
  ),
)}
${
  owners.length === 0
    ? null
    : choice(
        'owner',
        'owner',
        options(
          words(owners, (value) => value),
          owner,
        ),
      )
}
${choice(
  'age',
  'age',
  options(
    words(AGES, (value) => AGE_WORDS[value]),
    age,
  ),
)}
<label>file or name <input type="search" name="file" value="${file}" size="16"></label>
${choice(
  'sort',
  'sort',
  options(
    PATCH_SORTS.map((value) => [value === 'place' ? '' : value, SORT_WORDS[value]]),
    sort === 'place' ? '' : sort,
  ),
)}
<button>filter</button><output>${count(paging.rows)} of ${count(attempt.tally.patches)}</output></form>`
}

function matrix(view: QueueView, addressOf: (more: Partial<QueueQuery>) => string): Html {
  const { columns, attempt, rows } = view
  const most = Math.max(1, ...columns.map(({ tally }) => tally.patches))
  const heads = columns.map((column) => columnHead(column, { most, isNow: column.id === attempt.id, addressOf }))
  const sums = columns.map(({ tally }) => html`<td class="g"><b>${toMend(tally)}</b></td>`)
  return html`<table class="mx"><thead><tr><th scope="col">to carry <span class="soft">of ${count(attempt.tally.patches)}</span></th>${heads}<th scope="col" class="hm small">kind, since; conflicts</th></tr></thead><tbody>
<tr class="sum"><th scope="row">of them to mend</th>${sums}<td class="hm"></td></tr>
${rows.map(matrixRow)}</tbody></table>`
}

function columnHead(
  { tally, target }: AttemptMark,
  { most, isNow, addressOf }: { most: number; isNow: boolean; addressOf: (more: Partial<QueueQuery>) => string },
): Html {
  const rest = tally.patches - tally.leave
  const height = Math.max(1, (rest / most) * 40)
  const bar = html`<svg viewBox="0 0 44 40" width="44" height="40" aria-hidden="true"><rect x="8" y="${(40 - height).toFixed(1)}" width="28" height="${height.toFixed(1)}" class="hb"/></svg>`
  return html`<th class="c${isNow ? ' now' : ''}" scope="col">${bar}<b>${rest}</b><br><a href="${addressOf({ on: target, page: 1 })}"${isNow ? html` aria-current="true"` : null}>${releaseName(target)}</a></th>`
}

/** So many characters of a name stand in a column; its own page has it whole. */
const NAME = 44

function matrixRow(patch: MatrixPatch): Html {
  const { position, name, past, cells, subject } = patch
  const { kind, since, isLeast, rebases, conflicts } = past
  const facts = [...(kind === null ? [] : [KIND_WORDS[kind]]), `${isLeast ? '≤ ' : ''}${since.slice(0, 4)}`].join(', ')
  const fights = rebases === 0 ? '' : `; ${conflicts} of ${rebases}`
  const shown = cutMiddle(name.replace(/\.(?:patch|diff)$/, ''), NAME)
  return html`<tr><th scope="row"><span class="mp">${position}</span> <a class="n" href="${patchAddress(patch)}" title="${subject ?? name}">${shown}</a></th>${cells.map(cell)}<td class="soft small nowrap hm">${facts}${fights}</td></tr>
`
}

function cell(part: Part | null): Html {
  if (part === null) return html`<td class="g"><span class="sr">not there</span></td>`
  const { sign, word } = PART_WORDS[part]
  return html`<td class="g g-${part}"><b aria-hidden="true">${sign}</b><span class="sr">${word}</span></td>`
}
