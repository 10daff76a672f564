/** The rows of an attempt's groups: a patch each, on a terminal of any width. */
import stringWidth from 'string-width'
import type { Conflict, PatchResult } from '../../model/attempt.ts'
import { toText } from '../../model/bytes.ts'
import { mainCulprit, type WorkItem } from '../../model/work-list.ts'
import { cut, cutMiddle, fold, type Medium, pad, percent, plural, shortPath, spread } from '../layout.ts'
import { forTerminal } from '../sanitize.ts'
import { tieInWords } from './drop-evidence.ts'
import { standingOf } from './standing.ts'

/** From so many columns on a patch to mend has one line; below it takes two rather than lose its file. */
export const WIDE = 120

const POSITION = 5
const COMMIT = 10

/** A row, or the two lines of one. */
export type Row = readonly string[]

function nameOf({ patch }: PatchResult): string {
  return forTerminal(patch.name)
}

function head({ patch }: PatchResult, mark = ''): string {
  return `${String(patch.position).padStart(POSITION)} ${mark}`
}

/** Rows of name and details: the details whole, the name cut in its middle, or above them. */
function namedRows(
  results: readonly PatchResult[],
  { width }: Medium,
  detailsOf: (result: PatchResult, room: number) => string,
  markOf: (result: PatchResult) => string = () => '',
): Row[] {
  const longest = Math.max(0, ...results.map((result) => stringWidth(nameOf(result))))
  const column = Math.min(longest, Math.max(MIN_NAME, Math.floor(width * 0.42)))
  return results.map((result) => {
    const start = head(result, markOf(result))
    const beside = width - stringWidth(start) - 2
    const details = detailsOf(result, beside - column)
    const room = beside - stringWidth(details)
    if (room >= Math.min(MIN_NAME, stringWidth(nameOf(result)))) {
      // A longer name takes what its own details leave: it is worth more than the column.
      return [`${start}${pad(cutMiddle(nameOf(result), room), Math.min(column, room))}  ${details}`.trimEnd()]
    }
    const rest = fold(details, width, ' '.repeat(POSITION + 3))
    return [`${start}${cutMiddle(nameOf(result), beside)}`, ...rest]
  })
}

/** A name that is shorter tells nothing. */
const MIN_NAME = 24

/** What ties a patch that leaves to its commit, as much of it as there is room for. */
export function dropRows(results: readonly PatchResult[], medium: Medium): Row[] {
  return namedRows(results, medium, (result, room) => {
    const { upstream, overrule, verdict, landing } = result
    const [commit] = upstream.commits
    if (overrule || !commit || landing.kind === 'noop') return forTerminal(verdict.reason ?? '')
    const others = upstream.parts > 1 ? ` and ${upstream.parts - 1} more` : ''
    const release = commit.firstTag ?? 'no release yet'
    const is = `is ${commit.sha.slice(0, COMMIT)}${others}`
    const numbers = `${percent(commit.coverage)} of its lines; ${standingOf(result.patch, upstream.survival)}`
    const whole = forTerminal(`${is}  ${release}  ${commit.signals.join(', ')}; ${numbers}`)
    if (stringWidth(whole) <= room) return subjectBehind(whole, forTerminal(commit.subject), room)
    const tie = `${is}, ${tieInWords(result)}`
    const inRelease = forTerminal(`${tie}, in ${release}`)
    return stringWidth(inRelease) <= room ? inRelease : tie
  })
}

/** What a person is to decide. `isMarked`: it is also to be mended, and says so. */
export function reviewRows(
  results: readonly PatchResult[],
  medium: Medium,
  isMarked: (result: PatchResult) => boolean,
): Row[] {
  const hasMarks = results.some(isMarked)
  const markOf = (result: PatchResult) => (hasMarks ? (isMarked(result) ? '!' : ' ') : '')
  return namedRows(results, medium, reviewInWords, markOf)
}

