/**
 * One patch of an attempt in full, for people: what was said of it, why, its conflict, and the
 * patch itself.
 */
import type { Action, AttemptFacts, PatchResult, RecordedPatch } from '../../model/attempt.ts'
import { type ByteString, toText } from '../../model/bytes.ts'
import type { Comparison } from '../../model/comparison.ts'
import { losesNothing } from '../../model/fate.ts'
import type { Question, UpstreamFinding } from '../../model/finding.ts'
import type { Overrule } from '../../model/overrule.ts'
import type { PatchSummary } from '../../model/patch.ts'
import type { RegionLines } from '../../model/region.ts'
import {
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
import { forTerminal, linesForTerminal, shellPath } from '../sanitize.ts'
import { besideLines } from './compare.ts'
import { colorDiff, conflictLines } from './conflict.ts'
import { fateLines } from './fates.ts'
import { standingOf } from './standing.ts'

/** How the same patch fared in another attempt. */
export interface OtherAttempt {
  id: number
  target: string
  verdict: string
  landing: string
}

export interface PatchTextFacts extends RecordedPatch {
  content: ByteString
  others: OtherAttempt[]
  /** What "rebaseline show" needs to find the record from here, with a blank in front. */
  locator: string
  diffs: RegionLines
  suggestedLines: RegionLines
  /** The patch beside the commits that it leaves for. */
  comparisons: readonly Comparison[]
  /** A person's answer that the attempt does not know of yet. */
  since: Overrule | null
}

export function patchToText(shown: PatchTextFacts, medium: Medium): string {
  const { attempt, result, content, others, since } = shown
  const style = styleFor(medium)
  const lines = [
    ...headline(shown, medium, style),
    ...facts(result, medium),
    ...(result.verdict.reason ? fold(forTerminal(result.verdict.reason), medium.width, '    ') : []),
    ...(since ? [answerLine(since)] : []),
    ...landingLines(result),
    ...('conflicts' in result.landing
      ? conflictLines(result.landing.conflicts, { ...shown, upstream: attempt.upstream }, medium)
      : []),
    ...upstreamLines(result, attempt, medium),
    ...comparisonLines(shown, medium),
    ...lifeLines(others, style),
    '',
    style.bold('THE PATCH'),
    ...linesForTerminal(toText(content)).map((line) => colorDiff(line, style)),
    '',
    ...nextLines(nextCommands(shown), medium),
  ]
  return `${lines.join('\n')}\n`
}

const IN_WORDS: Readonly<Record<Action, string>> = {
  ...{ drop: 'drop', review: 'decide', rework: 'mend', wait: 'wait', refresh: 'refresh', keep: 'keep' },
  repair: 'repair',
}

/** Which patch it is, what is said of it, and where. */
function headline({ attempt, result }: PatchTextFacts, { width }: Medium, style: Style): string[] {
  const { patch, verdict } = result
  const said = `${verdict.kind}: ${IN_WORDS[verdict.action]}   @${attempt.id}, ${forTerminal(attempt.target.ref)}`
  const [first = '', ...rest] = spread(`${patch.position} ${forTerminal(patch.name)}`, said, width).split('\n')
  const [name, right] = rest.length === 0 ? [first.slice(0, -said.length), said] : [first, '']
  return [`${style.bold(name)}${right}`, ...rest.map((line) => `    ${line}`)]
}

function facts({ patch }: PatchResult, { width }: Medium): string[] {
  const options = optionsOf(patch)
  const by = [patch.author?.replace(/ <.*$/, ''), patch.section, patch.owner].filter((part) => part)
  const changes = `+${patch.added} -${patch.removed} in ${plural(patch.files, 'file')}`
  const listed = [
    ...(patch.listed === null ? [] : [`listed in ${patch.listed}`]),
    ...(options === null ? [] : [`applied with ${options}`]),
    ...(patch.comment === null ? [] : [`comment: ${patch.comment}`]),
  ]
  const lines = [patch.subject, [...by, changes].join('; '), listed.join('; ')]
  return lines.flatMap((line) => (line ? fold(forTerminal(line), width, '    ') : []))
}

/** How patch(1) is to take it, where that is not as most are: "-p0 -R -d lib". */
function optionsOf({ strip, reversed, directory }: PatchSummary): string | null {
  const options = [strip === 1 ? [] : `-p${strip}`, reversed ? '-R' : [], directory === '' ? [] : `-d ${directory}`]
  return options.flat().join(' ') || null
}

function answerLine({ answer, by, at, reason }: Overrule): string {
  return `    answered since: ${answer}, by ${forTerminal(by)} on ${at.slice(0, 10)}: ${forTerminal(reason)}; it counts from the next try on`
}

function landingLines({ rebuild, landing }: PatchResult): string[] {
  const lines = ({ kind, ...rest }: { kind: string; lines?: number }) =>
    `${kind}${rest.lines === undefined ? '' : ` ${rest.lines}`}`
  const by = landing.kind === 'blocked' ? landing.by : []
  return [
    `    on its base ${lines(rebuild)}, on the target ${lines(landing)}`,
    ...('reason' in rebuild ? [`    ${forTerminal(rebuild.reason)}`, `    ${forTerminal(rebuild.hint)}`] : []),
    ...(by.length > 0 ? [`    lands once ${by.join(', ')} ${by.length === 1 ? 'is' : 'are'} in place: tried`] : []),
  ]
}

/** What is open, where something is asked. */
const ASKED: Readonly<Record<Question['kind'], string>> = {
  fates: 'not all of it is certain',
  alike: 'it may be there in other words',
  'taken-back': 'it landed, and was taken back',
  cut: 'not looked at whole: the clone is not whole',
  needless: 'a commit in its way may have made it needless',
}

/** What upstream has of it, in no bigger words than what was found. */
function standingInWords({ patch, upstream, verdict, landing }: PatchResult, target: string): string {
  const { status, survival, question, fates, revertedBy } = upstream
  const kept = fates.filter(losesNothing).length
  if (landing.kind === 'noop' && verdict.action === 'drop')
    return `merged behind the patches before it, it changes nothing in ${target}`
  if (revertedBy || status === 'reverted') return 'it landed, and was taken back'
  if (question?.kind === 'cut') return ASKED.cut
  if (verdict.action === 'drop' && status === 'present')
    return `every change of it is in ${target}, was since it landed, or is needless`
  if (kept > 0 && kept < fates.length) return `${kept} of its ${plural(fates.length, 'change')} would not be lost`
  if (status === 'present') return `every change of it seems to be in ${target}`
  if (question) return ASKED[question.kind]
  return survival > 0 ? `no commit is like it, but ${standingOf(patch, survival)}` : 'nothing like it was found'
}

function upstreamLines(result: PatchResult, attempt: AttemptFacts, { width, color }: Medium): string[] {
  const { upstream } = result
  const style = styleFor({ width, color })
  const target = forTerminal(attempt.target.ref)
  const lines = ['', `${style.bold('UPSTREAM')} ${standingInWords(result, target)}`]
  for (const { sha, subject, date, firstTag, signals, coverage } of upstream.commits) {
    const where = firstTag === null ? 'in no release yet' : `first in ${firstTag}`
    lines.push(
      `  ${sha}  ${date.slice(0, 10)}  ${forTerminal(where)}`,
      `    ${forTerminal(subject)}`,
      `    ${signals.join(', ')}; ${percent(coverage)} of the lines`,
      `    git -C ${shellPath(attempt.upstream)} show ${forTerminal(sha)}`,
    )
  }
  if (upstream.commits.length > 0)
    lines.push(
      `  ${standingOf(result.patch, upstream.survival)} in ${target}; confidence ${upstream.confidence.toFixed(2)}`,
    )
  if (upstream.revertedBy) lines.push(`  taken back by ${upstream.revertedBy}`)
  lines.push(...becameLines(upstream, target, width))
  for (const { field, text } of upstream.claims) lines.push(`  its header claims ${forTerminal(`${field}: ${text}`)}`)
  return lines
}

/** What became of each change; in one line where no commit is known, and nothing of it stands. */
function becameLines({ fates, commits }: UpstreamFinding, target: string, width: number): string[] {
  const isAllLost = fates.every(({ fate, standing }) => fate === 'remains' && standing === 0)
  if (fates.length === 0) return []
  if (isAllLost && commits.length === 0)
    return [`  ${fates.length === 1 ? 'its change' : `all ${fates.length} changes`} would be lost if dropped`]
  return [`  what became of it in ${target}`, ...fateLines(fates, width - 4).map((line) => `    ${line}`)]
}

/** The patch beside the commit that it leaves for: what an expert looks at before dropping it. */
function comparisonLines({ comparisons, result }: PatchTextFacts, medium: Medium): string[] {
  return comparisons.flatMap((comparison) => ['', ...besideLines(result.patch.name, comparison, medium)])
}

/** What a person who must decide, or checks, wants to do next. */
function nextCommands({ attempt, result, locator, comparisons }: PatchTextFacts): (NextCommand | false)[] {
  const { patch, upstream, verdict, residual, suggested, landing } = result
  const show = `rebaseline show${locator} @${attempt.id} ${patch.position}`
  const answer = (word: string, reason: string) =>
    `rebaseline overrule${locator} --attempt @${attempt.id} ${patch.position} ${word} --reason "${reason}"`
  const [commit] = upstream.commits
  const isOpen = verdict.action === 'review'
  return [
    landing.kind === 'conflict' && [
      `rebaseline resolve${locator} --attempt @${attempt.id} ${patch.position}`,
      'open it in a work tree',
    ],
    suggested !== null && [`${show} --suggested > suggested.patch`, 'the patch as it would be'],
    residual !== null && [`${show} --residual > rest.patch`, 'what of it would be left to carry'],
    commit !== undefined && comparisons.length === 0 && [`${show} --compare`, 'beside the commit'],
    isOpen && [answer('drop', 'compared by hand: nothing of it is lost'), 'if that is so'],
    (isOpen || verdict.action === 'drop') && [answer('keep', 'compared by hand: it is needed'), 'if it is needed'],
  ]
}

/** So many other attempts are named, the newest. */
const OTHERS = 5

function lifeLines(others: OtherAttempt[], style: Style): string[] {
  if (others.length === 0) return []
  const more = others.length - OTHERS
  return [
    '',
    style.bold('the same patch in other attempts'),
    ...others.slice(-OTHERS).map((one) => `  @${one.id}  ${forTerminal(one.target)}  ${one.verdict} (${one.landing})`),
    ...(more > 0 ? [`  … ${more} more before`] : []),
  ]
}
