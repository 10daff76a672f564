/**
 * Finds for lines of a patch what a commit has in their stead, and whether it means the same. Pure.
 */
import type { ByteString } from '../../model/bytes.ts'
import { align } from './align.ts'
import { indentOf, type LineKeys } from './text.ts'

/** Of some lines those that have no equal counterpart among others. */
export interface Counts {
  /** The others have nothing in their stead. */
  missing: number
  /** The others have it in their stead with other values, or on another level. */
  valued: number
  /** The others have something else in their stead. */
  differing: number
  /**
   * The others have it in other words, with the same values and on the same level; or all of them in
   * another order.
   */
  reworded: number
}

/** Share of their words that two lines have in common to be one line in other words. */
export const REWORDED = 0.5
/** The indentation of one line in two texts. */
export interface Level {
  own: number
  other: number
}

/** What makes two lines differ without meaning something else. */
export interface Allowance {
  /** How the indentation of one text is that of the other. */
  levels: readonly Level[]
  /** Values in the lines that each of the two replaces: a counterpart has its own. */
  former: { own: ReadonlySet<string>; theirs: ReadonlySet<string> }
}

/**
 * Holds some lines against others, each of which is used once: counts those without an equal
 * counterpart.
 */
export function counterparts(
  own: readonly ByteString[],
  theirs: readonly ByteString[],
  { levels, former }: Allowance,
  keys: LineKeys,
): Counts {
  const left = new Set(theirs.keys())
  const take = (fits: (line: ByteString, at: number) => boolean): boolean => {
    for (const at of left) {
      if (!fits(theirs[at] ?? '', at)) continue
      left.delete(at)
      return true
    }
    return false
  }
  const isEqual = (line: ByteString, other: ByteString) => keys.keyOf(line) === keys.keyOf(other)
  const others = [...own.entries()].filter(
    ([, line]) => !take((other) => isEqual(line, other) && keepsLevel(line, other, levels)),
  )
  const keysOf = (lines: readonly ByteString[]) => lines.map((line) => keys.keyOf(line))
  const isMoved = others.length === 0 && !isInOrder(keysOf(own), keysOf(theirs))
  const counts = { missing: 0, valued: 0, differing: 0, reworded: isMoved ? 1 : 0 }
  const gapOf = gapsOf(own, theirs, keys)
  for (const [index, line] of others) {
    const parts = partsOf(line)
    const isAlike = (other: ByteString) => shareOf(parts, partsOf(other)) >= REWORDED
    const isSame = (other: ByteString) =>
      isAlike(other) && keepsLevel(line, other, levels) && sameValues(line, other, former)
    if (take((other) => isSame(other) && hasAllOf(line, other))) {
      counts.reworded++
      continue
    }
    const { from, to } = gapOf(index)
    const isInstead = (other: ByteString, at: number) => at > from && at < to && keys.isTelling(keys.keyOf(other))
    if (take((other) => sameNames(line, other) || isSame(other))) counts.valued++
    else if (take(isAlike) || take(isInstead)) counts.differing++
    else counts.missing++
  }
  return counts
}

/** Whether others have some lines, by their keys, in the same order, whatever is in between. */
export function isInOrder(own: readonly number[], theirs: readonly number[]): boolean {
  let next = 0
  for (const other of theirs) if (next < own.length && own[next] === other) next++
  return next === own.length
}

/**
 * For a line of one list the indexes in another between which it would be: those of its neighbours'
 * counterparts.
 */
function gapsOf(
  own: readonly ByteString[],
  theirs: readonly ByteString[],
  keys: LineKeys,
): (index: number) => { from: number; to: number } {
  const keysOf = (lines: readonly ByteString[]) => lines.map((line) => keys.keyOf(line))
  const pairs = align(keysOf(own), keysOf(theirs))
  return (index) => ({
    from: pairs.slice(0, index).findLast((place) => place >= 0) ?? -1,
    to: pairs.slice(index + 1).find((place) => place >= 0) ?? theirs.length,
  })
}

