/** One attempt for people: what to do, grouped by that, on a terminal of any width. */

import { type Action, type Conflict, type PatchResult, type RecordedAttempt, summarize } from '../../model/attempt.ts'
import { toText } from '../../model/bytes.ts'
import type { UpstreamCommit, UpstreamFinding } from '../../model/finding.ts'
import { breakagesIn, type WorkItem, workListOf } from '../../model/work-list.ts'
import { cut, cutMiddle, type Medium, pad, plural, type Style, spread, styleFor, wrap } from '../layout.ts'
import { forTerminal } from '../sanitize.ts'

export interface AttemptTextOptions extends Medium {
  /** Whether long groups are given in full. */
  whole: boolean
  /**
   * What "rebaseline show" needs to find the record from here, with a blank in front: " --queue
   * patches"; empty where it finds it by itself.
   */
  locator: string
}

/** A longer group is cut to so many rows, unless all are wanted. */
const SHORT_GROUP = 20

const NEEDS_A_PERSON: ReadonlySet<Action> = new Set(['review', 'repair', 'rework'])

const GROUPS: { action: Action; title: string; says: (results: PatchResult[]) => string }[] = [
  { action: 'drop', title: 'DROP', says: (results) => dropped(results) },
  { action: 'review', title: 'REVIEW', says: (results) => `${results.length} look upstream: check before dropping` },
  { action: 'repair', title: 'REPAIR', says: (results) => `${results.length} cannot be read` },
  { action: 'rework', title: 'MEND', says: (results) => `${results.length}, in this order` },
  { action: 'wait', title: 'WAIT', says: (results) => `${results.length} land once those above are mended` },
  { action: 'refresh', title: 'REFRESH', says: (results) => `${results.length} moved, no conflict` },
  { action: 'keep', title: 'KEEP', says: (results) => `${results.length} as they are` },
]

export function attemptToText(attempt: RecordedAttempt, options: AttemptTextOptions): string {
  const style = styleFor(options)
  const workList = workListOf(attempt.results)
  const work = new Map(workList.map((item) => [item.position, item]))
  const rankOf = new Map(workList.map(({ position }, rank) => [position, rank]))
  const lines = [...headline(attempt, options, style), '']
  for (const group of GROUPS) {
    const results = inOrder(
      attempt.results.filter((result) => result.verdict.action === group.action),
      rankOf,
    )
    if (results.length === 0) continue
    const others = group.action === 'rework' ? workList.length - results.length : 0
    const more = others > 0 ? `; ${others} more in conflict above` : ''
    lines.push(`${style.bold(group.title)} ${group.says(results)}${more}`)
    lines.push(...groupRows(attempt, { action: group.action, results }, options, { work, style }), '')
    if (group.action === 'rework') lines.push(...breakageLines(attempt.results, options, style))
  }
  lines.push(...nextCommands(attempt, rankOf, options))
  return `${lines.join('\n')}\n`
}

/** Patches to mend come in the order of the work list, all others in that of the queue. */
function inOrder(results: PatchResult[], rankOf: ReadonlyMap<number, number>): PatchResult[] {
  const rank = ({ patch }: PatchResult) => rankOf.get(patch.position) ?? patch.position
  return results.sort((one, other) => rank(one) - rank(other))
}

const MAX_BREAKAGES = 5

/** The upstream commits behind several conflicts: to understand one of them mends many patches. */
function breakageLines(results: readonly PatchResult[], { width, whole }: AttemptTextOptions, style: Style): string[] {
  const breakages = breakagesIn(results)
  if (breakages.length === 0) return []
  const shown = whole ? breakages : breakages.slice(0, MAX_BREAKAGES)
  const rows = shown.map(({ culprit: { sha, firstTag, subject }, patches }) => {
    const head = `  ${sha.slice(0, 10)}  ${firstTag ?? 'no release yet'}  broke ${patches.length}: ${patches.join(', ')}`
    return cut(forTerminal(`${head}  "${subject}"`), width)
  })
  const more = breakages.length - shown.length
  return [
    style.bold('BROKEN BY one upstream commit, several patches'),
    ...rows,
    ...(more > 0 ? [style.dim(`  … ${more} more`)] : []),
    '',
  ]
}

