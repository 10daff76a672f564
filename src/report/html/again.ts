/** What conflicts at rebase after rebase. */
import type { Overview, ReportedPatch } from '../../trend/overview.ts'
import { plural } from '../layout.ts'
import { dateOf } from '../period-cells.ts'
import { releaseName } from '../story.ts'
import { KIND_WORDS } from './marks.ts'
import { type Html, html } from './markup.ts'
import type { Section } from './page.ts'

/** So many rows are shown, and the newest rebases as columns. */
const ROWS = 12
const COLUMNS = 10

/** A patch that is carried on, and whether it conflicted at each rebase; null: it was not carried. */
interface Row {
  /** As the attempt has it; null where none was made. */
  patch: ReportedPatch | null
  name: string
  words: string
  cells: (boolean | null)[]
}

/** The worst patches as rows, the rebases as columns; none where fewer than two were tried. */
export function againSection(overview: Overview): Section[] {
  const { life } = overview
  if (!life || life.trials.length < 2) return []
  const isTold = isAmongTrials(overview)
  const targets = [...life.trials.map(({ target }) => releaseName(target)), ...(isTold ? [] : [nameOfLatest(overview)])]
  const rows = rowsOf(overview, isTold)
  if (rows.length === 0) return []
  const from = Math.max(0, targets.length - COLUMNS)
  const heads = targets.slice(from).map((target) => html`<th scope="col" class="c">${target}</th>`)
  const shown = rows.slice(0, ROWS)
  const worst = shown.length < rows.length ? `; the ${shown.length} worst are shown` : ''
  const body = html`<p>${plural(rows.length, 'patch', 'patches')} of those carried on conflicted at two rebases or more${worst}. Sending one upstream, or dropping it, saves its share of every rebase to come.</p>
<table class="again"><thead><tr><th scope="col">patch</th>${heads}<th scope="col" class="num">conflicts</th></tr></thead><tbody>${shown.map((row) => rowParts(row, from))}</tbody></table>
<p class="soft small">! conflict, = applied; empty: not carried then. Columns: the release moved to.</p>`
  return [{ id: 'again', contents: 'What costs again', heading: 'What costs again and again', body }]
}

/** Whether one of the rebases that were tried is the attempt's own, or there is none. */
function isAmongTrials({ life, latest }: Overview): boolean {
  return (
    !latest || (life?.trials ?? []).some(({ sha, target }) => sha === life?.tried?.sha && target === latest.target.ref)
  )
}

function nameOfLatest({ latest }: Overview): string {
  return releaseName(latest?.target.ref ?? '')
}

/** The worst first. */
function rowsOf({ life, patches, latest }: Overview, isTold: boolean): Row[] {
  const byLineage = new Map(patches.flatMap((patch) => (patch.past ? [[patch.past.lineage.id, patch] as const] : [])))
  const rows = (life?.hard ?? []).flatMap(({ lineage, cells }): Row[] => {
    const patch = byLineage.get(lineage.id) ?? null
    const isCarried = latest ? patch !== null && patch.part !== 'leave' : lineage.left === null
    if (!isCarried) return []
    const { name, kind } = lineage.listing
    const own = isTold ? [] : [patch?.part === 'mend']
    const words = `${KIND_WORDS[kind]}, since ${dateOf(lineage.versions[0]?.time ?? 0).slice(0, 4)}`
    return [{ patch, name: patch?.result.patch.name ?? name, words, cells: [...cells, ...own] }]
  })
  return rows.sort((one, other) => countOf(other) - countOf(one))
}

function countOf({ cells }: Row): number {
  return cells.filter((failed) => failed === true).length
}

function rowParts(row: Row, from: number): Html {
  const { patch, name, words, cells } = row
  const position = patch?.result.patch.position
  const place = patch?.part === 'mend' ? `#m${position}` : `#p${position}`
  const named = patch ? html`<a class="n" href="${place}">${name}</a>` : html`<b class="n">${name}</b>`
  const tried = cells.filter((cell) => cell !== null).length
  return html`<tr><th scope="row">${named} <span class="soft small">${words}</span></th>${cells.slice(from).map(cellParts)}<td class="num"><b>${countOf(row)}</b><span class="soft"> of ${tried}</span></td></tr>
`
}

function cellParts(failed: boolean | null): Html {
  if (failed === null) return html`<td class="c none"><span class="sr">not carried</span></td>`
  return failed
    ? html`<td class="c failed">!<span class="sr"> conflict</span></td>`
    : html`<td class="c">=<span class="sr"> applied</span></td>`
}
