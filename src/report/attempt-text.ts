/** One attempt for people: what to do, grouped by that, on a terminal of any width. */
import { type Action, type PatchResult, type RecordedAttempt, summarize } from '../model/attempt.ts'
import { toText } from '../model/bytes.ts'
import type { UpstreamCommit, UpstreamFinding } from '../model/finding.ts'
import { cut, cutMiddle, type Medium, pad, plural, type Style, spread, styleFor, wrap } from './layout.ts'
import { forTerminal } from './sanitize.ts'

export interface AttemptTextOptions extends Medium {
  /** Whether long groups are given in full. */
  whole: boolean
}

/** A longer group is cut to so many rows, unless all are wanted. */
const SHORT_GROUP = 20

const GROUPS: { action: Action; title: string; says: (results: PatchResult[]) => string }[] = [
  { action: 'drop', title: 'DROP', says: (results) => dropped(results) },
  { action: 'review', title: 'REVIEW', says: (results) => `${results.length} look upstream: check before dropping` },
  { action: 'repair', title: 'REPAIR', says: (results) => `${results.length} cannot be read` },
  { action: 'rework', title: 'REWORK', says: (results) => `${results.length} in conflict` },
  { action: 'wait', title: 'WAIT', says: (results) => `${results.length} land once those above are mended` },
  { action: 'refresh', title: 'REFRESH', says: (results) => `${results.length} moved, no conflict` },
  { action: 'keep', title: 'KEEP', says: (results) => `${results.length} as they are` },
]

export function attemptToText(attempt: RecordedAttempt, options: AttemptTextOptions): string {
  const style = styleFor(options)
  const lines = [...headline(attempt, options, style), '']
  for (const group of GROUPS) {
    const results = attempt.results.filter((result) => result.verdict.action === group.action)
    if (results.length === 0) continue
    lines.push(`${style.bold(group.title)} ${group.says(results)}`)
    lines.push(...groupRows(attempt, group.action, results, options, style), '')
  }
  lines.push(...nextCommands(attempt, options))
  return `${lines.join('\n')}\n`
}

function headline(attempt: RecordedAttempt, { width }: Medium, style: Style): string[] {
  const { results, base, target, queue } = attempt
  const summary = summarize(results)
  const leave = summary.upstreamed + summary.droppable
  const failing = summary.conflicting + summary.blocked + summary.invalid
  const found = base.found === 'given' ? '' : ` (found by ${base.found === 'blobs' ? 'its blob ids' : 'trying'})`
  const title = `${plural(results.length, 'patch', 'patches')} on ${base.ref}${found}, tried on ${target.ref}`
  const run = `attempt ${attempt.id}, ${(attempt.durationMs / 1000).toFixed(1)} s`
  const sizes = `${results.length} -> ${results.length - leave} patches to carry`
  const counts = [
    leave > 0
      ? `${leave} leave: ${dropped(results.filter((result) => result.verdict.action === 'drop'))}`
      : 'none leaves',
    failing > 0 ? `${failing} fail, ${summary.conflicting + summary.invalid} to mend` : 'none fails',
  ]
  const left = [
    queue.disabled > 0 ? `${queue.disabled} commented out` : '',
    queue.guarded > 0 ? `${queue.guarded} left out by their guards` : '',
  ].filter((part) => part !== '')
  return [
    ...spread(forTerminal(title), run, width).split('\n'),
    `${style.bold(sizes)}; ${counts.join('. ')}.`,
    ...(left.length > 0 ? [style.dim(`not counted: ${left.join(', ')}`)] : []),
  ]
}

function dropped(results: PatchResult[]): string {
  const { upstreamed, droppable } = summarize(results)
  return [upstreamed > 0 ? `${upstreamed} upstreamed` : '', droppable > 0 ? `${droppable} droppable` : '']
    .filter((part) => part !== '')
    .join(', ')
}