function headline(attempt: RecordedAttempt, { width }: Medium, style: Style): string[] {
  const { results, base, target, queue } = attempt
  const summary = summarize(results)
  const leave = summary.upstreamed + summary.droppable
  const failing = summary.conflicting + summary.blocked + summary.invalid
  const found = base.found === 'given' ? '' : ` (${describeFound(base.found)})`
  const title = `${plural(results.length, 'patch', 'patches')} on ${base.ref}${found}, tried on ${target.ref}`
  const run = `attempt ${attempt.id}, ${(attempt.durationMs / 1000).toFixed(1)} s`
  const sizes = `${results.length} -> ${results.length - leave} patches to carry`
  const counts = [
    leave > 0
      ? `${leave} leave: ${dropped(results.filter((result) => result.verdict.action === 'drop'))}`
      : 'none leaves',
    failing > 0 ? `${failing} fail, ${summary.conflicting + summary.invalid} to mend` : 'none fails',
  ]
  const left = disabledInWords(queue.disabled)
  const answered = results.filter(({ overrule }) => overrule !== null).length
  const strange = results.filter(({ rebuild }) => rebuild.kind === 'failed').length
  return [
    ...spread(forTerminal(title), run, width).split('\n'),
    `${style.bold(sizes)}; ${counts.join('. ')}.`,
    ...(answered > 0
      ? [`${plural(answered, 'verdict rests', 'verdicts rest')} on a person's answer: rebaseline overrule lists them`]
      : []),
    ...(strange > 0 ? [forTerminal(baseNote(strange, results.length, base.ref))] : []),
    ...(queue.order.startsWith('guessed') ? [style.dim(forTerminal(`order ${describeFound(queue.order)}`))] : []),
    ...(left === '' ? [] : [style.dim(forTerminal(`not counted: ${left}`))]),
  ]
}

const FOUND_IN_WORDS: Readonly<Record<string, string>> = {
  blobs: 'found by its blob ids',
  version: 'found by the version that the queue names',
  stack: 'found by the stack that the queue is on',
  'merge-base': 'found where the two histories part',
  search: 'found by trying',
}

/** "stated in debian/changelog:1", "guessed: no series lists them". */
export function describeFound(found: string): string {
  return (
    FOUND_IN_WORDS[found] ??
    found.replace(/^stated \((.*)\)$/s, 'stated in $1').replace(/^guessed \((.*)\)$/s, 'guessed: $1')
  )
}

/** "3 commented out, 1 left out by the guard x86". */
export function disabledInWords(disabled: RecordedAttempt['queue']['disabled']): string {
  const counts = new Map<string, number>()
  for (const { reason } of disabled) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts]
    .map(([reason, count]) => `${count} ${reason.replace(/^guard\b/, 'left out by the guard')}`)
    .join(', ')
}

/** A few misfits are in many queues; where they are a fifth, it is the base that does not fit. */
function baseNote(strange: number, all: number, base: string): string {
  const note = `${plural(strange, 'patch does', 'patches do')} not apply to the base ${base}`
  return strange * 5 >= all ? `${note}: is it the right one (--base)?` : note
}

function dropped(results: PatchResult[]): string {
  const { upstreamed, droppable } = summarize(results)
  return [upstreamed > 0 ? `${upstreamed} upstreamed` : '', droppable > 0 ? `${droppable} droppable` : '']
    .filter((part) => part !== '')
    .join(', ')
}

function groupRows(
  attempt: RecordedAttempt,
  { action, results }: { action: Action; results: PatchResult[] },
  options: AttemptTextOptions,
  { work, style }: { work: ReadonlyMap<number, WorkItem>; style: Style },
): string[] {
  if (action === 'keep')
    return wrap(
      results.map((result) => cutMiddle(nameOf(result), options.width - 6)),
      options.width,
      '      ',
    )
  const isShort = options.whole || results.length <= SHORT_GROUP + 4 || NEEDS_A_PERSON.has(action)
  const shown = isShort ? results : results.slice(0, SHORT_GROUP)
  const isWide = options.width >= 120
  const longest = Math.max(...shown.map((result) => nameOf(result).length))
  const nameWidth = Math.min(longest, Math.floor(options.width * 0.42))
  const rows = shown.map((result) => {
    const details = cut(forTerminal(detailsOf(result, work, isWide)), options.width - nameWidth - 9)
    const name = pad(cutMiddle(nameOf(result), nameWidth), nameWidth)
    return `${String(result.patch.position).padStart(5)}  ${name}  ${style.dim(details)}`
  })
  const more = results.length - shown.length
  return more > 0
    ? [...rows, style.dim(`       … ${more} more: rebaseline show${options.locator} ${attempt.id}`)]
    : rows
}

function nameOf({ patch }: PatchResult): string {
  return forTerminal(patch.name)
}

