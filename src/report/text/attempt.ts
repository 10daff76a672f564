/** One attempt for people: the answer, what to do in the order of the work, how to go on. */
import stringWidth from 'string-width'
import type { PatchResult, RecordedAttempt } from '../../model/attempt.ts'
import type { Problem } from '../../model/patch.ts'
import { type Part, tallyOf } from '../../model/tally.ts'
import {
  count,
  fold,
  type Medium,
  type NextCommand,
  nextLines,
  percent,
  plural,
  type Style,
  spread,
  styleFor,
} from '../layout.ts'
import { besideOf } from '../queue-name.ts'
import { forTerminal } from '../sanitize.ts'
import { groupLines, type Limits } from './attempt-groups.ts'
import { WIDE } from './attempt-rows.ts'
import { type GroupName, type Groups, groupsOf } from './groups.ts'

export interface AttemptTextOptions extends Medium {
  /** Lines of the terminal that it is to fit; null where every patch is to be shown. */
  height: number | null
  /**
   * What "rebaseline show" needs to find the record from here, with a blank in front: " --queue
   * patches"; empty where it finds it by itself.
   */
  locator: string
  /** The groups that are asked for; none where it is all of them. */
  only: readonly GroupName[]
  /** What is to be said besides. */
  notes: readonly string[]
}

/** Everything: what is piped, and what is asked for with "show". */
const ALL: Limits = { drop: 'rows', mend: Infinity, review: Infinity, notes: Infinity, isWhole: true }

/** From much to little: the first that leaves room for a few patches to mend is taken. */
const SHORTER: readonly Limits[] = [
  { drop: 'grounds', mend: 3, review: 5, notes: 4, isWhole: false },
  { drop: 'grounds', mend: 3, review: 3, notes: 2, isWhole: false },
  { drop: 'none', mend: 2, review: 2, notes: 1, isWhole: false },
  { drop: 'none', mend: 1, review: 0, notes: 1, isWhole: false },
]

export function attemptToText(attempt: RecordedAttempt, options: AttemptTextOptions): string {
  const groups = groupsOf(attempt.results)
  const lines = options.height === null ? linesOf(attempt, groups, options, ALL) : fitting(attempt, groups, options)
  return `${lines.join('\n')}\n`
}

/** As much as the terminal has lines for, the prompt's left free; what is left over goes to MEND. */
function fitting(attempt: RecordedAttempt, groups: Groups, options: AttemptTextOptions): string[] {
  const { width, height } = options
  const rowsOf = (lines: readonly string[]) =>
    lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(stringWidth(line) / width)), 0)
  const fits = (lines: readonly string[]) => rowsOf(lines) < (height ?? Infinity)
  for (const limits of SHORTER) {
    for (let mend = groups.mend.length; mend >= Math.min(limits.mend, groups.mend.length); mend--) {
      const lines = linesOf(attempt, groups, options, { ...limits, mend })
      if (fits(lines)) return lines
    }
  }
  const least: Limits = { drop: 'none', mend: 1, review: 0, notes: 0, isWhole: false }
  return linesOf(attempt, groups, options, least).filter((line) => line !== '')
}

function linesOf(attempt: RecordedAttempt, groups: Groups, options: AttemptTextOptions, limits: Limits): string[] {
  const style = styleFor(options)
  const isPart = options.only.length > 0
  return [
    ...headline(attempt, options, style),
    ...(isPart ? [] : foundLines(attempt, options, limits)),
    '',
    ...groupLines(attempt, groups, options, limits),
    ...(isPart ? [] : sumLines(attempt, groups)),
    ...nextLines(nextCommands(attempt, groups, options), options),
  ]
}

/** What was tried, and the answer in one sentence. */
function headline(attempt: RecordedAttempt, { width }: Medium, style: Style): string[] {
  const { results, base, target, called } = attempt
  const title = `${called}: ${plural(results.length, 'patch', 'patches')} on ${refOf(base)}, tried on ${refOf(target)}`
  const run = `attempt @${attempt.id}, ${(attempt.durationMs / 1000).toFixed(1)} s`
  const { patches, leave, mend, repair, decide } = tallyOf(results)
  const down = leave > 0 && leave < patches ? `, down ${percent(leave / patches)}` : ''
  const sizes = `${count(patches)} -> ${count(patches - leave)} patches to carry${down}`
  const left = leave === 0 ? 'none leaves' : patches === 1 ? 'it leaves' : plural(leave, 'leaves', 'leave')
  const parts = [
    left,
    ...(leave === patches ? [] : [mend === 0 ? 'nothing to mend' : `${count(mend)} to mend`]),
    ...(repair > 0 ? [`${count(repair)} to repair`] : []),
    ...(decide > 0 ? [`${count(decide)} to decide`] : []),
  ]
  return [
    ...spread(forTerminal(title), width < WIDE ? `@${attempt.id}` : run, width).split('\n'),
    ...fold(`${sizes}: ${parts.join(', ')}.`, width, '').map((line) => line.replace(sizes, style.bold(sizes))),
  ]
}

