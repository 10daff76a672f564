/** The report as one HTML file. */

import { type PatchResult, type RecordedAttempt, summarize } from '../../model/attempt.ts'
import { toText } from '../../model/bytes.ts'
import { timeOf } from '../../model/effort.ts'
import { BURDENS } from '../../model/life.ts'
import { type LifeOverview, type Overview, topLevel } from '../../trend/overview.ts'
import { effortOf } from '../../trend/steps.ts'
import { plural } from '../layout.ts'
import { lifeNotes } from '../life-notes.ts'
import { dateOf, PERIOD_COLUMNS, periodCells } from '../period-cells.ts'
import { forHtml } from '../sanitize.ts'
import { percent } from '../text/attempt.ts'
import { accountSection } from './account.ts'
import { heatMap, type Layer, logBars, stackedArea } from './charts.ts'
import { htmlPage } from './page.ts'
import { type Cell, number, table } from './table.ts'

/** Layers of a chart, and rows of a table of hot spots. */
const MAX_LAYERS = 7
const MAX_SPOTS = 15
/** A longer heat map shows what is not the same on every release first. */
const MAX_ROWS = 400

export function reportToHtml(overview: Overview): string {
  const { life, latest } = overview
  const name = life ? `The queue's life: ${life.name}, ${life.branch}` : 'A patch queue'
  const title = forHtml(latest ? `${name}; ${shortRef(latest.base.ref)} to ${shortRef(latest.target.ref)}` : name)
  const body = [
    `<h1>${title}</h1>`,
    figures(overview),
    ...(life ? lifeNotes(life.notes, life.periods).map((note) => `<p class="dim">${forHtml(note)}</p>`) : []),
    ...(life ? [sizeChart(life), burdenChart(life)] : []),
    effortChart(overview),
    matrixChart(overview),
    ...(latest
      ? [
          patchTable(latest),
          spots('Where it conflicts', overview.directories),
          spots('Upstream commits behind the conflicts', overview.culprits),
        ]
      : []),
    ...(overview.account ? [accountSection(overview.account)] : []),
    ...(life ? [carriedTable(life), periodTable(life)] : []),
  ]
  return htmlPage(title, body.filter((part) => part !== '').join('\n'))
}

function figures({ life, latest, steps }: Overview): string {
  const list: [string, string | number][] = []
  if (life) {
    list.push(
      ['patches carried', life.points.at(-1)?.size.patches ?? 0],
      ['carried at most', life.largest],
      ['debt among them', life.points.at(-1)?.size.byBurden.debt ?? 0],
    )
  }
  if (latest) {
    const { upstreamed, droppable, conflicting, blocked } = summarize(latest.results)
    list.push(
      [`leave in attempt ${latest.id}`, upstreamed + droppable],
      ['to mend there', conflicting],
      ['blocked there', blocked],
    )
  }
  const last = steps.at(-1)
  if (last) list.push([`${last.from} to ${last.to}`, timeOf(effortOf(last))])
  return `<div class="figures">${list.map(([name, value]) => `<div class="figure"><b>${forHtml(String(value))}</b>${forHtml(name)}</div>`).join('')}</div>`
}

function sizeChart({ points, sections, periods }: LifeOverview): string {
  const shown = sections.slice(0, sections.length > MAX_LAYERS ? MAX_LAYERS - 1 : MAX_LAYERS)
  const countIn = (bySection: Record<string, number>, fits: (section: string) => boolean) =>
    Object.entries(bySection).reduce((sum, [section, count]) => (fits(topLevel(section)) ? sum + count : sum), 0)
  const layers: Layer[] = shown.map((name) => ({
    name,
    values: points.map(({ size }) => countIn(size.bySection, (section) => section === name)),
  }))
  if (shown.length < sections.length) {
    const values = points.map(({ size }) => countIn(size.bySection, (section) => !shown.includes(section)))
    layers.push({ name: 'other sections', values })
  }
  return `<h2>Size of the queue, by section</h2>${areaOf('Patches carried over time, by section', points, layers, periods)}`
}

function burdenChart({ points, periods }: LifeOverview): string {
  const names = { backport: 'backports: fall away', waiting: 'for upstream', debt: 'debt: carried forward' }
  const layers = BURDENS.map((burden) => ({
    name: names[burden],
    values: points.map(({ size }) => size.byBurden[burden]),
  }))
  return `<h2>Good and evil apart</h2><p class="dim">Backports of upstream commits leave by themselves; patches for upstream leave once it takes them; debt stays.</p>${areaOf('Patches carried over time, by kind of burden', points, layers, periods)}`
}

function areaOf(
  title: string,
  points: LifeOverview['points'],
  layers: Layer[],
  periods: LifeOverview['periods'],
): string {
  const marks = periods.map(({ name, revision }) => ({ name, time: revision.time }))
  const times = points.map(({ time }) => time)
  return `<div class="wide">${stackedArea(title, times, layers, marks)}</div>`
}

function effortChart({ steps }: Overview): string {
  if (steps.length === 0) return ''
  const bars = steps.map((step) => {
    const effort = effortOf(step)
    const { from, to, days, hands, source, note } = effort
    const more = [hands > 1 ? `${hands} hands` : '', source === 'commits' ? 'estimated from commits' : '', note].filter(
      (part) => part !== '',
    )
    return { name: `${from} to ${to}`, value: days, says: [timeOf(effort), ...more].join(', ') }
  })
  return `<h2>What each rebase took</h2><p class="dim">Logarithmic, so that a year and three days are seen together.</p><div class="wide">${logBars('Time that each rebase took, on a logarithmic scale', bars)}</div>`
}