/**
 * What of a result a maintainer wants to see in one line; the first words matter most, the last may
 * be cut off.
 */
function detailsOf(result: PatchResult, work: ReadonlyMap<number, WorkItem>, isWide: boolean): string {
  const { landing, upstream, verdict, overrule } = result
  const commit = upstream.commits[0]
  if (overrule) return verdict.reason ?? ''
  switch (verdict.action) {
    case 'drop':
      return commit ? describeCommit(commit, upstream, isWide) : (verdict.reason ?? '')
    case 'review':
      return [verdict.reason ?? '', `${percent(upstream.survival)} of it stands`, landing.kind].join('; ')
    case 'rework':
      return describeConflicts(result, work.get(result.patch.position), isWide)
    case 'wait':
      return landing.kind === 'blocked' ? `waits for ${landing.by.join(', ')}` : ''
    case 'refresh':
      return describeMove(result)
    default:
      return verdict.reason ?? ''
  }
}

function describeCommit(commit: UpstreamCommit, upstream: UpstreamFinding, isWide: boolean): string {
  const others = upstream.parts > 1 ? ` and ${upstream.parts - 1} more` : ''
  const head = `is ${commit.sha.slice(0, 10)}${others}  ${commit.firstTag ?? 'no release yet'}  ${commit.signals.join(', ')}`
  if (!isWide) return head
  return `${head}; ${percent(commit.coverage)} of its lines, ${percent(upstream.survival)} in the target; "${commit.subject}"`
}

function describeConflicts({ landing, verdict }: PatchResult, item: WorkItem | undefined, isWide: boolean): string {
  const [first, ...others] = landing.kind === 'conflict' ? landing.conflicts : []
  if (!first) return verdict.reason ?? ''
  const [culprit] = [first, ...others].flatMap((conflict) => conflict.culprits)
  const more = others.length > 0 ? ` and ${plural(others.length, 'more file')}` : ''
  const parts = [
    `${first.hunksFailed} of ${plural(first.hunks, 'hunk')}`,
    ...(item && item.frees.length > 0 ? [`frees ${item.frees.length}`] : []),
    ...suggestedInWords([first, ...others]),
    ...(culprit ? [`by ${culprit.sha.slice(0, 10)}`] : []),
    `${toText(first.path)}${more}`,
    ...(culprit && isWide ? [`${culprit.firstTag ?? 'no release yet'} "${culprit.subject}"`] : []),
    ...(culprit && first.regions.length > 0 ? [] : [first.reason]),
  ]
  return parts.join('  ')
}

/** How much of a patch's conflicts is suggested to be mended. */
function suggestedInWords(conflicts: readonly Conflict[]): string[] {
  const suggested = conflicts.flatMap(({ suggestion }) => suggestion ?? [])
  if (suggested.length === 0) return []
  if (suggested.length < conflicts.length) return ['suggested in part']
  return [suggested.every(({ sure }) => sure) ? 'suggested, sure' : 'suggested']
}

/** How a patch landed that is to be refreshed, in words. */
export function describeMove({ landing, rebuild }: PatchResult): string {
  const base = rebuild.kind === 'fuzz' ? `; fuzz ${rebuild.lines} on its base` : ''
  return `${describeLanding(landing)}${base}`
}

function describeLanding(landing: PatchResult['landing']): string {
  if (landing.kind === 'offset' && landing.by === 'context') return 'by its context; a merge conflicts: look at it'
  if (landing.kind === 'offset') return `moved by ${plural(landing.lines, 'line')}`
  if (landing.kind === 'fuzz')
    return `fuzz ${landing.lines}: ${plural(landing.lines, 'line')} of context changed, look at it`
  return 'merged: its surroundings changed'
}

export function percent(share: number): string {
  // Never 100 % of something that is not whole.
  return `${share === 1 ? 100 : Math.min(99, Math.round(share * 100))} %`
}

function nextCommands(
  attempt: RecordedAttempt,
  rankOf: ReadonlyMap<number, number>,
  { width, locator }: AttemptTextOptions,
): string[] {
  const urgent = ['rework', 'repair', 'review', 'drop', 'refresh', 'keep'] as const
  const first = urgent
    .map((action) => {
      const results = attempt.results.filter((result) => result.verdict.action === action)
      return inOrder(results, rankOf)[0]
    })
    .find((result) => result)
  const patch = first ? `rebaseline show${locator} ${attempt.id} ${first.patch.position}` : null
  const commands = [patch, `rebaseline show${locator} ${attempt.id}`].filter((command) => command !== null)
  return wrap(['next:', ...commands], width, '')
}
