/** Takes what upstream changed in lines along to where the patch moves them. Pure. */
import type { ByteString } from '../../model/bytes.ts'
import { align } from '../hold/align.ts'
import type { Edit } from './edits.ts'
import { mergeLines } from './merge-lines.ts'
import { pairLines } from './pair-lines.ts'
import { onceForText } from './remembered.ts'
import { squeezed } from './tokens.ts'

/** At least so many lines, and this share of them, make a block that was moved. */
const LEAST = 4
const SHARE = 0.8

const squeezedLines = onceForText((lines) => lines.map(squeezed))

/** The target with its changes of moved lines taken back, and the edits with these changes in them. */
export interface FollowedMoves {
  ours: readonly ByteString[]
  edits: readonly Edit[]
}

/** Null where the patch moves nothing that upstream changed. */
export function followMoves(
  base: readonly ByteString[],
  ours: readonly ByteString[],
  edits: readonly Edit[],
): FollowedMoves | null {
  const pairs = pairLines(base, ours)
  for (const taken of edits) {
    const block = base.slice(taken.from, taken.to)
    const place = placeIn(ours, pairs, taken)
    if (block.length < LEAST || place === null) continue
    const now = ours.slice(place.from, place.to)
    if (now.join('') === block.join('')) continue
    for (const put of edits) {
      const stretch = stretchOf(block, put.lines)
      if (stretch === null) continue
      const merged = mergeLines(block, now, put.lines.slice(stretch.from, stretch.to))
      if (!merged) continue
      const lines = [...put.lines.slice(0, stretch.from), ...merged.lines, ...put.lines.slice(stretch.to)]
      const followed = {
        ours: [...ours.slice(0, place.from), ...block, ...ours.slice(place.to)],
        edits: edits.map((edit) => (edit === put ? { ...put, lines } : edit)),
      }
      return followMoves(base, followed.ours, followed.edits) ?? followed
    }
  }
  return null
}

/** Where the target has what stands between the lines around a stretch of the base. */
function placeIn(
  ours: readonly ByteString[],
  pairs: Int32Array,
  { from, to }: Edit,
): { from: number; to: number } | null {
  const before = from === 0 ? -1 : (pairs[from - 1] ?? -2)
  const after = to === pairs.length ? ours.length : (pairs[to] ?? -2)
  return before === -2 || after < 0 || (from > 0 && before < 0) || after <= before
    ? null
    : { from: before + 1, to: after }
}

/** Where a block stands in lines that the patch adds; null where it does not. */
function stretchOf(block: readonly ByteString[], lines: readonly ByteString[]): { from: number; to: number } | null {
  const least = block.length * SHARE
  const [wanted, there] = [squeezedLines(block), squeezedLines(lines)]
  // To align them is dear, and most edits have nothing to do with each other.
  const known = new Set(there)
  if (there.length < least || wanted.filter((line) => known.has(line)).length < least) return null
  const found = [...align(wanted, there)].filter((at) => at >= 0)
  const [first, last] = [found[0], found.at(-1)]
  if (first === undefined || last === undefined || found.length < least) return null
  return { from: first, to: last + 1 }
}
