/** Whether upstream took what is around a place to another file. Pure. */
import type { ByteString } from '../../model/bytes.ts'

/** A line of a file, by its index. */
interface Place {
  lines: readonly ByteString[]
  at: number
}

/** So many lines to either side are around a place. */
const AROUND = 15
/** One line may be anywhere by chance. */
const ENOUGH = 2
/** So many letters and digits of a line say more than "else" or "fi". */
const TELLING = 6

/** `rest`: what the old file has now. Lines around the old place that it lost must be around the new one. */
export function wentTo(old: Place, rest: readonly ByteString[], now: Place): boolean {
  const kept = new Set(rest.map((line) => line.trim()))
  const there = new Set(around(now))
  return new Set(around(old).filter((line) => !kept.has(line) && there.has(line))).size >= ENOUGH
}

function around({ lines, at }: Place): ByteString[] {
  const near = lines.slice(Math.max(0, at - AROUND), at + AROUND)
  return near.map((line) => line.trim()).filter((line) => line.replace(/\W/g, '').length >= TELLING)
}
