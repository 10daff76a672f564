/**
 * One patch of an attempt in full, for people: what was said of it, why, its conflict, and the
 * patch itself.
 */
import type { AttemptFacts, Conflict, PatchResult, RecordedPatch } from '../../model/attempt.ts'
import { type ByteString, toText } from '../../model/bytes.ts'
import type { UpstreamFinding } from '../../model/finding.ts'
import type { Overrule } from '../../model/overrule.ts'
import type { PatchSummary } from '../../model/patch.ts'
import { type CulpritDiffs, keyOfRegion } from '../../model/region.ts'
import type { Hazard, SuggestionReason } from '../../model/suggestion.ts'
import { AROUND, markersIn } from '../../patch/regions.ts'
import { type Medium, plural, type Style, styleFor } from '../layout.ts'
import { forTerminal, linesForTerminal, shellPath, shellWord } from '../sanitize.ts'
import { percent } from './attempt.ts'
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
    ...conflictLines(result, attempt, diffs, style),
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

/** What each step of a suggestion is, and what speaks against it, in words. */
const IN_WORDS: Readonly<Record<SuggestionReason | Hazard, string>> = {
  'no-overlap': 'the edits stand beside each other',
  'both-insert': "both sides put lines there: upstream's first, which is a guess",
  words: 'both changed a line, in other words of it',
  'already-there': 'the target has it',
  'white-space': 'they differ in white space alone',
  'renamed-symbol': 'upstream renamed a word throughout, and the patch follows',
  'moved-code': 'upstream took the code elsewhere, and the patch follows',
  abolished: 'the patch adds a name or words that upstream abolished',
  wrapped: 'upstream put lines around what the patch takes away',
  'new-word': 'upstream gave its declarations a word that those of the patch lack',
  'same-number': 'both sides gave one number to names of one kind',
  'replaced-throughout': 'the patch replaces a word throughout, and upstream added more of it',
  'old-word': 'upstream replaced a word throughout, and the patch adds the old one',
  'open-block': 'an if or else of the patch now stands before what upstream changed',
  label: 'a jump to a label or a returned value does not fit the function',
  'changed-text': 'the patch takes away what upstream changed',
}

function suggestionLines({ suggestion }: Conflict): string[] {
  if (suggestion === null) return ['  nothing is suggested: it takes a person']
  const { sure, reasons, hazards } = suggestion
  return [
    `  suggested, ${sure ? 'sure' : 'look at it'}: ${reasons.map((reason) => IN_WORDS[reason]).join('; ')}`,
    ...hazards.map((hazard) => `    but ${IN_WORDS[hazard]}`),
  ]
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

function conflictLines(
  { landing }: PatchResult,
  { upstream }: AttemptFacts,
  diffs: CulpritDiffs,
  style: Style,
): string[] {
  if (landing.kind !== 'conflict' && landing.kind !== 'blocked') return []
  return landing.conflicts.flatMap((conflict) => {
    const { path, hunksFailed, hunks, reason, culprits } = conflict
    const name = forTerminal(toText(path))
    return [
      '',
      `${style.bold('conflict')} in ${name}: ${hunksFailed} of ${plural(hunks, 'hunk')}; ${forTerminal(reason)}`,
      ...regionLines(conflict, diffs, style),
      ...suggestionLines(conflict),
      ...culprits.flatMap(({ sha, subject, author, date, firstTag, lines }) => {
        const did = lines === 0 ? 'took the file away' : `changed ${plural(lines, 'line')} of it`
        return [
          `  ${style.bold(sha.slice(0, 12))} ${did}; ${date.slice(0, 10)}, ${forTerminal(firstTag ?? 'no release yet')}, ${forTerminal(author)}`,
          `      ${forTerminal(subject)}`,
          `      git -C ${shellPath(upstream)} show ${forTerminal(sha)} -- ${shellWord(toText(path))}`,
        ]
      }),
    ]
  })
}

/**
 * Every region of a file with markers: its hunks, a few lines around it, where its lines went, and
 * what its culprit did to them.
 */
function regionLines({ path, marked, regions, hunks }: Conflict, diffs: CulpritDiffs, style: Style): string[] {
  if (marked === null) return []
  const lines = linesForTerminal(toText(marked))
  const markerOf = markersIn(lines)
  const starts = lines.flatMap((line, at) => (markerOf(line) === '<' ? [at] : []))
  return regions.flatMap((region, rank) => {
    const from = starts[rank] ?? 0
    const to = lines.findIndex((line, at) => at > from && markerOf(line) === '>')
    const shown = lines.slice(Math.max(0, from - AROUND), to + AROUND + 1)
    const which = region.hunks.length > 0 ? `hunk ${region.hunks.join(', ')} of ${hunks}` : 'no hunk of its own'
    const { wentTo } = region
    const diff = diffs.get(keyOfRegion(path, rank)) ?? []
    return [
      style.dim(`  ${which}, at line ${region.line} of the target's file`),
      ...shown.map((line) => `  ${markerOf(line) ? style.yellow(sideNames(line)) : line}`),
      ...(wentTo ? [`  what it looks for is now at ${forTerminal(toText(wentTo.path))}:${wentTo.line}`] : []),
      ...(diff.length > 0 ? [style.dim(`  what ${region.culprits[0]?.slice(0, 12)} did there`)] : []),
      ...diff.flatMap((line) => linesForTerminal(toText(line))).map((line) => `    ${colorDiff(line, style)}`),
    ]
  })
}

const SIDES: Record<string, string> = { '<': 'the target', '|': 'the base', '>': 'the patch' }

/** git names the sides by the ids of commits that nobody knows. */
function sideNames(line: string): string {
  const [marker = ''] = line.split(' ')
  const side = SIDES[line[0] ?? '']
  return side === undefined ? line : `${marker} ${side}`
}

function colorDiff(line: string, style: Style): string {
  if (line.startsWith('+')) return style.green(line)
  if (line.startsWith('-')) return style.red(line)
  return line.startsWith('@@') ? style.cyan(line) : line
}
