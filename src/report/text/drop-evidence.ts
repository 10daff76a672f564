/** What the drops of an attempt rest on, and which of them on least. */
import type { PatchResult } from '../../model/attempt.ts'
import type { Signal } from '../../model/finding.ts'

/** Patches that leave for the same kind of evidence. */
export interface DropGroup {
  words: string
  positions: number[]
}

/** Signals from the surest; the words for what a drop rests on that has no surer one. */
const TIES: readonly { signal: Signal; words: string; word: string }[] = [
  { signal: 'patch-id', words: 'the same patch-id as an upstream commit', word: 'the same patch-id' },
  { signal: 'subject', words: 'the same subject; the text was checked in the target', word: 'the same subject' },
  {
    signal: 'trailer',
    words: 'a commit named in the header; the text was checked in the target',
    word: 'named in a header',
  },
  {
    signal: 'name',
    words: 'a commit named by the file; the text was checked in the target',
    word: 'named by the patch',
  },
  { signal: 'similar', words: 'alike in lines; the text was checked in the target', word: 'alike in lines' },
  { signal: 'content', words: 'the lines stand in the target', word: 'its lines stand there' },
]

/** Why a patch is not needed, by the first word of its reason. */
const NEEDLESS: Readonly<Record<string, string>> = {
  obsolete: 'obsolete: what it changes is gone upstream',
  cancelled: 'cancelled: another patch of the queue undoes it',
  empty: 'empty: it changes nothing',
}

/** Place among the ties, from 0; behind all of them where it rests on none. */
function tieOf({ upstream, landing }: PatchResult): number {
  const tie = TIES.findIndex(({ signal }) => upstream.commits[0]?.signals.includes(signal))
  return tie < 0 || landing.kind === 'noop' ? TIES.length : tie
}

/** The surest sign that ties a patch to its commit, in words; null where it has no commit. */
export function tieInWords(result: PatchResult): string | null {
  return TIES[tieOf(result)]?.word ?? null
}

/** What a drop rests on. Each has one ground: the person's word, no need, the surest signal. */
function groundOf(result: PatchResult): string {
  const { overrule, verdict } = result
  if (overrule) return "a person's answer"
  if (verdict.kind === 'droppable') return NEEDLESS[verdict.reason?.split(':')[0] ?? ''] ?? 'not needed'
  const tie = TIES[tieOf(result)]
  return tie?.words ?? 'merging it changes nothing'
}

/** The grounds of all drops, those from the surest signal first. */
export function dropGroups(drops: readonly PatchResult[]): DropGroup[] {
  const groups = new Map<string, number[]>(TIES.map(({ words }) => [words, []]))
  for (const result of drops) {
    const ground = groundOf(result)
    groups.set(ground, [...(groups.get(ground) ?? []), result.patch.position])
  }
  return [...groups].flatMap(([words, positions]) => (positions.length > 0 ? [{ words, positions }] : []))
}

/** Share of the changes that stand as the patch makes them, not rewritten and not needless. */
function standingShare({ upstream: { fates } }: PatchResult): number {
  const standing = fates.filter(({ fate }) => fate.startsWith('landed') || fate === 'in-the-base-already')
  return fates.length === 0 ? 1 : standing.length / fates.length
}

/**
 * Positions of the drops that rest on least, the least sure first: by the weaker signal, then by
 * fewer lines in the commit, then by more that was rewritten since. None of those with a patch-id.
 */
export function leastSure(drops: readonly PatchResult[]): number[] {
  const doubtful = drops.filter((one) => one.overrule === null && tieOf(one) > 0)
  const coverage = ({ upstream }: PatchResult) => upstream.commits[0]?.coverage ?? 1
  return doubtful
    .sort(
      (one, other) =>
        tieOf(other) - tieOf(one) || coverage(one) - coverage(other) || standingShare(one) - standingShare(other),
    )
    .map(({ patch }) => patch.position)
}
