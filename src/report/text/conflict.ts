/** Conflicts in full, for people: their regions, suggestions and culprits. */
import type { Conflict, Culprit } from '../../model/attempt.ts'
import { type ByteString, toText } from '../../model/bytes.ts'
import { type ConflictRegion, keyOfRegion, type RegionLines } from '../../model/region.ts'
import type { Recall, Recollection, ResolutionOrigin } from '../../model/resolution.ts'
import type { Hazard, SuggestionReason } from '../../model/suggestion.ts'
import { AROUND, markersIn } from '../../patch/regions.ts'
import { type Medium, plural, type Style, styleFor } from '../layout.ts'
import { forTerminal, linesForTerminal, shellPath, shellWord } from '../sanitize.ts'

/** What each step of a suggestion is, and what speaks against it, in words. */
export const SUGGESTION_WORDS: Readonly<Record<SuggestionReason | Hazard, string>> = {
  'no-overlap': 'the edits stand beside each other',
  'both-insert': "both sides put lines there: upstream's first, which is a guess",
  words: 'both changed a line, in other words of it',
  'already-there': 'the target has it',
  'white-space': 'they differ in white space alone',
  'renamed-symbol': 'upstream renamed a word throughout, and the patch follows',
  remembered: 'the same was resolved before',
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
  const { sure, reasons, hazards, remembered = [] } = suggestion
  return [
    `  suggested, ${sure ? 'sure' : 'look at it'}: ${reasons.map((reason) => SUGGESTION_WORDS[reason]).join('; ')}`,
    ...remembered.map(recollectionLine),
    ...hazards.map((hazard) => `    but ${SUGGESTION_WORDS[hazard]}`),
  ]
}

/** What a remembered resolution has in common with the conflict, and whose it is, in words. */
const RECALLED: Readonly<Record<Recall | ResolutionOrigin, string>> = {
  'same-sides': 'all three sides are the same',
  'same-change': 'the patch does the same to the same lines, upstream something else',
  'same-conflict': 'the two sides are the same; of their base nothing is known',
  'same-patch': 'the same patch, and what was done then applies strictly',
  own: 'your own',
  queue: 'it came with the queue',
  sister: "another queue's of yours",
}

function recollectionLine({ how, origin, file }: Recollection): string {
  return `    from resolutions/${forTerminal(file)} (${RECALLED[origin]}): ${RECALLED[how]}`
}

/** What is known of conflicts besides. */
export interface ConflictFacts {
  /** Path or URL of the upstream repository. */
  upstream: string
  /** What the first culprit of each region did to its lines, as lines of a diff. */
  diffs: RegionLines
  /** The lines of each region as is suggested. */
  suggestedLines: RegionLines
}

/** Each conflict of a patch: its regions, what is suggested, and who brought it. */
export function conflictLines(conflicts: readonly Conflict[], facts: ConflictFacts, medium: Medium): string[] {
  const style = styleFor(medium)
  return conflicts.flatMap((conflict) => {
    const { path, hunksFailed, hunks, reason, culprits } = conflict
    const name = forTerminal(toText(path))
    return [
      '',
      `${style.bold(style.red('CONFLICT'))} ${name}: ${hunksFailed} of ${plural(hunks, 'hunk')}; ${forTerminal(reason)}`,
      ...regionLines(conflict, facts, style),
      ...suggestionLines(conflict),
      ...culprits.flatMap((culprit) => culpritLines(culprit, conflict, facts.upstream, style)),
    ]
  })
}

/** An upstream commit that changed the same, with how much of it: no more is claimed. */
function culpritLines(
  { sha, subject, author, date, firstTag, lines }: Culprit,
  { path, isGone }: Conflict,
  upstream: string,
  style: Style,
): string[] {
  const ofFile = isGone ? 'the file is gone since' : 'the last that touched the file'
  const did = lines === 0 ? ofFile : `${plural(lines, 'line')} of what the patch changes`
  const where = firstTag === null ? 'in no release yet' : `first in ${firstTag}`
  return [
    '',
    `${style.bold(lines === 0 && isGone ? 'TAKEN AWAY BY' : 'CHANGED BY')} ${sha.slice(0, 12)} ${forTerminal(subject)}`,
    `    ${forTerminal(`${author}, ${date.slice(0, 10)}, ${where}`)}; ${did}`,
    `    git -C ${shellPath(upstream)} show ${forTerminal(sha.slice(0, 12))} -- ${shellWord(toText(path))}`,
  ]
}

/** A region with no longer side is shown side under side: so the words that differ are seen. */
const SHORT_SIDE = 3

