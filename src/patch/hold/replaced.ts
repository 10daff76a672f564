/** How much of what upstream took out again stands there in other words. Pure. */
import type { ByteString } from '../../model/bytes.ts'
import type { CommitFile, Group } from './commit-file.ts'
import { partsOf, REWORDED, shareOf, wordsOf } from './counterparts.ts'
import { isComment } from './elsewhere.ts'
import type { Standing } from './place.ts'
import type { Text } from './text.ts'

/**
 * Lines around a change: they say how the indentation of one text is that of the other, and which
 * other changes are near.
 */
export const AROUND = 20

/** A shorter word says little. */
const WORD = 3

/**
 * How much of what is gone stands in other words: the share of its words, or of its lines, that
 * have a new one in their stead. A new line that stands for a line beside it does not count.
 */
export function replacedBy(
  gone: readonly ByteString[],
  groups: readonly Group[],
  stands: readonly (Standing | null)[],
  { sides, target }: CommitFile,
): number {
  const lost = gone.filter((line) => !isComment(line))
  if (lost.length === 0) return gone.length > 0 ? 1 : 0
  const places = stands.flatMap((one) => (one && one.state !== 'whole' ? [one] : []))
  const known = new Set([...sides.before.keys, ...sides.after.keys])
  const there = new Set(target.keys)
  const around = groups.flatMap(({ afterFrom, afterTo }) => indexes(afterFrom - AROUND, afterTo + AROUND))
  const left = [...new Set(around)]
    .filter((at) => !there.has(sides.after.keys[at] ?? -1))
    .flatMap((at) => sides.after.lines[at] ?? [])
  const former = likestAmong(left)
  const fresh = places
    .flatMap(({ from, to }) => target.lines.slice(from, to).filter((_, at) => !known.has(target.keys[from + at] ?? -1)))
    .filter((line) => !isComment(line))
    .map((line) => ({ line, former: former(line) }))
    .filter((one) => one.former === null || lost.includes(one.former))
  const replaced = lost.filter((line) => fresh.some((one) => one.former === line)).length
  const words = wordsReplaced(
    lost,
    fresh.map(({ line }) => line),
    sides.before,
    target,
  )
  return Math.max(words, replaced / lost.length)
}

function indexes(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, step) => from + step)
}

function wordsReplaced(lost: readonly ByteString[], fresh: readonly ByteString[], before: Text, target: Text): number {
  const wordsIn = (lines: readonly ByteString[]) =>
    new Set(lines.flatMap(wordsOf).filter((word) => word.length >= WORD))
  const words = wordsIn(lost)
  if (words.size === 0) return 1
  const found = wordsIn(fresh)
  const has = ({ lines }: Text, word: string) =>
    lines.some((line) => line.includes(word) && wordsOf(line).includes(word))
  const isAccounted = (word: string) => found.has(word) || (has(before, word) && !has(target, word))
  return [...words].filter(isAccounted).length / words.size
}

/**
 * Which of some lines is likest to one, first of those that begin alike; null where none is like
 * it.
 */
function likestAmong(lines: readonly ByteString[]): (line: ByteString) => ByteString | null {
  const others = lines.map((line) => ({ line, parts: partsOf(line) }))
  return (line) => {
    const parts = partsOf(line)
    const best = { score: 0, line: null as ByteString | null }
    for (const other of others) {
      const alike = shareOf(parts, other.parts)
      const score = alike + (other.parts[0] === parts[0] ? 1 : 0)
      if (alike >= REWORDED && score > best.score) Object.assign(best, { score, line: other.line })
    }
    return best.line
  }
}
