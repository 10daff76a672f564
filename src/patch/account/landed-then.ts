/**
 * Whether a hunk landed by a commit that is known to be its patch's, whatever upstream made of it
 * since. Pure.
 */
import type { ByteString } from '../../model/bytes.ts'
import type { Hunk, HunkLine } from '../../model/patch.ts'
import { saysSomething } from '../lines.ts'
import { tokensOf } from '../merge/tokens.ts'
import { trimEnd } from './runs.ts'

/** Whether a commit's hunks for a file have every line that a hunk adds and takes away. */
export function isMadeBy(hunk: Hunk, theirs: readonly Hunk[]): boolean {
  return takeFrom(countSigned(theirs), hunk)
}

/** How often each line that says something is added, and taken away. */
export function countSigned(hunks: readonly Hunk[]): Map<ByteString, number> {
  const left = new Map<ByteString, number>()
  for (const line of hunks.flatMap(signedOf)) left.set(line, (left.get(line) ?? 0) + 1)
  return left
}

/** Takes all that a hunk adds and takes away from what is left; false where it is not all there. */
export function takeFrom(left: Map<ByteString, number>, hunk: Hunk): boolean {
  const wanted = countSigned([hunk])
  if (wanted.size === 0 || [...wanted].some(([line, count]) => (left.get(line) ?? 0) < count)) return false
  for (const [line, count] of wanted) left.set(line, (left.get(line) ?? 0) - count)
  return true
}

/** Whether two hunks add, or take away, a line alike. */
export function sharesChange(hunk: Hunk, other: Hunk): boolean {
  const wanted = new Set(signedOf(hunk))
  return signedOf(other).some((line) => wanted.has(line))
}

/** What a hunk takes away: each line once, as far as it says something. */
export function textTakenAway({ lines }: Hunk): ByteString[] {
  const removed = lines.flatMap(({ kind, text }) => (kind === 'remove' && saysSomething(text) ? [text.trim()] : []))
  return [...new Set(removed)]
}

function signedOf({ lines }: Hunk): ByteString[] {
  return lines.flatMap(({ kind, text }) =>
    kind !== 'context' && saysSomething(text) ? [`${kind} ${text.trim()}`] : [],
  )
}

/** Of the words that say what a hunk does, so many must be in the commit's. */
const SHARED = 0.6

/**
 * Whether a hunk of a commit does the like: with most of the words of what a hunk adds, or takes away
 * where it adds nothing. A backport is written for another text than its commit.
 */
export function isMadeLike(hunk: Hunk, theirs: readonly Hunk[]): boolean {
  const kind = wordsOf(hunk, 'add').size > 0 ? 'add' : 'remove'
  const words = wordsOf(hunk, kind)
  return theirs.some((other) => {
    const others = wordsOf(other, kind)
    return words.size > 0 && [...words].filter((word) => others.has(word)).length >= words.size * SHARED
  })
}

function wordsOf({ lines }: Hunk, wanted: HunkLine['kind']): Set<ByteString> {
  return new Set(lines.flatMap(({ kind, text }) => (kind === wanted ? tokensOf(text).filter(saysSomething) : [])))
}

/**
 * Whether some place of a file has the text from before a hunk: what it takes away, or where it adds
 * lines those around them with nothing in between. It may have been taken back there.
 */
export function hasTextFromBefore(hunk: Hunk, file: readonly ByteString[]): boolean {
  const there = file.map(trimEnd)
  return placesOf(hunk, 'add').some((place) => place.lines.length > 0 && isThere(place, there))
}

/** Whether a file has all of the text from before a hunk, and nothing of what it makes. */
export function hasAllFromBefore(hunk: Hunk, file: readonly ByteString[]): boolean {
  const there = file.map(trimEnd)
  return (
    placesOf(hunk, 'add').every((place) => place.lines.length > 0 && isThere(place, there)) &&
    !placesOf(hunk, 'remove').some((place) => isThere(place, there))
  )
}

/**
 * Whether a file has all that hunks make: what they add with lines around it, or these alone, each
 * as often as they make it.
 */
export function hasTextFromAfter(hunks: readonly Hunk[], file: readonly ByteString[]): boolean {
  const there = file.map(trimEnd)
  const places = hunks.flatMap((hunk) => placesOf(hunk, 'remove'))
  const timesOf = ({ lines }: Place) => places.filter((other) => other.lines.join('\n') === lines.join('\n')).length
  return places.every((place) => place.lines.length > 0 && placesIn(place, there) >= timesOf(place))
}

/** One side of a run of changes, with as many lines around it as say where that is. */
interface Place {
  lines: ByteString[]
  /** Where nothing is left of the run but lines to one side: the end of the file that it is at. */
  end: 'first' | 'last' | null
}

/** `without`: the lines that the wanted side has not. */
function placesOf({ lines, oldStart }: Hunk, without: 'add' | 'remove'): Place[] {
  const places: Place[] = []
  for (let at = 0; at < lines.length; at++) {
    if (lines[at]?.kind === 'context') continue
    const from = at
    while (at + 1 < lines.length && lines[at + 1]?.kind !== 'context') at++
    const own = lines.slice(from, at + 1).filter(({ kind }) => kind !== without)
    const before = around(lines.slice(0, from).reverse(), without).reverse()
    const after = around(lines.slice(at + 1), without)
    const isBare = !own.some(({ text }) => saysSomething(text))
    const isFirst = before.length === 0 && oldStart <= 1
    // A hunk has as many lines behind its changes as in front of them, where there are any.
    const isLast = before.length > 0 && after.length === 0
    const end = isBare && isFirst ? 'first' : isBare && isLast ? 'last' : null
    places.push({ lines: [...before, ...own, ...after].map(({ text }) => trimEnd(text)), end })
  }
  return places
}

/** Up to the first line that says something; all of them where none does. */
function around(lines: readonly HunkLine[], without: 'add' | 'remove'): HunkLine[] {
  const side = lines.filter(({ kind }) => kind !== without)
  const told = side.findIndex(({ text }) => saysSomething(text))
  return told < 0 ? side : side.slice(0, told + 1)
}

function isThere(place: Place, file: readonly ByteString[]): boolean {
  return placesIn(place, file) > 0
}

function placesIn({ lines, end }: Place, file: readonly ByteString[]): number {
  const isAt = (at: number) => lines.every((line, next) => file[at + next] === line)
  if (end === 'first') return isAt(0) ? 1 : 0
  if (end === 'last') return isAt(file.length - lines.length) ? 1 : 0
  return file.filter((_, at) => isAt(at)).length
}
