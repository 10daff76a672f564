/** What to do first: at most four steps, each with its count, its reason and a command that works. */
import type { PatchResult, RecordedAttempt } from '../../model/attempt.ts'
import { durationOf } from '../../model/duration.ts'
import type { Question } from '../../model/finding.ts'
import { type Tally, tallyOf } from '../../model/tally.ts'
import { isNewLine } from '../../model/version.ts'
import { type WorkItem, workListOf } from '../../model/work-list.ts'
import { timesWrong } from '../../trend/forecast.ts'
import { leastSure, openChanges } from '../../trend/least-sure.ts'
import type { Overview, ReportedPatch } from '../../trend/overview.ts'
import { capital, plural } from '../layout.ts'
import { shellPath } from '../sanitize.ts'
import { releaseName } from '../story.ts'
import { command, type Look } from './marks.ts'
import { type Html, html, joined } from './markup.ts'
import type { Section } from './page.ts'

/** The steps, and how long they are forecast to take; none without an attempt. */
export function firstSteps(overview: Overview, look: Look): Section[] {
  const { latest } = overview
  if (!latest || latest.results.length === 0) return []
  const tally = tallyOf(latest.results)
  const steps = [
    ...takeOut(overview, tally, look),
    ...decide(overview, look),
    ...mend(overview, look),
    ...write(overview, tally, look),
  ]
  const body = html`<ol class="todo">
${steps.map(({ what, line }) => html`<li><div>${what}</div>${command(line)}</li>\n`)}</ol>
${forecastNote(overview, look)}`
  return [{ id: 'first', contents: 'First steps', heading: 'What to do first', body }]
}

interface FirstStep {
  what: Html
  /** As it is typed. */
  line: string
}

function takeOut({ latest }: Overview, { leave }: Tally, { commands: { locator, attempt } }: Look): FirstStep[] {
  if (!latest || leave === 0) return []
  const unsure = leastSure(latest.results).length
  const least = unsure === 1 ? 'one that rests on least' : `${unsure} that rest on least`
  const look = html` The <a href="#unsure">${least}</a> ${unsure === 1 ? 'is' : 'are'} worth a look.`
  const what = html`<b>Take out ${plural(leave, 'patch', 'patches')}.</b> ${proofOf(latest.results)}${unsure > 0 ? look : null}`
  return [{ what, line: `rebaseline export${locator}${attempt} --list drop` }]
}

/** What the drops rest on, and no more than that. */
function proofOf(results: readonly PatchResult[]): string {
  const leaving = results.filter(({ verdict }) => verdict.action === 'drop')
  const answered = leaving.filter(({ overrule }) => overrule !== null).length
  const open = leaving.filter((one) => one.overrule === null && openChanges(one) > 0).length
  const proof = 'Every change is accounted for in the target'
  const [first, second] = [
    answered > 0 ? `${answered} by a person's answer` : '',
    open > 0 ? `${open} as merging ${open === 1 ? 'it' : 'them'} changes nothing` : '',
  ]
  const besides = [first, second].filter((part) => part !== '')
  return besides.length === 0 ? `${proof}.` : `${proof}; ${besides.join(', ')}.`
}

/** What is asked of a person, by how many patches. */
const QUESTION_WORDS: Readonly<Record<Question['kind'] | 'none', (count: number) => string>> = {
  'taken-back': (count) => `${count} that upstream took back`,
  alike: (count) => `${count} that ${count === 1 ? 'is' : 'are'} alike only in part`,
  fates: (count) => `${count} of which not every change could be found`,
  cut: (count) => `${count} whose history is cut off`,
  needless: (count) => `${count} that upstream may have done in its own way`,
  none: (count) => `${count} that may be there already`,
}

function decide({ patches, latest }: Overview, { commands: { locator } }: Look): FirstStep[] {
  const open = patches.filter(isOpen)
  const [first] = open
  if (!first || !latest) return []
  const kinds = new Map<Question['kind'] | 'none', number>()
  for (const { result } of open) {
    const kind = result.upstream.question?.kind ?? 'none'
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  }
  const reasons = [...kinds].map(([kind, count]) => QUESTION_WORDS[kind](count)).join(', ')
  const what = html`<b>Decide ${open.length}.</b> ${capital(reasons)}: <a href="#decide">the evidence</a>.`
  return [{ what, line: showCommand(first.result, latest, locator) }]
}

/** Shows a patch, beside the commit that it may be where one is known. */
export function showCommand({ patch, upstream }: PatchResult, { id }: RecordedAttempt, locator: string): string {
  return `rebaseline show${locator} @${id} ${patch.position}${upstream.commits.length > 0 ? ' --compare' : ''}`
}

