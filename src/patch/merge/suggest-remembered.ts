/** Suggests what a person made of the same conflict before. Pure. */
import type { ByteString } from '../../model/bytes.ts'
import type { MergeSides, Recollection } from '../../model/resolution.ts'
import { piecesOf } from '../regions.ts'
import type { Recalled } from '../resolution/recall.ts'
import { type SuggestedMerge, suggestMerge } from './suggest.ts'

/** A file as it could be, with what is remembered in its place. */
export interface RememberedMerge extends SuggestedMerge {
  remembered: Recollection[]
  /** Whether all of it is what the user made of the same sides, and nothing else. */
  isOwnAnswer: boolean
}

/**
 * The file with git's diff3 markers, each conflict hunk as it is remembered; the others are merged
 * beside them. Null where nothing is remembered, or the rest cannot be merged.
 */
export function suggestRemembered(
  marked: ByteString,
  recallOf: (sides: MergeSides) => Recalled | null,
  isGone: (word: ByteString) => boolean,
): RememberedMerge | null {
  const pieces = piecesOf(marked).map((piece) => {
    if (typeof piece === 'string') return { lines: [piece], recalled: null }
    const recalled = recallOf(piece)
    return recalled ? { lines: recalled.lines, recalled } : { sides: piece, recalled }
  })
  const recalls = pieces.flatMap(({ recalled }) => recalled ?? [])
  if (recalls.length === 0) return null
  // What is settled is the same on all sides.
  const linesOf = (side: keyof MergeSides) => pieces.flatMap((piece) => piece.sides?.[side] ?? piece.lines ?? [])
  const isWhole = pieces.every(({ sides }) => sides === undefined)
  const rest = isWhole
    ? SETTLED
    : suggestMerge({ base: linesOf('base'), ours: linesOf('ours'), theirs: linesOf('theirs') }, isGone)
  if (!rest) return null
  return {
    content: isWhole ? linesOf('ours').join('') : rest.content,
    reasons: [
      ...new Set([...(['remembered'] as const), ...recalls.flatMap(({ reasons }) => [...reasons]), ...rest.reasons]),
    ],
    hazards: [...new Set([...recalls.flatMap(({ hazards }) => [...hazards]), ...rest.hazards])],
    moved: rest.moved,
    remembered: recalls.map(({ how, origin, file }) => ({ how, origin, file })),
    isOwnAnswer:
      isWhole &&
      recalls.every(({ how, origin, isDisputed }) => how === 'same-sides' && origin === 'own' && !isDisputed),
  }
}

const SETTLED: SuggestedMerge = { content: '', reasons: [], hazards: [], moved: [] }