function groupRows(
  attempt: RecordedAttempt,
  action: Action,
  results: PatchResult[],
  options: AttemptTextOptions,
  style: Style,
): string[] {
  if (action === 'keep')
    return wrap(
      results.map((result) => cutMiddle(nameOf(result), options.width - 6)),
      options.width,
      '      ',
    )
  const shown = options.whole || results.length <= SHORT_GROUP + 4 ? results : results.slice(0, SHORT_GROUP)
  const longest = Math.max(...shown.map((result) => nameOf(result).length))
  const nameWidth = Math.min(longest, Math.floor(options.width * (options.width >= 120 ? 0.4 : 0.42)))
  const rows = shown.map((result) => {
    const details = cut(detailsOf(result, options.width), options.width - nameWidth - 9)
    const name = pad(cutMiddle(nameOf(result), nameWidth), nameWidth)
    return `${String(result.patch.position).padStart(5)}  ${name}  ${style.dim(details)}`
  })
  const more = results.length - shown.length
  return more > 0 ? [...rows, style.dim(`       … ${more} more: rebaseline show ${attempt.id}`)] : rows
}

function nameOf({ patch }: PatchResult): string {
  return forTerminal(patch.name)
}

/** What of a result a maintainer wants to see in one line; the first words matter most, the last may be cut off. */
function detailsOf(result: PatchResult, width: number): string {
  const { landing, upstream, verdict } = result
  const commit = upstream.commits[0]
  switch (verdict.action) {
    case 'drop':
      return commit ? describeCommit(commit, upstream, width) : (verdict.reason ?? '')
    case 'review':
      return forTerminal([verdict.reason ?? '', landing.kind].join('; '))
    case 'rework':
      return forTerminal(describeConflicts(result))
    case 'wait':
      return landing.kind === 'blocked' ? `waits for ${landing.by.join(', ')}` : ''
    case 'refresh':
      return describeMove(result)
    default:
      return forTerminal(verdict.reason ?? '')
  }
}

function describeCommit(commit: UpstreamCommit, upstream: UpstreamFinding, width: number): string {
  const tag = commit.firstTag ?? 'no release yet'
  const same = commit.signals.map((signal) => SIGNAL_WORDS[signal]).join(', ')
  const text = `${percent(commit.coverage)} of its lines, ${percent(upstream.survival)} in the target`
  const subject = width >= 120 ? `; "${commit.subject}"` : ''
  return forTerminal(`is ${commit.sha.slice(0, 10)}  ${tag}  ${same}; ${text}${subject}`)
}

const SIGNAL_WORDS: Record<UpstreamCommit['signals'][number], string> = {
  name: 'named by file',
  trailer: 'named by trailer',
  'patch-id': 'same patch-id',
  subject: 'same subject',
  similar: 'alike',
  content: 'content there',
}

function describeConflicts({ landing, verdict }: PatchResult): string {
  if (landing.kind !== 'conflict') return verdict.reason ?? ''
  const [first] = landing.conflicts
  if (!first) return verdict.reason ?? ''
  const failed = landing.conflicts.reduce((sum, conflict) => sum + conflict.hunksFailed, 0)
  const others = landing.conflicts.length > 1 ? ` and ${plural(landing.conflicts.length - 1, 'more file')}` : ''
  return `${plural(failed, 'hunk')}: ${toText(first.path)}${others}; ${first.reason}`
}

function describeMove({ landing }: PatchResult): string {
  if (landing.kind === 'offset') return `moved by ${plural(landing.lines, 'line')}`
  if (landing.kind === 'fuzz')
    return `fuzz ${landing.lines}: ${plural(landing.lines, 'line')} of context changed, look at it`
  return 'merged: its surroundings changed'
}

export function percent(share: number): string {
  // Never 100 % of something that is not whole.
  return `${share === 1 ? 100 : Math.min(99, Math.round(share * 100))} %`
}

function nextCommands(attempt: RecordedAttempt, { width }: Medium): string[] {
  const urgent = ['rework', 'repair', 'review', 'drop', 'refresh', 'keep'] as const
  const first = urgent
    .map((action) => attempt.results.find((result) => result.verdict.action === action))
    .find((result) => result)
  const patch = first ? `rebaseline show ${attempt.id} ${first.patch.position}` : null
  const commands = [patch, `rebaseline show ${attempt.id}`].filter((command) => command !== null)
  return wrap(['next:', ...commands], width, '')
}
