/** The size of a queue release by release, for people. */
import type { AccountSummary } from '../../model/account.ts'
import type { PastTrial } from '../../model/past-trial.ts'
import type { HardPatch } from '../../trend/past-steps.ts'
import type { Rebase } from '../../trend/rebases.ts'
import { type Period, periodNow } from '../../trend/shrinkage.ts'
import type { Story } from '../../trend/story.ts'
import { toCsv } from '../csv.ts'
import { count, cut, fold, type Medium, type NextCommand, nextLines, pad, plural, styleFor, wrap } from '../layout.ts'
import { lifeNotes } from '../life-notes.ts'
import { dateOf, PERIOD_COLUMNS, periodCells } from '../period-cells.ts'
import { forTerminal, shellWord } from '../sanitize.ts'

/** What an import found, as far as people are told. */
export interface ImportCounts {
  commits: number
  known: number
  visits: number
  blobs: number
  failure: string | null
  cuts: readonly string[]
}

export function importToText(
  { commits, known, visits, blobs }: ImportCounts,
  { locator, ...medium }: Medium & { locator: string },
): string {
  const listed = `${plural(visits, 'patch', 'patches')} listed`
  const read = `${plural(commits, 'revision')}, ${listed}, ${plural(blobs, 'different one')}`
  const found = known === 0 ? read : commits === 0 ? 'nothing new' : `new: ${read}`
  const before = known === 0 ? '' : `; ${plural(known, 'revision was', 'revisions were')} known`
  const next = nextLines([[`rebaseline history${locator}`, 'its size, release by release']], medium)
  return `${[`${found}${before}`, '', ...next].join('\n')}\n`
}

export function importWarnings({ failure, cuts }: ImportCounts): string[] {
  const [cut] = cuts
  return [
    ...(failure === null ? [] : [`not every list could be read: ${failure}`]),
    ...(cut === undefined
      ? []
      : [`history is cut at ${cut.slice(0, 12)}, the clone is shallow: git fetch --unshallow`]),
  ]
}

/** What is told beside the story. */
interface PeriodFacts {
  /** What the queue is called. */
  called: string
  periods: readonly Period[]
  rebases: readonly Rebase[]
  checks: readonly AccountSummary[]
  trials: readonly PastTrial[]
  hard: readonly HardPatch[]
}

/** The newest checks are told, no more. */
const CHECKS = 3

function checkLine({ target, checkedAt, changes, missing, changed, isWhole }: AccountSummary): string {
  const found = isWhole ? 'whole, nothing is missing' : missing > 0 ? `${missing} missing` : 'it cannot be used'
  return `checked ${checkedAt.slice(0, 10)} onto ${forTerminal(target)}: ${found}; ${count(changed)} of ${plural(changes, 'change')} changed`
}

export function historyToText(
  { branch, revisions, notes }: Story,
  { called, periods, rebases, checks, trials, hard }: PeriodFacts,
  { locator, ...medium }: Medium & { locator: string },
): string {
  const [first, last] = [revisions[0], revisions.at(-1)]
  const now = periodNow(periods, revisions)
  const before = periods.findLast(({ name }) => name === rebases.at(-1)?.from)
  const times = first && last ? `${dateOf(first.time)} to ${dateOf(last.time)}` : ''
  return `${[
    cut(forTerminal(`${called}, branch ${branch}: ${plural(revisions.length, 'revision')}, ${times}`), medium.width),
    ...fold(headline(now, rebases), medium.width, ''),
    ...lifeNotes(notes, periods).flatMap((note) => fold(forTerminal(note), medium.width, '')),
    ...checks.slice(-CHECKS).flatMap((check) => fold(checkLine(check), medium.width, '')),
    '',
    ...periodLines(periods, medium),
    '',
    ...trialLines(trials, hard, medium),
    ...groupLines('by section', { before, now }, ({ bySection }) => bySection, medium),
    ...groupLines('by owner', { before, now }, ({ byOwner }) => byOwner, medium),
    ...nextLines(nextCommands(rebases.at(-1), hard[0], locator), medium),
  ].join('\n')}\n`
}

function nextCommands(
  rebase: Rebase | undefined,
  hardest: HardPatch | undefined,
  locator: string,
): (NextCommand | false)[] {
  return [
    rebase !== undefined && [
      `rebaseline history flow${locator} ${shellWord(rebase.from)} ${shellWord(rebase.to)}`,
      'what left, and why',
    ],
    hardest !== undefined && [
      `rebaseline history patch${locator} ${shellWord(hardest.name)}`,
      'the one that conflicts most',
    ],
    [`rebaseline report${locator} --output queue.html`, 'the same as a picture'],
  ]
}

/** So many patches are named that conflict again and again. */
const HARD = 8

