/** Conflicts in full, for people: their regions, suggestions and culprits. */
import type { AttemptFacts, Conflict } from '../../model/attempt.ts'
import { toText } from '../../model/bytes.ts'
import { type CulpritDiffs, keyOfRegion } from '../../model/region.ts'
import type { Recall, Recollection, ResolutionOrigin } from '../../model/resolution.ts'
import type { Hazard, SuggestionReason } from '../../model/suggestion.ts'
import { AROUND, markersIn } from '../../patch/regions.ts'
import { plural, type Style } from '../layout.ts'
import { forTerminal, linesForTerminal, shellPath, shellWord } from '../sanitize.ts'

/** What each step of a suggestion is, and what speaks against it, in words. */
const IN_WORDS: Readonly<Record<SuggestionReason | Hazard, string>> = {
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
    `  suggested, ${sure ? 'sure' : 'look at it'}: ${reasons.map((reason) => IN_WORDS[reason]).join('; ')}`,
    ...remembered.map(recollectionLine),
    ...hazards.map((hazard) => `    but ${IN_WORDS[hazard]}`),
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

/** Each conflict of a patch: its regions, what is suggested, and who brought it. */
export function conflictLines(
  conflicts: readonly Conflict[],
  { upstream }: Pick<AttemptFacts, 'upstream'>,
  diffs: CulpritDiffs,
  style: Style,
): string[] {
  return conflicts.flatMap((conflict) => {
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

/** A line of a diff, in the colours that git gives it. */
export function colorDiff(line: string, style: Style): string {
  if (line.startsWith('+')) return style.green(line)
  if (line.startsWith('-')) return style.red(line)
  return line.startsWith('@@') ? style.cyan(line) : line
}