/** Whether a person is asked about it, whether it is to be mended or not. */
export function isOpen({ result }: Pick<ReportedPatch, 'result'>): boolean {
  return result.verdict.action === 'review'
}

function mend({ patches, latest }: Overview, { commands: { locator, attempt } }: Look): FirstStep[] {
  const list = workListOf(latest?.results ?? [])
  const repair = patches.filter(({ part }) => part === 'repair').length
  const [first] = list
  if (!first && repair === 0) return []
  const small = list.filter(({ hunks }) => hunks === 1).length
  const again = patches.filter(({ part, past }) => part === 'mend' && (past?.conflicts ?? 0) > 0).length
  const facts = [
    ...(small > 0 ? [`${small} ${small === 1 ? 'fails' : 'fail'} in one hunk only`] : []),
    ...(again > 0 ? [`${again} conflicted at an earlier rebase, too`] : []),
  ]
  const what = html`<b>${mendWords(list.length, repair)}.</b> ${facts.length > 0 ? `${facts.join('; ')}. ` : null}${first ? whyFirst(first, list.length) : null}`
  const [unreadable] = patches.filter(({ part }) => part === 'repair')
  const line =
    first || !latest || !unreadable
      ? `rebaseline resolve${locator}${attempt}`
      : showCommand(unreadable.result, latest, locator)
  return [{ what, line }]
}

/** "Mend 3, in order, and repair 1". */
function mendWords(mend: number, repair: number): string {
  const parts = [
    ...(mend > 0 ? [`mend ${mend}${mend > 1 ? ', in order' : ''}`] : []),
    ...(repair > 0 ? [`repair ${repair} that cannot be read`] : []),
  ]
  return capital(parts.join(', and '))
}

function whyFirst({ position, frees }: WorkItem, count: number): Html {
  const link = html`<a href="#m${position}">${position}</a>`
  if (frees.length === 0) return count === 1 ? html`It is ${link}.` : html`${link} comes first: nothing is smaller.`
  return html`${link}${count === 1 ? null : ' comes first'}: ${joined(
    frees.map((one) => html`<a href="#p${one}">${one}</a>`),
    ', ',
  )} ${frees.length === 1 ? 'waits' : 'wait'} for it.`
}

function write({ queue, latest }: Overview, { refresh, keep, wait }: Tally, { commands }: Look): FirstStep[] {
  const facts = [
    ...(refresh > 0 ? [`${refresh} moved ${refresh === 1 ? 'patch is' : 'patches are'} refreshed`] : []),
    ...(keep > 0 ? [`${keep} ${keep === 1 ? 'stays' : 'stay'} byte for byte`] : []),
    ...(wait > 0
      ? [`${wait} ${wait === 1 ? 'follows' : 'follow'} what ${wait === 1 ? 'it waits' : 'they wait'} for`]
      : []),
  ]
  const what = html`<b>Write the new queue.</b> ${facts.length > 0 ? `${capital(facts.join(', '))}.` : null}`
  const directory = `../${queue.replace(/\.(?:pg|git)$/, '')}-${releaseName(latest?.target.ref ?? '')}`
  const output = shellPath(directory.replace(/[^\w.+~/-]/g, '-'))
  return [{ what, line: `rebaseline export${commands.locator}${commands.attempt} --output ${output}` }]
}

/** What it will take, or why nobody can say. */
function forecastNote({ forecast, latest, costs }: Overview, { commands: { locator } }: Look): Html | null {
  const conflicts = latest ? tallyOf(latest.results).mend : 0
  if (!forecast || conflicts === 0) return null
  const { range, past } = forecast
  if (range) {
    const span = `${durationOf(range.days)} (${durationOf(range.low)} to ${durationOf(range.high)}) of calendar time`
    const wrong = timesWrong(past)
    const trust =
      past.length === 2
        ? 'two rebases are little to rest on: take it as an order of magnitude'
        : `of ${past.length} past rebases ${wrong} took another time than the range from the others says`
    return html`<p class="soft small">Mending is forecast to take ${span}; ${trust}.</p>`
  }
  const known = past.length === 0 ? 'no earlier rebase has' : 'only one earlier rebase has'
  const target = latest && releaseName(latest.target.ref)
  const open = costs.findLast(({ from, to, rebase, step, toMend }) => {
    return rebase !== null && step === null && toMend !== null && to !== target && isNewLine(from, to)
  })
  const line = open && `rebaseline effort log${locator} --from ${open.from} --to ${open.to} --duration "6 weeks"`
  return html`<p class="soft small">How long it takes is not forecast: ${known} its time logged and its conflicts known.${line ? html` ${command(line)} logs one; from two on there is a forecast.` : null}</p>`
}