/** Why it is asked, as much of it as there is room for. */
function reviewInWords({ patch, verdict, upstream, overrule }: PatchResult, room: number): string {
  const { question, revertedBy, commits, survival } = upstream
  const commit = (question?.sha ?? commits[0]?.sha)?.slice(0, COMMIT)
  const stands = standingOf(patch, survival)
  const reason = verdict.reason ?? 'applying it changes nothing'
  const whole = forTerminal(question ? `${reason}; ${stands}` : reason)
  if (stringWidth(whole) <= room || overrule || commit === undefined) return whole
  if (revertedBy) return `landed, taken back by ${revertedBy.slice(0, COMMIT)}`
  if (question?.kind === 'fates') return `compare with ${commit}, ${stands}`
  if (question?.kind === 'alike') return `may be ${commit}, ${stands}`
  return question?.kind === 'needless' ? `may be needless by ${commit}` : whole
}

export function repairRows(results: readonly PatchResult[], medium: Medium): Row[] {
  return namedRows(results, medium, ({ verdict }) => forTerminal(verdict.reason ?? ''))
}

export function waitRows(results: readonly PatchResult[], medium: Medium): Row[] {
  return namedRows(results, medium, ({ landing, verdict }) => {
    const waits = landing.kind === 'blocked' ? `waits for ${landing.by.join(', ')}` : ''
    return [waits, forTerminal(verdict.reason ?? '')].filter((part) => part !== '').join('; ')
  })
}

export function refreshRows(results: readonly PatchResult[], medium: Medium): Row[] {
  return namedRows(results, medium, describeMove)
}

/** How a patch landed that is to be refreshed. */
export function describeMove({ landing, rebuild }: PatchResult): string {
  const onBase = rebuild.kind === 'fuzz' ? `; fuzz ${rebuild.lines} on its base` : ''
  return `${describeLanding(landing)}${onBase}`
}

export function keepRows(results: readonly PatchResult[], medium: Medium): Row[] {
  return namedRows(results, medium, ({ verdict }) => forTerminal(verdict.reason ?? ''))
}

/** Whether a patch landed where no merge vouches for its place. */
export function isToLookAt({ landing }: PatchResult): boolean {
  return landing.kind === 'fuzz' || (landing.kind === 'offset' && landing.by === 'context')
}

function describeLanding(landing: PatchResult['landing']): string {
  if (landing.kind === 'offset' && landing.by === 'context') return 'by its context; a merge conflicts: look at it'
  if (landing.kind === 'offset') return `moved by ${plural(landing.lines, 'line')}`
  if (landing.kind === 'fuzz')
    return `fuzz ${landing.lines}: ${plural(landing.lines, 'line')} of context changed, look at it`
  return 'merged: its surroundings changed'
}

/** A patch to mend: its name, file and hunks whole before the commit that changed the same. */
export function mendRows(results: readonly PatchResult[], work: ReadonlyMap<number, WorkItem>, medium: Medium): Row[] {
  const facts = results.map((result) => mendFacts(result, work.get(result.patch.position)))
  return medium.width < WIDE ? facts.map((fact) => twoLines(fact, medium)) : oneLine(facts, medium)
}

/** What is said of a patch to mend, in columns. */
interface MendFacts {
  head: string
  name: string
  path: string
  more: string
  hunks: string
  /** Why, where no lines are in conflict, or no commit is known. */
  reason: string
  commit: string
  subject: string
  /** What mending it costs less, and brings. */
  notes: string
}

