/**
 * One patch of an attempt in full, for people: what was said of it, why, its conflict, and the
 * patch itself.
 */
import type { AttemptFacts, PatchResult, RecordedPatch } from '../../model/attempt.ts'
import { type ByteString, toText } from '../../model/bytes.ts'
import type { UpstreamFinding } from '../../model/finding.ts'
import type { Overrule } from '../../model/overrule.ts'
import type { PatchSummary } from '../../model/patch.ts'
import type { CulpritDiffs } from '../../model/region.ts'
import { type Medium, plural, type Style, styleFor } from '../layout.ts'
import { forTerminal, linesForTerminal, shellPath, shellWord } from '../sanitize.ts'
import { percent } from './attempt.ts'
import { colorDiff, conflictLines } from './conflict.ts'
import { fateLines } from './fates.ts'

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
  diffs: CulpritDiffs
  /** A person's answer that the attempt does not know of yet. */
  since: Overrule | null
}

export function patchToText(
  { attempt, result, patches, content, others, locator, diffs, since }: PatchTextFacts,
  medium: Medium,
): string {
  const style = styleFor(medium)
  const { patch, verdict } = result
  const lines = [
    `${style.bold(forTerminal(patch.name))}  ${patch.position} of ${patches}, attempt ${attempt.id} on ${forTerminal(attempt.target.ref)}`,
    ...facts(result),
    '',
    `${style.bold(verdict.kind)}: ${verdict.action}${verdict.reason ? `; ${forTerminal(verdict.reason)}` : ''}`,
    ...(since ? [answerLine(since)] : []),
    ...landingLines(result),
    ...upstreamLines(result.upstream, attempt, medium.width, style),
    ...lifeLines(others),
    ...('conflicts' in result.landing ? conflictLines(result.landing.conflicts, attempt, diffs, style) : []),
    '',
    style.bold('the patch'),
    ...linesForTerminal(toText(content)).map((line) => colorDiff(line, style)),
    ...nextCommands(result, attempt, locator),
  ]
  return `${lines.join('\n')}\n`
}

function facts({ patch }: PatchResult): string[] {
  const named: [string, string | null][] = [
    ['subject', patch.subject],
    ['author', patch.author],
    ['section', patch.section || null],
    ['owner', patch.owner],
    ['comment', patch.comment],
    ['listed', patch.listed],
    ['applied', optionsOf(patch)],
    ['changes', `+${patch.added} -${patch.removed} in ${plural(patch.files, 'file')}`],
    ['sha256', patch.digest],
  ]
  return named.flatMap(([name, value]) => (value === null ? [] : [`  ${name.padEnd(8)} ${forTerminal(value)}`]))
}

/** How patch(1) is to take it, where that is not as most are: "-p0 -R -d lib". */
function optionsOf({ strip, reversed, directory }: PatchSummary): string | null {
  const options = [strip === 1 ? [] : `-p${strip}`, reversed ? '-R' : [], directory === '' ? [] : `-d ${directory}`]
  return options.flat().join(' ') || null
}

function answerLine({ answer, by, at, reason }: Overrule): string {
  return `  answered since: ${answer}, by ${forTerminal(by)} on ${at.slice(0, 10)}: ${forTerminal(reason)}; it counts from the next try on`
}

function landingLines({ rebuild, landing }: PatchResult): string[] {
  const lines = [`  on its base   ${rebuild.kind}${'lines' in rebuild ? ` ${rebuild.lines}` : ''}`]
  if ('reason' in rebuild)
    lines.push(`                ${forTerminal(rebuild.reason)}`, `                ${forTerminal(rebuild.hint)}`)
  lines.push(`  on the target ${landing.kind}${'lines' in landing ? ` ${landing.lines}` : ''}`)
  if (landing.kind === 'blocked')
    lines.push(
      `                lands once ${landing.by.join(', ')} ${landing.by.length === 1 ? 'is' : 'are'} in place: tried`,
    )
  return lines
}

function upstreamLines(upstream: UpstreamFinding, attempt: AttemptFacts, width: number, style: Style): string[] {
  const stands = upstream.status === 'absent' && upstream.survival > 0
  const status = stands
    ? `${upstream.status}: no commit is like it, but ${percent(upstream.survival)} of it stands`
    : upstream.status
  const lines = ['', `${style.bold('upstream')}: ${status}`]
  if (upstream.commits.length > 0) {
    lines.push(
      `  confidence ${upstream.confidence.toFixed(2)}; ${percent(upstream.coverage)} of its changed lines are in that commit, ${percent(upstream.survival)} stand in ${forTerminal(attempt.target.ref)}`,
    )
  }
  for (const { sha, subject, date, firstTag, signals, coverage } of upstream.commits) {
    const where = firstTag === null ? 'in no release yet' : `first in ${firstTag}`
    lines.push(`  ${sha}  ${date.slice(0, 10)}  ${forTerminal(where)}`, `    ${forTerminal(subject)}`)
    lines.push(
      `    ${signals.join(', ')}; ${percent(coverage)} of the lines`,
      `    git -C ${shellPath(attempt.upstream)} show ${forTerminal(sha)}`,
    )
  }
  if (upstream.revertedBy) lines.push(`  taken back by ${upstream.revertedBy}`)
  const fates = fateLines(upstream.fates, width - 4)
  if (fates.length > 0)
    lines.push(`  what became of it in ${forTerminal(attempt.target.ref)}`, ...fates.map((line) => `    ${line}`))
  for (const { field, text } of upstream.claims) lines.push(`  its header claims ${forTerminal(`${field}: ${text}`)}`)
  return lines
}

/** What a person who must decide wants to see next. */
function nextCommands(
  { patch, upstream, verdict, residual, suggested }: PatchResult,
  attempt: AttemptFacts,
  locator: string,
): string[] {
  const show = `rebaseline show${locator} ${attempt.id} ${patch.position}`
  const commands = [
    ...(upstream.commits.length > 0 ? [`${show} --compare`] : []),
    ...(residual === null ? [] : [`${show} --residual > rest.patch`]),
    ...(suggested === null ? [] : [`${show} --suggested > ${shellWord(patch.name)}`]),
    ...(verdict.action === 'review' ? [`rebaseline overrule${locator} ${patch.position} drop --reason "…"`] : []),
  ]
  return commands.length === 0 ? [] : ['', 'next:', ...commands.map((command) => `  ${command}`)]
}

function lifeLines(others: OtherAttempt[]): string[] {
  if (others.length === 0) return []
  return [
    '',
    'the same patch in other attempts',
    ...others.map((one) => `  ${one.id}  ${forTerminal(one.target)}  ${one.verdict} (${one.landing})`),
  ]
}