const KEY = [
  ['v-applies', 'applies'],
  ['v-upstreamed', 'upstreamed'],
  ['v-droppable', 'droppable'],
  ['v-conflicting', 'conflicting'],
  ['v-blocked', 'blocked'],
  ['v-review', 'look first'],
] as const

function matrixChart({ matrix, attempts }: Overview): string {
  if (matrix.length === 0) return ''
  const differs = matrix.filter(
    ({ cells }) => new Set(cells.map(({ verdict, action }) => `${verdict} ${action}`)).size > 1,
  )
  const rows = (matrix.length > MAX_ROWS ? differs : matrix).slice(0, MAX_ROWS).map(({ patch, cells }) => ({
    name: patch.name,
    cells: cells.map(({ verdict, action, commit }) => {
      const kind = action === 'review' ? 'v-review' : `v-${verdict}`
      return {
        kind,
        says: commit ? `${verdict} as ${commit.slice(0, 12)}` : action === 'review' ? 'look first' : verdict,
      }
    }),
  }))
  const key = KEY.map(
    ([kind, name]) =>
      `<span><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="${kind}" width="10" height="10"/></svg>${name}</span>`,
  )
  const left = matrix.length - rows.length
  return `<h2>Patch by release</h2><p class="key">${key.join('')}</p>${left > 0 ? `<p class="dim">${left} patches are left out</p>` : ''}<div class="wide">${heatMap(
    'What becomes of each patch on each release',
    attempts.map(({ target }) => target.ref),
    rows,
  )}</div>`
}

function patchTable({ id, target, results }: RecordedAttempt): string {
  const heads = [
    { name: '#', isNumber: true },
    { name: 'patch' },
    { name: 'section' },
    { name: 'verdict' },
    { name: 'action' },
    { name: 'evidence' },
  ]
  const rows = results.map((result): Cell[] => {
    const { patch, verdict } = result
    const subject = patch.subject ?? undefined
    return [
      number(patch.position),
      { text: patch.name, isLong: true, ...(subject ? { more: subject } : {}) },
      { text: patch.section },
      { text: verdict.kind },
      { text: verdict.action },
      { ...evidenceOf(result), isLong: true },
    ]
  })
  return `<h2>Attempt ${id} on ${forHtml(target.ref)}, patch by patch</h2>${table(heads, rows)}`
}

function evidenceOf({ landing, upstream, verdict }: PatchResult): Cell {
  const reason = verdict.reason ?? ''
  const [commit] = upstream.commits
  if (commit && verdict.kind === 'upstreamed') {
    const proof = `${commit.signals.join(', ')}; ${percent(commit.coverage)} of its lines, ${percent(upstream.survival)} in the target`
    return {
      text: `${commit.sha.slice(0, 12)} ${commit.firstTag ?? ''} "${commit.subject}"`,
      more: reason ? `${proof}; ${reason}` : proof,
    }
  }
  if (landing.kind === 'conflict' && landing.conflicts[0]) {
    const { path, hunksFailed, hunks, culprits } = landing.conflicts[0]
    const broken = `${hunksFailed} of ${plural(hunks, 'hunk')} in ${toText(path)}`
    const by = culprits[0] ? `by ${culprits[0].sha.slice(0, 12)} "${culprits[0].subject}"` : reason
    return verdict.action === 'review'
      ? { text: `${reason}; ${percent(upstream.survival)} of it stands`, more: `${broken} ${culprits[0] ? by : ''}` }
      : { text: broken, more: by }
  }
  if (landing.kind === 'blocked') return { text: `waits for ${landing.by.join(', ')}` }
  return { text: reason || landing.kind }
}

function spots(title: string, list: readonly { name: string; patches: number }[]): string {
  if (list.length === 0) return ''
  const rows = list
    .slice(0, MAX_SPOTS)
    .map(({ name, patches }): Cell[] => [{ text: name, isLong: true }, number(patches)])
  const left = list.length - rows.length
  const more = left > 0 ? `<p class="dim">and ${left} more</p>` : ''
  return `<h2>${forHtml(title)}</h2>${table([{ name: 'where' }, { name: 'patches', isNumber: true }], rows)}${more}`
}

function carriedTable({ carried }: LifeOverview): string {
  const heads = [
    { name: 'patch' },
    { name: 'kind' },
    { name: 'section' },
    { name: 'owner' },
    { name: 'since' },
    { name: 'versions', isNumber: true },
  ]
  const rows = carried.map(({ listing, versions }): Cell[] => {
    const since = dateOf(versions[0]?.time ?? 0)
    return [
      { text: listing.name, isLong: true },
      { text: listing.kind },
      { text: listing.section },
      { text: listing.owner ?? '' },
      { text: since },
      number(versions.length),
    ]
  })
  const byYear = new Map<string, number>()
  for (const { versions } of carried) {
    const year = dateOf(versions[0]?.time ?? 0).slice(0, 4)
    byYear.set(year, (byYear.get(year) ?? 0) + 1)
  }
  const years = [...byYear].map(([year, count]) => `${year}: ${count}`).join(', ')
  return `<h2>What is carried, and since when</h2><p class="dim">By the year that they came in: ${forHtml(years)}</p>${table(heads, rows)}`
}

function periodTable({ periods }: LifeOverview): string {
  const heads = PERIOD_COLUMNS.map((name, at) => ({ name, isNumber: at > 1 }))
  const toCell = (cell: string | number): Cell => (typeof cell === 'number' ? number(cell) : { text: cell })
  return `<h2>Release by release</h2>${table(
    heads,
    periods.map((period) => periodCells(period).map(toCell)),
  )}`
}

/** A whole commit id is no title. */
function shortRef(ref: string): string {
  return /^[0-9a-f]{40,64}$/.test(ref) ? ref.slice(0, 12) : ref
}
