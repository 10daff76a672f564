/** How much of what upstream took out again stands there in other words. Pure. */
import type { ByteString } from '../../model/bytes.ts'
import { type CommitFile, type CommitSides, type Group, linesOf } from './commit-file.ts'
import { likestAmong, partsOf, REWORDED, shareOf, wordsOf } from './counterparts.ts'
import { isComment } from './elsewhere.ts'
import { GOES_ON, type Standing } from './place.ts'
import type { Text } from './text.ts'

/**
 * Lines around a change: they say how the indentation of one text is that of the other, and which
 * other changes are near.
 */
export const AROUND = 20

/** A line that has so much of another is that, in other words. */
const BACK = 0.8

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
  file: CommitFile,
): number {
  const lost = gone.filter((line) => !isComment(line))
  if (lost.length === 0) return gone.length > 0 ? 1 : 0
  const fresh = freshLines(lost, groups, stands, file)
  const own = fresh.filter(({ isOfAnother }) => !isOfAnother)
  const hasNew = (line: ByteString) => own.some(({ former }) => former === line)
  const anew = withContinued(
    lost.filter((line) => hasNew(line) || fresh.some((one) => saysAnew(line, one.line))),
    groups,
    file,
  )
  const left = lost.filter((line) => !anew.has(line))
  if (left.length === 0 || areGoneWithFormers(left, groups, file)) return 1
  const lines = own.map(({ line }) => line)
  return Math.max(wordsReplaced(lost, lines, file.sides.before, file.target), lost.filter(hasNew).length / lost.length)
}

/** A line that the target has at a place, and the commit had on neither side. */
interface FreshLine {
  line: ByteString
  /** The line of what the commit left there, and is gone, that it is likest to. */
  former: ByteString | null
  /** Whether that one is beside what is asked about. */
  isOfAnother: boolean
}

function freshLines(
  lost: readonly ByteString[],
  groups: readonly Group[],
  stands: readonly (Standing | null)[],
  { sides, target }: CommitFile,
): FreshLine[] {
  const places = stands.flatMap((one) => (one && one.state !== 'whole' ? [one] : []))
  const known = new Set([...sides.before.keys, ...sides.after.keys])
  const there = new Set(target.keys)
  const around = groups.flatMap(({ afterFrom, afterTo }) => indexes(afterFrom - AROUND, afterTo + AROUND))
  const left = [...new Set(around)]
    .filter((at) => !there.has(sides.after.keys[at] ?? -1))
    .flatMap((at) => sides.after.lines[at] ?? [])
  const former = likestAmong(left)
  const removed = groups.flatMap((group) => linesOf(group, sides).remove).map(partsOf)
  return places
    .flatMap(({ from, to }) => target.lines.slice(from, to).filter((_, at) => !known.has(target.keys[from + at] ?? -1)))
    .filter((line) => !isComment(line))
    .map((line) => {
      const likest = former(line)
      return { line, former: likest, isOfAnother: likest !== null && !lost.includes(likest) }
    })
    .filter(({ line, former: likest }) => {
      // What is liker to the text from before the commit is that, in other words.
      const [parts, alike] = [partsOf(line), likest === null ? REWORDED : shareOf(partsOf(line), partsOf(likest))]
      return removed.every((other) => shareOf(parts, other) <= alike)
    })
}

/** Whether one line holds all of another's text, or begins a call or a declaration of the same name. */
function saysAnew(line: ByteString, other: ByteString): boolean {
  const head = headOf(line)
  return holdsText(other, line) || (head !== null && head === headOf(other))
}

/** Shorter texts are in many lines. */
const TELLING_TEXT = 12

/** Whether a line holds the text of another, but for the signs at its ends. */
function holdsText(line: ByteString, other: ByteString): boolean {
  const text = other.replace(/^[^\w"']+|[^\w"')\]]+$/g, '')
  const bare = text.split('(').length === text.split(')').length ? text : text.replace(/\)+$/, '')
  return bare.length >= TELLING_TEXT && line.includes(bare)
}

/** What a call or a declaration begins with, and the name that it calls or declares; null for none. */
function headOf(line: ByteString): ByteString | null {
  const [, first, name] = /^\s*(\w\S*)\s.*?\b([A-Za-z_]\w{3,})\s*\)?\s*\((?!\*)/.exec(line) ?? []
  return first === undefined || name === undefined ? null : `${first} ${name}`
}

/** Some lines, with those that go on with what they begin. */
function withContinued(lines: readonly ByteString[], groups: readonly Group[], { sides }: CommitFile): Set<ByteString> {
  const all = new Set(lines)
  for (const group of groups) {
    const { add } = linesOf(group, sides)
    for (const [at, line] of add.entries()) {
      const above = add[at - 1]
      if (above !== undefined && GOES_ON.test(above) && all.has(above)) all.add(line)
    }
  }
  return all
}

/**
 * Whether the lines that the commit put these in the stead of are gone as well: then there is nothing
 * left to change.
 */
function areGoneWithFormers(
  lines: readonly ByteString[],
  groups: readonly Group[],
  { sides, target }: CommitFile,
): boolean {
  const formers = new Map(groups.flatMap((group) => [...formersOf(group, sides)]))
  const there = new Set(target.lines.map((line) => line.trim()))
  const parts = [...there].map(partsOf)
  return lines.every((line) => {
    const former = formers.get(line)
    if (former === undefined || there.has(former.trim())) return false
    const own = partsOf(former)
    return !parts.some((one) => shareOf(one, own) >= BACK)
  })
}

/** Where more pairs of lines are to be compared, one text was put in the stead of another. */
const MOST_PAIRS = 250_000

/** For each line that a commit adds in one stretch the one that it takes out for it. */
function formersOf(group: Group, sides: CommitSides): Map<ByteString, ByteString> {
  const { add, remove } = linesOf(group, sides)
  if (add.length * remove.length > MOST_PAIRS) return new Map()
  const former = likestAmong(remove)
  const pairs = new Map<ByteString, ByteString>()
  const taken = new Set<ByteString>()
  for (const line of add) {
    const found = add.length === 1 && remove.length === 1 ? remove[0] : former(line)
    if (found == null || taken.has(found)) continue
    taken.add(found)
    pairs.set(line, found)
  }
  return pairs
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