function mendFacts(result: PatchResult, item: WorkItem | undefined): MendFacts {
  const { landing, verdict } = result
  const conflicts = 'conflicts' in landing ? landing.conflicts : []
  const [first] = [...conflicts].sort((one, other) => other.hunksFailed - one.hunksFailed)
  const culprit = mainCulprit(result)
  const sum = (field: 'hunks' | 'hunksFailed') => conflicts.reduce((total, conflict) => total + conflict[field], 0)
  const isTold = culprit && first && first.regions.length > 0
  const notes = [...suggestedInWords(conflicts), ...(item && item.frees.length > 0 ? [freesInWords(item)] : [])]
  return {
    head: head(result),
    name: nameOf(result),
    path: first ? forTerminal(toText(first.path)) : '',
    more: conflicts.length > 1 ? ` +${conflicts.length - 1}` : '',
    hunks: first ? `${sum('hunksFailed')}/${sum('hunks')}` : '',
    reason: isTold ? '' : forTerminal(first?.reason ?? verdict.reason ?? ''),
    commit: culprit?.sha.slice(0, COMMIT) ?? '',
    subject: forTerminal(culprit?.subject ?? ''),
    notes: notes.join(', '),
  }
}

/** So many freed patches are named. */
const NAMED = 3

function freesInWords({ frees }: WorkItem): string {
  const more = frees.length - NAMED
  return `frees ${frees.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** How much of a patch's conflicts is suggested to be mended. */
function suggestedInWords(conflicts: readonly Conflict[]): string[] {
  const suggested = conflicts.flatMap(({ suggestion }) => suggestion ?? [])
  if (suggested.length === 0) return []
  if (suggested.length < conflicts.length) return ['suggested in part']
  return [suggested.every(({ sure }) => sure) ? 'suggested, sure' : 'suggested']
}

function twoLines(fact: MendFacts, { width }: Medium): Row {
  const room = width - stringWidth(fact.head) - (fact.notes === '' ? 0 : stringWidth(fact.notes) + 2)
  const first = spread(`${fact.head}${cutMiddle(fact.name, room)}`, fact.notes, width).trimEnd()
  const rest = [fact.hunks, fact.reason, fact.commit].filter((part) => part !== '').join('  ')
  const path = `${shortPath(fact.path, Math.max(MIN_NAME, width - 8 - stringWidth(rest + fact.more)))}${fact.more}`
  const second = `      ${[path, rest].filter((part) => part !== '').join('  ')}`
  if (stringWidth(second) > width) return [first, ...fold(second.trim(), width, '      ')]
  return [first, subjectBehind(second, fact.subject, width)]
}

/** A few letters of a subject tell nothing. */
const MIN_SUBJECT = 8

function subjectBehind(line: string, subject: string, width: number): string {
  const room = width - stringWidth(line) - 2
  return subject === '' || room < MIN_SUBJECT ? line : `${line}  ${cut(subject, room)}`
}

const MAX_NAME = 63
const MAX_PATH = 35

function oneLine(facts: readonly MendFacts[], medium: Medium): Row[] {
  const { width } = medium
  const column = (texts: readonly string[], most: number) =>
    Math.min(Math.max(0, ...texts.map((text) => stringWidth(text))), Number.isFinite(width) ? most : width)
  const nameWidth = column(
    facts.map(({ name }) => name),
    Math.min(MAX_NAME, Math.floor(width * 0.4)),
  )
  const pathOf = ({ path, more }: MendFacts, most: number) => `${shortPath(path, most - stringWidth(more))}${more}`
  const pathWidth = column(
    facts.map(({ path, more }) => path + more),
    Math.min(MAX_PATH, Math.floor(width * 0.22)),
  )
  const hunksWidth = column(
    facts.map(({ hunks }) => hunks),
    width,
  )
  return facts.map((fact) => {
    const cells = [
      `${fact.head}${pad(cutMiddle(fact.name, nameWidth), nameWidth)}`,
      pad(pathOf(fact, pathWidth), pathWidth),
      fact.hunks.padStart(hunksWidth),
      ...[fact.reason, fact.commit].filter((part) => part !== ''),
    ]
    const notes = fact.notes === '' ? 0 : stringWidth(fact.notes) + 2
    const told = cells.join('  ').trimEnd()
    if (stringWidth(told) + notes > width) return twoLines(fact, medium)
    const line = subjectBehind(told, fact.subject, width - notes)
    return spread(line, fact.notes, width).trimEnd().split('\n')
  })
}