function keepsLevel(line: ByteString, other: ByteString, levels: readonly Level[]): boolean {
  const [own, found] = [indentOf(line), indentOf(other)]
  return levels.every((level) => Math.sign(own - level.own) === Math.sign(found - level.other))
}

/** Names, numbers and strings of a line. */
export function wordsOf(line: ByteString): string[] {
  return line.match(/[A-Za-z_]\w*|\d[\w.]*|"[^"]*"|'[^']*'/g) ?? []
}

/** Words, and those that names are made of. */
export function partsOf(line: ByteString): string[] {
  return wordsOf(line).flatMap((word) => (/^\w+$/.test(word) ? word.toLowerCase().split('_').filter(Boolean) : [word]))
}

/** Share of their parts that two lines have in common (Dice's coefficient), 0..1. */
export function shareOf(own: readonly string[], theirs: readonly string[]): number {
  const left = [...theirs]
  const shared = own.filter((word) => {
    const at = left.indexOf(word)
    if (at >= 0) left.splice(at, 1)
    return at >= 0
  })
  return own.length + theirs.length === 0 ? 0 : (2 * shared.length) / (own.length + theirs.length)
}

/**
 * Which of some lines is likest to one, first of those that begin alike; null where none is like
 * it.
 */
export function likestAmong(lines: readonly ByteString[]): (line: ByteString) => ByteString | null {
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

const VALUES = /^(?:\d.*|".*"|'.*'|true|false|yes|no|on|off|null|none|nil|enabled?|disabled?|not|and|or)$/i
/** Signs that compare, join, negate or change: one instead of another does something else. */
const SIGNS = /[<>]{2}=?|[<>]=?|[!=]=|!|&&|\|\||~|[-+*/%&|^?:]=|\s[&|^]\s|=[ymn]$/g

/**
 * Whether two lines have the same numbers, strings, booleans and signs: one that differs there does
 * something else, unless that was the difference before them.
 */
function sameValues(line: ByteString, other: ByteString, former: Allowance['former']): boolean {
  const [own, theirs] = [valuesOf(line), valuesOf(other)]
  const without = (values: readonly string[], taken: readonly string[]) => {
    const left = [...taken]
    return values.filter((value) => {
      const at = left.indexOf(value)
      if (at >= 0) left.splice(at, 1)
      return at < 0
    })
  }
  const isFormer = (set: ReadonlySet<string>) => (value: string) => set.has(value)
  return without(own, theirs).every(isFormer(former.own)) && without(theirs, own).every(isFormer(former.theirs))
}

/** What is said at the end of a line is not done. */
const REMARK = /\s(?:\/\*.*\*\/|\/\/.*|#\s.*)$/
/** What kind a type is, a name for it says, too. */
const KINDS: ReadonlySet<string> = new Set(['struct', 'union', 'enum'])

/**
 * Whether one line in other words has something for every word of the other: more words do more, and
 * the same ones in another order do something else.
 */
function hasAllOf(line: ByteString, other: ByteString): boolean {
  const namesOf = (text: ByteString) => wordsOf(text.replace(REMARK, '')).filter((word) => !KINDS.has(word))
  const [own, theirs] = [namesOf(line), namesOf(other)]
  const isPermuted = own.join(' ') !== theirs.join(' ') && own.toSorted().join(' ') === theirs.toSorted().join(' ')
  return own.length <= theirs.length && !isPermuted
}

/** Whether two lines have the same names: then they differ in values alone, or in their level. */
function sameNames(line: ByteString, other: ByteString): boolean {
  const namesOf = (text: ByteString) =>
    wordsOf(text)
      .filter((word) => !VALUES.test(word))
      .join(' ')
  return namesOf(line) === namesOf(other)
}

function valuesOf(line: ByteString): string[] {
  return [...wordsOf(line).filter((word) => VALUES.test(word)), ...(line.match(SIGNS) ?? [])]
}

export function valuesIn(lines: readonly ByteString[]): Set<string> {
  return new Set(lines.flatMap(valuesOf))
}
