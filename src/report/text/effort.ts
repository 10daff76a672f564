/** What rebases took and what the next will take, for people. */
import { durationOf } from '../../model/duration.ts'
import { type Effort, timeOf } from '../../model/effort.ts'
import type { QueueRevision } from '../../model/life.ts'
import {
  type Forecast,
  type Hardship,
  type LeftOut,
  type PastRebase,
  type Range,
  timesWrong,
} from '../../trend/forecast.ts'
import { entriesOf, type Step, stepsOf } from '../../trend/steps.ts'
import { printJson } from '../json/print.ts'
import { cut, type Medium, type NextCommand, nextLines, pad, plural } from '../layout.ts'
import { dateOf } from '../period-cells.ts'
import { forTerminal } from '../sanitize.ts'

/** `efforts`: all that was logged, oldest first. */
export function effortsToText(
  efforts: readonly Effort[],
  { locator, ...medium }: Medium & { locator: string },
): string {
  const log: NextCommand = ['rebaseline effort log --help', 'how to log one']
  if (efforts.length === 0) return `no effort is logged yet\n\n${nextLines([log], medium).join('\n')}\n`
  const steps = stepsOf(efforts)
  const rows = steps.flatMap((step) => entriesOf(step).map((effort) => rowOf(effort, step)))
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const lines = rows.map((row) =>
    cut(
      row
        .map((text, column) => pad(text, widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
      medium.width,
    ),
  )
  const next = nextLines([[`rebaseline effort forecast${locator}`, 'what the next will take']], medium)
  return `${lines.join('\n')}\n${overlapLines(steps)}\n${next.join('\n')}\n`
}

function rowOf(effort: Effort, { from, to }: Step): string[] {
  const { hands, source, note } = effort
  const step = forTerminal(`${from} -> ${to}`)
  const how = source === 'commits' ? 'estimated from commits' : ''
  return [step, forTerminal(timeOf(effort)), hands === 1 ? '' : `${hands} hands`, how, forTerminal(note)]
}

function overlapLines(steps: readonly Step[]): string {
  const named = ({ from, to }: Step) => forTerminal(`${from} -> ${to}`)
  return steps
    .filter(({ covers }) => covers.length > 0)
    .map((step) => `note: ${named(step)} reaches over ${step.covers.map(named).join(', ')}: its time holds theirs\n`)
    .join('')
}

/** What the releases of a step were taken for: "4.2 is RELEASE-4.2.0 to RELEASE-4.2.5". */
export function takenToText(taken: readonly { release: string; tags: readonly string[] }[]): string {
  const told = taken.filter(({ release, tags }) => tags.join() !== release)
  return (
    told.map(({ release, tags }) => forTerminal(`${release} is ${tags.join(' to ')}`)).join('\n') +
    (told.length > 0 ? '\n\n' : '')
  )
}

/** The commits that an estimate counts. */
export function countedToText(counted: readonly QueueRevision[], { width }: Medium): string {
  if (counted.length === 0) return ''
  const lines = counted.map(({ sha, time, subject }) => {
    return cut(`  ${sha.slice(0, 12)}  ${dateOf(time)}  ${forTerminal(subject)}`, width)
  })
  return `estimated from ${plural(counted.length, 'commit', 'commits')} of the queue:\n${lines.join('\n')}\n\n`
}

/** Past rebases that can be tried to rest on more: the queue's revision, its base and where it went. */
export type Untried = readonly { sha: string; base: string; target: string }[]

export function forecastToText(
  next: Hardship,
  { range, past, leftOut }: Forecast,
  { untried, locator }: { untried: Untried; locator: string },
): string {
  const step = forTerminal(`${next.base} -> ${next.target}`)
  return [
    ...(range ? rangeLines(step, next, range) : noRangeLines(step, next)),
    ...(past.length > 0 ? ['it rests on', ...past.map(pastLine)] : []),
    ...(range ? confidenceLines(past) : []),
    ...leftOutLines(leftOut),
    ...untriedLines(untried, locator),
    '',
  ].join('\n')
}

function rangeLines(step: string, { conflicts }: Hardship, { days, low, high }: Range): string[] {
  const work = plural(conflicts, 'patch to mend', 'patches to mend')
  return [`${step}: ${durationOf(days)} (${durationOf(low)} to ${durationOf(high)}) of calendar time, for ${work}`]
}

function noRangeLines(step: string, { conflicts }: Hardship): string[] {
  if (conflicts === 0) return [`${step}: nothing to mend; testing is not forecast`]
  return [
    `${step}: ${plural(conflicts, 'patch needs', 'patches need')} a person; there is too little data for a forecast`,
    'it takes two past rebases with a logged effort and a recorded attempt each, with the queue of that time:',
    '  rebaseline effort log --help',
    '  rebaseline try --help',
  ]
}

function pastLine({ effort, conflicts, rate, fromOthers }: PastRebase): string {
  const step = forTerminal(`${effort.from} -> ${effort.to}`)
  const each = `${forTerminal(timeOf(effort))} for ${plural(conflicts, 'conflict')}, ${durationOf(rate)} each`
  if (fromOthers === null) return `  ${step}: ${each}`
  const { days, low, high } = fromOthers
  const span = low === high ? '' : ` (${durationOf(low)} to ${durationOf(high)})`
  return `  ${step}: ${each}; the others say ${durationOf(days)}${span}`
}

function confidenceLines(past: readonly PastRebase[]): string[] {
  if (past.length === 2) return ['two rebases are little to rest on: take it as an order of magnitude']
  const wrong = timesWrong(past)
  return [`of ${past.length} past rebases ${wrong} took another time than the range from the others says`]
}

function leftOutLines(leftOut: readonly LeftOut[]): string[] {
  if (leftOut.length === 0) return []
  const lines = leftOut.map(({ step, because }) => `  ${forTerminal(`${step.from} -> ${step.to}`)}: ${because}`)
  return ['left out', ...lines]
}

/**
 * The `rebaseline/effort@1` document: the entries that count, in the order of the releases, and the
 * commits that an estimate rests on.
 */
export function effortsToJson(efforts: readonly Effort[], counted: readonly QueueRevision[]): string {
  const steps = stepsOf(efforts)
  const document = {
    schema: 'rebaseline/effort@1',
    efforts: steps.flatMap(entriesOf),
    overlaps: steps.flatMap(({ from, to, covers }) =>
      covers.map((inner) => ({ from, to, covers: { from: inner.from, to: inner.to } })),
    ),
    counted: counted.map(({ sha, time, subject }) => ({ sha, time, subject })),
  }
  return printJson(document)
}

/** The `rebaseline/forecast@1` document; `range` is null where nothing can be said. */
function untriedLines(untried: Untried, locator: string): string[] {
  if (untried.length === 0) return []
  const steps = untried.map(({ sha, base, target }) => {
    return `  ${sha.slice(0, 12)} on ${forTerminal(base)}, onto ${forTerminal(target)}`
  })
  const them = untried.length === 1 ? 'it rests on one more' : `it rests on ${untried.length} more`
  return [
    `what the queue was then can be tried, and ${them}:`,
    ...steps,
    '',
    `next  rebaseline effort forecast${locator} --try-past`,
  ]
}

export function forecastToJson(next: Hardship, { range, past, leftOut }: Forecast, untried: Untried): string {
  return printJson({
    schema: 'rebaseline/forecast@1',
    next,
    range,
    past,
    wrong: timesWrong(past),
    leftOut: leftOut.map(({ step: { from, to }, because }) => ({ from, to, because })),
    untried,
  })
}
