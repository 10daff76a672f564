/** What each rebase cost, by one measure, beside the time that people logged. */
import { timeOf } from '../../model/effort.ts'
import { tallyOf } from '../../model/tally.ts'
import { isNewLine } from '../../model/version.ts'
import type { Overview } from '../../trend/overview.ts'
import type { RebaseCost } from '../../trend/rebase-costs.ts'
import type { Rebase } from '../../trend/rebases.ts'
import { entriesOf, type Step } from '../../trend/steps.ts'
import { plural } from '../layout.ts'
import { dateOf } from '../period-cells.ts'
import { releaseName } from '../story.ts'
import { command, fold, type Look } from './marks.ts'
import { type Html, html, joined } from './markup.ts'
import type { Section } from './page.ts'

/** A row for each rebase, done or ahead; none where none is known. */
export function costSection(overview: Overview, { commands: { locator } }: Look): Section[] {
  const { costs, life } = overview
  if (costs.length === 0) return []
  const isLarge = ({ from, to, step }: RebaseCost) => step !== null || isNewLine(from, to)
  const large = costs.some(isLarge) ? costs.filter(isLarge) : costs
  const small = costs.filter((cost) => !large.includes(cost))
  const ahead = aheadOf(overview)
  const most = Math.max(1, ...costs.map(({ rebase }) => rebase?.before ?? 0), ahead?.before ?? 0)
  const isUntried = life !== null && life.rebases.length > 0 && costs.every(({ toMend }) => toMend === null)
  const hint = isUntried
    ? html`<p class="soft small">${command(`rebaseline history${locator} --try-rebases`)} tells what each of them left to mend.</p>`
    : null
  const body = html`<p>“To mend” is what this tool says of the queue of that day, tried on the new release: the same measure for all. Time is what people logged${costs.some(({ step }) => step?.commits && !step.person) ? ', or where it says so an estimate from commits' : ''}.</p>
${key(costs)}
${table([...large.map((cost) => costRow(cost, most)), ...(ahead ? [aheadRow(ahead, most)] : [])])}
${small.length === 0 ? null : fold(plural(small.length, 'move to a point release', 'moves to point releases'), mendNote(small), table(small.map((cost) => costRow(cost, most))))}
${hint}`
  return [{ id: 'costs', contents: 'Cost of each rebase', heading: 'What each rebase cost', body }]
}

function mendNote(small: readonly RebaseCost[]): string {
  const tried = small.filter(({ toMend }) => toMend !== null)
  const count = tried.reduce((sum, { toMend }) => sum + (toMend ?? 0), 0)
  return tried.length === 0 ? '' : `(${count} to mend in ${tried.length} of them that were tried)`
}

function key(costs: readonly RebaseCost[]): Html | null {
  if (costs.every(({ rebase }) => rebase === null)) return null
  const items = [
    ['k-kept', 'carried on'],
    ['k-lost', 'left, and nothing on record proves that it could'],
    ['k-known', 'left: found upstream, not needed, or part of another patch'],
  ].map(
    ([name = '', words = '']) =>
      html`<li><svg viewBox="0 0 12 12" aria-hidden="true"><rect class="${name}" width="12" height="12"/></svg>${words}</li>`,
  )
  return html`<ul class="key">${items}</ul>`
}

function table(rows: readonly Html[]): Html {
  return html`<table class="costs"><thead><tr><th scope="col">rebase</th><th scope="col">done</th><th scope="col" class="num">before → after</th><th scope="col">what became of them</th><th scope="col" class="num">left</th><th scope="col" class="num">new</th><th scope="col" class="num">to mend</th><th scope="col">time logged</th></tr></thead><tbody>${rows}</tbody></table>`
}

function costRow({ from, to, rebase, toMend, step }: RebaseCost, most: number): Html {
  const head = html`<th scope="row">${from} → ${to}</th>`
  const time = html`<td data-l="time logged">${step ? timeCell(step) : html`<span class="soft">none</span>`}</td>`
  if (!rebase)
    return html`<tr>${head}<td class="soft wideonly">–</td><td colspan="5" class="soft nodata">no queue of that time is recorded</td>${time}</tr>\n`
  const { before, after, left, came } = rebase
  const mend = toMend === null ? html`<span class="soft">not tried</span>` : html`<b>${toMend}</b>`
  return html`<tr>${head}<td data-l="done" class="nowrap">${dateOf(rebase.time).slice(0, 7)}</td><td class="num sizes">${before} → <b>${after}</b></td><td class="flow">${flowBar(flowOf(rebase), most)}</td><td class="num" data-l="left">${left}</td><td class="num" data-l="new">${came}</td><td class="num" data-l="to mend">${mend}</td>${time}</tr>\n`
}

/** What a person said, and what commits suggest: never as one number. */
function timeCell(step: Step): Html {
  const entries = entriesOf(step).map((effort) => {
    const { hands, source, note } = effort
    const more = [
      ...(hands > 1 ? [`${hands} hands`] : []),
      ...(source === 'commits' ? ['estimated from commits'] : []),
      ...(note ? [note] : []),
    ]
    return html`<b>${timeOf(effort)}</b>${more.length > 0 ? html` <span class="soft small">${more.join(', ')}</span>` : null}`
  })
  return joined(entries, '; ')
}

interface Flow {
  kept: number
  lost: number
  known: number
}

function flowOf({ stayed, refreshed, byReason }: Rebase): Flow {
  const { upstream, needless, merged, split, disabled } = byReason
  const lost = disabled + byReason['said-upstream'] + byReason.unsaid
  return { kept: stayed + refreshed, lost, known: upstream + needless + merged + split }
}

function flowBar({ kept, lost, known }: Flow, most: number): Html {
  let from = 0
  const parts = (
    [
      ['kept', kept],
      ['lost', lost],
      ['known', known],
    ] as const
  ).map(([name, count]) => {
    const width = (count / most) * 298
    const part =
      count === 0
        ? null
        : html`<rect class="k-${name}" x="${from.toFixed(1)}" y="1" width="${Math.max(0.5, width - 1).toFixed(1)}" height="16"/>`
    from += width
    return part
  })
  const said = `${kept} carried on, ${lost} left without proof, ${known} left with it`
  return html`<svg viewBox="0 0 300 18" class="sbar" role="img" aria-label="${said}">${parts}</svg>`
}

/** The rebase that the attempt is about, where the queue has not made it yet. */
interface Ahead {
  from: string
  to: string
  before: number
  leave: number
  mend: number
}

function aheadOf({ latest, life }: Overview): Ahead | null {
  if (!latest || latest.results.length === 0 || life?.done) return null
  const { patches, leave, mend, repair } = tallyOf(latest.results)
  const [from, to] = [latest.base.ref, latest.target.ref].map(releaseName)
  return { from: from ?? '', to: to ?? '', before: patches, leave, mend: mend + repair }
}

function aheadRow({ from, to, before, leave, mend }: Ahead, most: number): Html {
  const bar = flowBar({ kept: before - leave, lost: 0, known: leave }, most)
  return html`<tr class="now"><th scope="row">${from} → ${to}</th><td data-l="done">ahead</td><td class="num sizes">${before} → <b>${before - leave}</b></td><td class="flow">${bar}</td><td class="num" data-l="left">${leave}</td><td class="num" data-l="new">–</td><td class="num" data-l="to mend"><b>${mend}</b></td><td data-l="time logged"><span class="soft">none</span></td></tr>\n`
}