/** A whole commit id would leave no room for anything else. */
function refOf({ ref }: { ref: string }): string {
  return /^[0-9a-f]{40,64}$/.test(ref) ? ref.slice(0, 12) : ref
}

/** What was found and not given, and what a person should know, each behind a word. */
function foundLines(
  { id, results, base, queue }: RecordedAttempt,
  { width, notes, locator }: AttemptTextOptions,
  limits: Limits,
): string[] {
  const strange = results.filter(({ rebuild }) => rebuild.kind === 'failed').length
  const answered = results.filter(({ overrule }) => overrule !== null).length
  const ofBase = [
    ...(base.found === 'given' ? [] : [describeFound(base.found)]),
    ...(strange > 0 ? [misfits(strange, results.length)] : []),
  ]
  const left = disabledInWords(queue.disabled)
  const said = [...queue.notes.map(noteInWords), ...notes]
  const shown = said.slice(0, limits.notes)
  const more = said.length - shown.length
  const answers = `${plural(answered, 'verdict rests', 'verdicts rest')} on a person's answer: rebaseline overrule${locator}`
  const row = (word: string, text: string) => {
    const [first = '', ...rest] = fold(forTerminal(text), width, ' '.repeat(8))
    return [`${word.padEnd(8)}${first.trimStart()}`, ...rest]
  }
  return [
    ...(ofBase.length > 0 ? row('base', `${refOf(base)}, ${ofBase.join('; ')}`) : []),
    ...(queue.order.startsWith('guessed') ? row('order', describeFound(queue.order)) : []),
    ...(left === '' ? [] : row('out', `not counted: ${left}`)),
    ...(answered > 0 ? row('people', answers) : []),
    ...shown.flatMap((note) => row('note', note)),
    ...(more > 0 ? row('note', `${more} more: rebaseline show${locator} @${id}`) : []),
  ]
}

/** "patches/series:12: …", with what to do. */
export function noteInWords({ file, line, message, hint }: Problem): string {
  return `${file}${line === null ? '' : `:${line}`}: ${message}; ${hint}`
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
    .map(([reason, number]) => `${number} ${reason.replace(/^guard\b/, 'left out by the guard')}`)
    .join(', ')
}

/** A few misfits are in many queues; where they are a fifth, it is the base that does not fit. */
function misfits(strange: number, all: number): string {
  const note = `${plural(strange, 'patch does', 'patches do')} not apply to it`
  return strange * 5 >= all ? `${note}: is it the right one (--base)?` : note
}

/** Words for the parts of an attempt that is carried on, in the order of the groups. */
const SUM: readonly [Exclude<Part, 'leave'>, string][] = [
  ['mend', 'mend'],
  ['repair', 'repair'],
  ['wait', 'wait'],
  ['refresh', 'refresh'],
  ['keep', 'keep'],
  ['decide', 'review'],
]

/** How the numbers add up; nothing where there are but two. */
function sumLines({ results, base }: RecordedAttempt, { review }: Groups): string[] {
  const tally = tallyOf(results)
  const parts = SUM.filter(([part]) => tally[part] > 0)
  if (parts.length + Number(tally.leave > 0) < 3) return []
  const others = review.length - tally.decide
  const also = others === 0 ? '' : ` (${others} more ${others === 1 ? 'is' : 'are'} among the ${tally.mend})`
  return [
    `${count(tally.patches)} on ${forTerminal(refOf(base))} - ${count(tally.leave)} leave = ${count(tally.patches - tally.leave)} to carry:`,
    `${parts.map(([part, word]) => `${count(tally[part])} ${word}`).join(' + ')}${also}`,
    '',
  ]
}

/** More would be read by nobody. */
const NEXT = 3

/** What to do next, the work first; each can be pasted where one stands. */
function nextCommands(
  attempt: RecordedAttempt,
  { mend, review, repair }: Groups,
  { locator, height, only }: AttemptTextOptions,
): NextCommand[] {
  const { id, results } = attempt
  const show = `rebaseline show${locator} @${id}`
  const [first, open, broken] = [mend[0], review[0], repair[0]]
  const firstOf = (patches: readonly PatchResult[], what: string) =>
    patches.length === 1 ? `the one ${what}` : `the first of ${patches.length} ${what}`
  const isAlone = height === null && only.length === 0
  const commands: (NextCommand | false)[] = [
    first !== undefined && [
      `rebaseline resolve${locator} --attempt @${id}`,
      `mend ${mend.length}, from ${first.patch.position} on`,
    ],
    broken !== undefined && [`${show} ${broken.patch.position}`, firstOf(repair, 'that cannot be read')],
    open !== undefined && [`${show} ${open.patch.position}`, firstOf(review, 'to decide')],
    first === undefined &&
      broken === undefined && [
        `rebaseline export${locator} --attempt @${id} --output ${besideOf(attempt)}`,
        'the queue for the target',
      ],
    !isAlone && [show, `all ${results.length}`],
  ]
  return commands.filter((command) => command !== false).slice(0, NEXT)
}
