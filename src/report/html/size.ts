/** How the queue grew and shrank, and what the rebases made of it. */
import type { Burden } from '../../model/life.ts'
import type { LifeOverview, Overview } from '../../trend/overview.ts'
import type { Rebase } from '../../trend/rebases.ts'
import { plural } from '../layout.ts'
import { lifeNotes } from '../life-notes.ts'
import { dateOf, PERIOD_COLUMNS, periodCells } from '../period-cells.ts'
import { areNewLines } from '../story.ts'
import { LAYERS, sizeCharts } from './charts.ts'
import { fold } from './marks.ts'
import { type Html, html } from './markup.ts'
import type { Section } from './page.ts'

/** What each kind means, below the chart. */
const KIND_LINES = {
  debt: 'debt: stays until somebody upstreams or drops it',
  waiting: 'for upstream: leaves once upstream takes it',
  backport: 'backports: leave with a rebase',
} as const

/** What so many of a kind are called beside the chart. */
function endName(kind: Burden, count: number): string {
  if (kind === 'backport') return plural(count, 'backport')
  return `${count} ${kind === 'debt' ? 'debt' : 'for upstream'}`
}

/** The chart and its table; none where no history was imported. */
export function sizeSection({ life }: Overview): Section[] {
  const [first, last] = [life?.sizes[0], life?.sizes.at(-1)]
  if (!life || !first || !last) return []
  const until = Math.max(last.time, life.periods.at(-1)?.revision.time ?? 0)
  const since = dateOf(first.time).slice(0, 4)
  const notes = lifeNotes(life.notes, life.periods)
  const drawing =
    first.time < until ? chart(life, until) : html`<p>The history has one revision: nothing can be drawn yet.</p>`
  const body = html`${drawing}
${notes.map((note) => html`<p class="soft small">${note}</p>`)}
${periodFold(life)}`
  return [{ id: 'size', contents: `Size since ${since}`, heading: sizeHeading(life), body }]
}

/** What is seen, where it holds for every rebase; else where it began and where it is. */
function sizeHeading({ sizes, large }: LifeOverview): string {
  const [first, last] = [sizes[0], sizes.at(-1)]
  if (!first || !last) return 'Size of the queue'
  const steps = large.map(({ rebase, after }) => ({ before: sizes.findLast(({ time }) => time < rebase.time), after }))
  const isTakenAway = steps.every(({ before, after }) => {
    return before !== undefined && after.byBurden.backport * 2 < before.byBurden.backport
  })
  const grown = growthOf(sizes)
  if (large.length > 1 && isTakenAway && grown.backport * 2 > grown.all)
    return `The queue grows by backports, and every ${areNewLines(large) ? 'new line of releases' : 'rebase'} takes most of them away`
  const most = Math.max(...sizes.map(({ patches }) => patches))
  const peak = most > Math.max(first.patches, last.patches) ? `, ${most} at most` : ''
  return `From ${first.patches} patches in ${monthOf(first.time)} to ${last.patches} in ${monthOf(last.time)}${peak}`
}

/** How many patches came in over the days, and how many of them as backports. */
function growthOf(sizes: LifeOverview['sizes']): { all: number; backport: number } {
  const growth = { all: 0, backport: 0 }
  for (const [at, size] of sizes.entries()) {
    const before = sizes[at - 1]
    if (!before) continue
    for (const burden of LAYERS) {
      const grown = Math.max(0, size.byBurden[burden] - before.byBurden[burden])
      growth.all += grown
      if (burden === 'backport') growth.backport += grown
    }
  }
  return growth
}

function chart(life: LifeOverview, until: number): Html {
  const { sizes, large } = life
  const marks = large.map(({ rebase }) => ({
    time: rebase.time,
    name: rebase.to,
    more: `${rebase.before} → ${rebase.after}`,
  }))
  const words = large.map(({ rebase: { to, before, after } }) => `${to} ${before} to ${after}`)
  const most = Math.max(...sizes.map(({ patches }) => patches))
  const rebases = words.length === 0 ? '' : `; rebases, before and after: ${words.join(', ')}`
  const title = `Patches carried from ${monthOf(sizes[0]?.time ?? 0)} to ${monthOf(until)}, by kind: ${most} at most, ${sizes.at(-1)?.patches ?? 0} in the end${rebases}`
  const key = LAYERS.filter((kind) => sizes.some(({ byBurden }) => byBurden[kind] > 0)).map(
    (kind) =>
      html`<li><svg viewBox="0 0 12 12" aria-hidden="true"><rect class="k-${kind}" width="12" height="12"/></svg>${KIND_LINES[kind]}</li>`,
  )
  return html`<p>${caption(
    large.map(({ rebase }) => rebase),
    areNewLines(large),
  )}</p>
${sizeCharts({ title, sizes, until, marks, nameOf: endName })}
<ul class="key">${key}</ul>`
}

/** How to read it, and what the chart alone does not show. */
function caption(rebases: readonly Rebase[], isNew: boolean): string {
  if (rebases.length === 0) return 'Patches carried, by kind.'
  const kept = rebases.map(({ stayed, refreshed }) => stayed + refreshed)
  const [least, most] = [Math.min(...kept), Math.max(...kept)]
  const core =
    rebases.length === 1
      ? `The one so far carried on ${least} patches from before.`
      : `Each of the ${rebases.length} carried on between ${least} and ${most} patches from before.`
  const lines = isNew ? 'rebases to a new line of releases' : 'rebases'
  return `Patches carried, by kind. Dotted lines are ${lines}, with the patches before and after. ${core}`
}

function periodFold({ periods }: LifeOverview): Html | null {
  if (periods.length === 0) return null
  const heads = PERIOD_COLUMNS.map((name, at) => html`<th scope="col" class="${classOf(at)}">${name}</th>`)
  const rows = periods.map((period) => {
    const [name, ...cells] = periodCells(period)
    return html`<tr><th scope="row">${name ?? ''}</th>${cells.map((cell, at) => html`<td class="${classOf(at + 1)}">${cell}</td>`)}</tr>\n`
  })
  const table = html`<table class="plain"><thead><tr>${heads}</tr></thead><tbody>${rows}</tbody></table>`
  return fold('Release by release, as a table', '(last revision on each; "first": patches of the first)', table)
}

/** Columns that a small screen has room for. */
const KEPT = ['release', 'patches', 'backport', 'waiting', 'debt']

function classOf(column: number): string {
  const name = PERIOD_COLUMNS[column] ?? ''
  return [...(column > 1 ? ['num'] : []), ...(KEPT.includes(name) ? [] : ['wideonly'])].join(' ')
}

function monthOf(seconds: number): string {
  return new Date(seconds * 1000).toLocaleDateString('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' })
}