/** What each rebase that was tried left to mend, and which patches were in conflict at most of them. */
function trialLines(trials: readonly PastTrial[], hard: readonly HardPatch[], { width }: Medium): string[] {
  if (trials.length === 0) return []
  const steps = trials.map(({ target, names, patches }) => `${forTerminal(target)} ${names.length} of ${patches}`)
  const shown = hard.slice(0, HARD).map(({ name, conflicts, tried }) => `${forTerminal(name)} ${conflicts} of ${tried}`)
  const more = hard.length - shown.length
  return [
    'to mend at each rebase, as this tool says of the queue of that day',
    ...wrap(steps, width, '  '),
    ...(hard.length > 0 ? ['in conflict at rebase after rebase'] : []),
    ...shown.map((line) => cut(`  ${line}`, width)),
    ...(more > 0 ? [`  … ${more} more`] : []),
    '',
  ]
}

/** The life in one sentence: what the last rebase made of the queue, what it is now. */
function headline(period: Period | undefined, rebases: readonly Rebase[]): string {
  const now = period?.size.patches ?? 0
  const rebase = rebases.at(-1)
  if (!rebase || rebase.to !== period?.name) return `${plural(now, 'patch', 'patches')} now`
  const { before, after, to, left, byReason } = rebase
  const share =
    before === 0 || after === before ? '' : `, ${after < before ? 'down' : 'up'} ${shareOf(before, after)} %`
  const proven = byReason.upstream === 0 ? '' : `; ${byReason.upstream} of the ${left} that left are upstream`
  return `${before} -> ${after} patches with ${forTerminal(to)}${share}${proven}; ${now} now`
}

function shareOf(before: number, after: number): number {
  return Math.round((Math.abs(after - before) / before) * 100)
}

/** The columns in the order in which a narrow terminal keeps them. */
const KEPT_FIRST = [
  ...['release', 'until', 'patches', 'came', 'left', 'refreshed', 'first', 'backport', 'waiting', 'debt'],
  ...['added', 'removed', 'files', 'hunks'],
]

/** A line per period, as many columns as fit the terminal, and a word about the others. */
function periodLines(periods: readonly Period[], medium: Medium): string[] {
  const style = styleFor(medium)
  const rows = [
    PERIOD_COLUMNS,
    ...periods.map((period) => periodCells(period).map((cell) => forTerminal(String(cell)))),
  ]
  const widths = PERIOD_COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const shown = columnsThatFit(widths, medium.width)
  const lines = rows.map((row, at) => {
    const cells = shown.map((column) => {
      const [text = '', width = 0] = [row[column], widths[column]]
      return column < 2 ? pad(text, width) : text.padStart(width)
    })
    const line = cut(cells.join('  ').trimEnd(), medium.width)
    return at === 0 ? style.bold(line) : line
  })
  const left = PERIOD_COLUMNS.filter((_, column) => !shown.includes(column))
  return left.length === 0 ? lines : [...lines, style.dim(`not in ${medium.width} columns: ${left.join(', ')} (--csv)`)]
}

/** Indices of the columns that fit, in the order of the table. */
function columnsThatFit(widths: readonly number[], width: number): number[] {
  let used = -2
  const fitting = KEPT_FIRST.map((name) => PERIOD_COLUMNS.indexOf(name)).filter((column) => {
    used += (widths[column] ?? 0) + 2
    return used <= width
  })
  return fitting.sort((one, other) => one - other)
}

const MAX_GROUPS = 12

/** Patches now, and before the last rebase, of each section or owner; the largest first. */
function groupLines(
  title: string,
  periods: { before: Period | undefined; now: Period | undefined },
  countsOf: (size: Period['size']) => Record<string, number>,
  { width }: Medium,
): string[] {
  const [before, now] = [periods.before, periods.now].map(
    (one) => new Map(Object.entries(one ? countsOf(one.size) : {})),
  )
  const names = [...new Set([...(now?.keys() ?? []), ...(before?.keys() ?? [])])].filter((name) => name !== '')
  const rows = names.map((name) => ({ name, now: now?.get(name) ?? 0, before: before?.get(name) ?? 0 }))
  if (rows.length === 0) return []
  const shown = rows.sort((one, other) => other.now - one.now || other.before - one.before).slice(0, MAX_GROUPS)
  const said = shown.map(({ name, now: count, before: was }) =>
    cut(forTerminal(`  ${String(was).padStart(5)} -> ${String(count).padStart(4)}  ${name}`), width),
  )
  const left = rows.length - shown.length
  return [
    `${title} (from ${forTerminal(periods.before?.name ?? 'nothing')} on)`,
    ...said,
    ...(left > 0 ? [`  … ${left} more`] : []),
    '',
  ]
}

export function historyToCsv(periods: readonly Period[]): string {
  return toCsv(
    [...PERIOD_COLUMNS, 'revision'],
    periods.map((period) => [...periodCells(period), period.revision.sha]),
  )
}