/** Every region of a file with markers: its hunks, its sides, where its lines went, what upstream did. */
function regionLines(conflict: Conflict, { diffs, suggestedLines }: ConflictFacts, style: Style): string[] {
  const { path, marked, regions, hunks } = conflict
  if (marked === null) return []
  const lines = linesForTerminal(toText(marked))
  return regions.flatMap((region, rank) => {
    const which = region.hunks.length > 0 ? `hunk ${region.hunks.join(', ')} of ${hunks}` : 'no hunk of its own'
    const key = keyOfRegion(path, rank)
    const suggested = suggestedLines.get(key) ?? null
    const isShort = [region.ours, region.base, region.theirs, suggested ?? []].every(
      (side) => side.length <= SHORT_SIDE,
    )
    const { wentTo } = region
    const diff = aboutRegion(
      (diffs.get(key) ?? []).flatMap((line) => linesForTerminal(toText(line))),
      region,
    )
    return [
      `  ${which}, at line ${region.line} of the target's file`,
      '',
      ...(isShort ? sideLines(region, suggested) : [...markedLines(lines, rank, style), ...suggestedBlock(suggested)]),
      '',
      ...(wentTo ? [`  what it looks for is now at ${forTerminal(toText(wentTo.path))}:${wentTo.line}`] : []),
      ...(diff.length > 0 ? [`  what ${region.culprits[0]?.slice(0, 12)} did there`] : []),
      ...diff.map((line) => `    ${colorDiff(line, style)}`),
    ]
  })
}

const SIDE = 9

/** Each side behind its name. */
function sideLines({ ours, base, theirs }: ConflictRegion, suggested: readonly ByteString[] | null): string[] {
  const side = (name: string, lines: readonly ByteString[]) =>
    (lines.length === 0
      ? ['(nothing)']
      : linesForTerminal(toText(lines.map((line) => line.replace(/\n$/, '')).join('\n')))
    ).map((line, at) => `     ${(at === 0 ? name : '').padEnd(SIDE)} ${line}`.trimEnd())
  return [
    ...side('target', ours),
    ...side('base', base),
    ...side('patch', theirs),
    ...(suggested === null ? [] : side('suggested', suggested)),
  ]
}

/** The region as git marks it, with a few lines around it. */
function markedLines(lines: readonly string[], rank: number, style: Style): string[] {
  const markerOf = markersIn(lines)
  const from = lines.flatMap((line, at) => (markerOf(line) === '<' ? [at] : []))[rank] ?? 0
  const to = lines.findIndex((line, at) => at > from && markerOf(line) === '>')
  const shown = lines.slice(Math.max(0, from - AROUND), to + AROUND + 1)
  return shown.map((line) => `  ${markerOf(line) ? style.bold(sideNames(line)) : line}`)
}

/** A longer suggestion is looked at as the patch that it makes. */
const MAX_SUGGESTED = 20

function suggestedBlock(suggested: readonly ByteString[] | null): string[] {
  if (suggested === null || suggested.length > MAX_SUGGESTED) return []
  return ['  suggested', ...linesForTerminal(toText(suggested.join(''))).map((line) => `    ${line}`)]
}

/** So many lines of a diff are shown, from just before the first that is about the region. */
const MAX_DIFF = 12

/** The part of a culprit's diff that tells what became of the lines in conflict. */
function aboutRegion(diff: readonly string[], { ours, base }: ConflictRegion): string[] {
  if (diff.length <= MAX_DIFF) return [...diff]
  const known = new Set([...ours, ...base].map((line) => forTerminal(toText(line)).trim()))
  const first = diff.findIndex((line) => /^[+-]/.test(line) && known.has(forTerminal(line.slice(1)).trim()))
  const from = Math.max(0, first - AROUND)
  const to = from + MAX_DIFF
  return [...(from > 0 ? ['…'] : []), ...diff.slice(from, to), ...(to < diff.length ? ['…'] : [])]
}

const SIDES: Record<string, string> = { '<': 'the target', '|': 'the base', '>': 'the patch' }

/** git names the sides by the ids of commits that nobody knows. */
function sideNames(line: string): string {
  const [marker = ''] = line.split(' ')
  const side = SIDES[line[0] ?? '']
  return side === undefined ? line : `${marker} ${side}`
}

/** A line of a diff: red and green with their signs; a place in bold, for cyan cannot be read on white. */
export function colorDiff(line: string, style: Style): string {
  if (line.startsWith('+')) return style.green(line)
  if (line.startsWith('-')) return style.red(line)
  return line.startsWith('@@') ? style.bold(line) : line
}
