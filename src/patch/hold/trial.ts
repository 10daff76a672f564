/** Lands hunks on the target once more, to see whether that leaves something new there. Pure. */
import type { ByteString } from '../../model/bytes.ts'
import type { Hunk } from '../../model/patch.ts'
import { locateHunks, type Place, STRICT } from '../apply/apply.ts'
import { pieceIn, sideOf } from './elsewhere.ts'
import type { LineKeys, Text } from './text.ts'

/**
 * Of each hunk the index at which it lands on the target as it is, and leaves there what the target
 * did not gain since `before`, or takes out what it did not lose. Null for any other: what would
 * only stand twice is no loss. All hunks of the file count together: one that landed does not stand
 * for another.
 */
export function landsAnew(
  hunks: readonly Hunk[],
  { before, target }: { before: Text; target: Text },
  keys: LineKeys,
): (number | null)[] {
  const places = locateHunks(target.lines, hunks, STRICT).map((place) => (reachesEnd(place, target) ? place : null))
  if (places.every((place) => place === null)) return places
  const net = netOf(hunks)
  const [former, now] = [before, target].map((text) => countIn(text, net))
  const numberIn = (counts: typeof net | undefined, line: ByteString) => counts?.get(line) ?? 0
  const isOpen = (line: ByteString) => {
    const [wanted, gained] = [net.get(line) ?? 0, numberIn(now, line) - numberIn(former, line)]
    return wanted > 0 ? gained < wanted : gained > wanted
  }
  // Of a line that stands in other places, too, upstream may have changed those.
  const isOwn = (line: ByteString) => numberIn(former, line) === Math.max(0, -(net.get(line) ?? 0))
  const leaves = (hunk: Hunk) => {
    const changed = [...netOf([hunk])].filter(([line]) => keys.isTelling(keys.keyOf(line)))
    const counted = changed.flatMap(([line, count]) => (count === 0 ? [] : [line]))
    // Of lines in another order the number says nothing.
    if (counted.length === 0) return changed.length > 0 && pieceIn(sideOf(hunk.lines, 'add'), target, keys) === null
    const own = counted.filter(isOwn)
    // Where a line of its own stands, it would land beside itself: then it was not undone.
    return own.length > 0 ? own.every(isOpen) : counted.some(isOpen)
  }
  return hunks.map((hunk, at) => (leaves(hunk) ? (places[at]?.at ?? null) : null))
}

/** A hunk without context behind its changes lands at the end alone, as git apply has it. */
function reachesEnd(place: Place | null, { lines }: Text): boolean {
  if (place === null || place.block.at(-1)?.kind === 'context') return true
  return place.at + place.block.filter(({ kind }) => kind !== 'add').length === lines.length
}

/** How many more of each line that they change some hunks leave. */
function netOf(hunks: readonly Hunk[]): Map<ByteString, number> {
  const net = new Map<ByteString, number>()
  for (const { kind, text } of hunks.flatMap(({ lines }) => lines))
    if (kind !== 'context') net.set(text, (net.get(text) ?? 0) + (kind === 'add' ? 1 : -1))
  return net
}

/** How often a text has each of some lines. */
function countIn({ lines }: Text, wanted: ReadonlyMap<ByteString, number>): Map<ByteString, number> {
  const counts = new Map<ByteString, number>()
  for (const line of lines) if (wanted.has(line)) counts.set(line, (counts.get(line) ?? 0) + 1)
  return counts
}
