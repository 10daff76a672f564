/** Suggests how a file that conflicts is mended, by plain rules. Pure. */
import type { ByteString } from '../../model/bytes.ts'
import type { MergeSides } from '../../model/resolution.ts'
import type { Hazard, SuggestionReason } from '../../model/suggestion.ts'
import { type Edit, editsOf, withEdits } from './edits.ts'
import { followMoves } from './follow-moves.ts'
import { hazardsOf } from './hazards.ts'
import { mergeLines } from './merge-lines.ts'
import { findPlace, isLost, type MovedPlace } from './moved-code.ts'
import { pairLines } from './pair-lines.ts'
import { mayRename, renamedWords, withRenames } from './renamed-words.ts'

/** A file as it could be. */
export interface SuggestedMerge {
  content: ByteString
  reasons: SuggestionReason[]
  hazards: Hazard[]
  /** Where code went that the patch follows: how sure each place is. */
  moved: Pick<MovedPlace, 'share' | 'margin'>[]
}

/**
 * Null where the sides contradict each other. `isGone`: whether the target's tree no longer has a
 * word anywhere.
 */
export function suggestMerge(given: MergeSides, isGone: (word: ByteString) => boolean): SuggestedMerge | null {
  const { ours: ourLines } = given
  const sides = renameIn(given, isGone)
  const made = editsOf(sides.base, sides.theirs, pairLines(sides.base, sides.theirs))
  const followed = followMoves(sides.base, ourLines, made)
  const { ours: target, edits } = followed ?? { ours: ourLines, edits: made }
  const pairs = pairLines(sides.base, target)
  const lost = edits.filter((edit) => isLost(sides.base, edit, pairs))
  const stay = edits.filter((edit) => !lost.includes(edit))
  const merged = mergeLines(sides.base, target, withEdits(sides.base, stay))
  const placed = merged && placeAll(sides.base, lost, merged.lines)
  if (!merged || !placed) return null
  const { reasons } = merged
  if (sides.isRenamed) reasons.add('renamed-symbol')
  if (lost.length > 0 || followed) reasons.add('moved-code')
  const ourEdits = editsOf(sides.base, target, pairs)
  const hazards = hazardsOf({ ...sides, ours: target, merged: placed.lines, edits, ourEdits, isGone })
  return {
    content: placed.lines.join(''),
    reasons: reasons.size === 0 ? ['no-overlap'] : [...reasons],
    hazards: [...hazards, ...merged.hazards],
    moved: placed.places,
  }
}

/** Base and patch with the words that upstream renamed, where the patch has to do with any. */
function renameIn(sides: MergeSides, isGone: (word: ByteString) => boolean): MergeSides & { isRenamed: boolean } {
  const { base, ours, theirs } = sides
  const edits = editsOf(base, theirs, pairLines(base, theirs))
  const edited = edits.flatMap((edit) => [...base.slice(edit.from, edit.to), ...edit.lines])
  // Of a file that changed all over, what upstream did to each word takes long to tell.
  if (!mayRename(base, ours, edited)) return { ...sides, isRenamed: false }
  const renames = renamedWords(base, ours, isGone)
  if (!edited.some((line) => withRenames(line, renames) !== line)) return { ...sides, isRenamed: false }
  const renamed = (lines: readonly ByteString[]) => lines.map((line) => withRenames(line, renames))
  return { base: renamed(base), ours, theirs: renamed(theirs), isRenamed: true }
}

/** Makes the edits where the code around them went; null where one has no such place. */
function placeAll(
  base: readonly ByteString[],
  edits: readonly Edit[],
  merged: readonly ByteString[],
): { lines: readonly ByteString[]; places: MovedPlace[] } | null {
  let lines = merged
  const places: MovedPlace[] = []
  for (const edit of edits) {
    const place = findPlace(base, edit, lines)
    const placed = place && placeAt(base, edit, lines, place)
    if (!place || !placed) return null
    lines = placed
    places.push(place)
  }
  return { lines, places }
}

/** Lines around an edit that go along with it. */
const ALONG = 7

function placeAt(
  base: readonly ByteString[],
  edit: Edit,
  lines: readonly ByteString[],
  place: MovedPlace,
): ByteString[] | null {
  const [from, to] = [Math.max(0, edit.from - ALONG), Math.min(base.length, edit.to + ALONG)]
  const theirs = [...base.slice(from, edit.from), ...edit.lines, ...base.slice(edit.to, to)]
  const merged = mergeLines(base.slice(from, to), lines.slice(place.from, place.to), theirs)
  return merged && [...lines.slice(0, place.from), ...merged.lines, ...lines.slice(place.to)]
}
