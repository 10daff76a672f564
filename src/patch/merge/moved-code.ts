/** Where the code around an edit went, when upstream took it elsewhere. Pure. */
import type { ByteString } from '../../model/bytes.ts'
import type { Edit } from './edits.ts'
import { squeezed } from './tokens.ts'

/** Lines on each side of an edit that tell where it belongs. */
const AROUND = 7
/** The share of them that must stand where the edit is to be made. */
const ENOUGH = 0.5
/** Partners that are farther apart are not one place. */
const SPREAD = 30
/** Less of its surroundings left than this, and the place itself is gone. */
const LOST = 0.34

/** A stretch of the target that looks like what surrounded the edit. */
export interface MovedPlace {
  from: number
  to: number
  /** The share of the lines around the edit that stand there. */
  share: number
  /** By how much it is above the next best. */
  margin: number
}

/** Whether what surrounds an edit no longer stands together at its place. `pairs`: of base and target. */
export function isLost(base: readonly ByteString[], { from, to }: Edit, pairs: Int32Array): boolean {
  const around = telling(base, from, to)
  if (around.length === 0) return false
  const partners = around.map((at) => pairs[at] ?? -1).filter((partner) => partner >= 0)
  const middle = [...partners].sort((one, other) => one - other)[partners.length >> 1] ?? 0
  const together = partners.filter((partner) => Math.abs(partner - middle) <= SPREAD)
  return together.length < around.length * LOST
}

/** The stretch of a text that holds the most of what surrounds an edit; null where none holds enough. */
export function findPlace(
  base: readonly ByteString[],
  { from, to }: Edit,
  text: readonly ByteString[],
): MovedPlace | null {
  const wanted = telling(base, from, to).map((at) => squeezed(base[at] ?? ''))
  if (wanted.length < 3) return null
  const length = to - from + 2 * AROUND
  const places = new Map<ByteString, number[]>()
  text.forEach((line, at) => {
    const key = squeezed(line)
    const known = places.get(key)
    if (known) known.push(at)
    else places.set(key, [at])
  })
  const scoreAt = (start: number) => {
    const end = start + length + AROUND
    return (
      wanted.filter((line) => places.get(line)?.some((at) => at >= start - AROUND && at < end)).length / wanted.length
    )
  }
  const starts = new Set(
    wanted.flatMap((line, index) => (places.get(line) ?? []).slice(0, 50).map((at) => Math.max(0, at - index))),
  )
  const scored = [...starts]
    .map((start) => ({ start, share: scoreAt(start) }))
    .sort((one, other) => other.share - one.share)
  const [best] = scored
  if (!best || best.share < ENOUGH) return null
  const next = scored.find(({ start }) => Math.abs(start - best.start) > length)
  const stretch = { from: Math.max(0, best.start - AROUND), to: Math.min(text.length, best.start + length + AROUND) }
  return { ...stretch, share: best.share, margin: best.share - (next?.share ?? 0) }
}

/** The lines around an edit that say something: a brace stands anywhere. */
function telling(base: readonly ByteString[], from: number, to: number): number[] {
  const near = Array.from({ length: AROUND }, (_, at) => at)
  const places = [...near.map((at) => from - AROUND + at), ...near.map((at) => to + at)]
  return places.filter((at) => at >= 0 && at < base.length && /[A-Za-z0-9]/.test(base[at] ?? ''))
}
