/** Whether a place that only its context names is the one that a hunk means. Pure. */
import { type ByteString, trimBytes } from '../../model/bytes.ts'
import type { Hunk, HunkLine } from '../../model/patch.ts'

/**
 * What git-diff(1) and diff(1) -p take for the head of a function, where nothing else is
 * configured: gitattributes(5).
 */
const FUNCTION_HEAD = /^[A-Za-z_$]/
/** A label stands at the beginning of a line, too, but in every function the same. */
const LABEL = /^\w+:\s*$/
/** An added run of fewer characters may stand in a file more than once for good reasons. */
const TELLING_LENGTH = 12
/** So much of what a hunk adds stands in the file already that it is there, give or take a word. */
const MOSTLY = 0.75

/**
 * `at`: where the hunk's first line would be. Not in another function than the one that the hunk
 * names: a patch that fits in the function for reading where it was made for the one for writing
 * has done harm.
 */
export function isSurePlace(lines: readonly ByteString[], hunk: Hunk, at: number): boolean {
  return isAtTopLevel(hunk) || isInFunction(lines, trimBytes(hunk.context), at)
}

/**
 * A hunk that names a head in its own lines, or stands behind a declaration, is found by these and
 * in no function.
 */
function isAtTopLevel({ lines, context }: Hunk): boolean {
  const isHead = (line: ByteString) => FUNCTION_HEAD.test(line) && !LABEL.test(line)
  return trimBytes(context).endsWith(';') || lines.some(({ kind, text }) => kind !== 'add' && isHead(text))
}

/** diff(1) cuts the name of the function short: the beginning must do. */
function isInFunction(lines: readonly ByteString[], name: ByteString, at: number): boolean {
  if (name === '') return true
  for (let above = Math.min(at, lines.length) - 1; above >= 0; above--) {
    const line = lines[above] ?? ''
    if (FUNCTION_HEAD.test(line)) return trimBytes(line).startsWith(name)
  }
  return false
}

/**
 * The indexes of the hunks of which what they add stands in the file already, other than where the
 * patch takes it away.
 */
export function addedTwice(lines: readonly ByteString[], hunks: readonly Hunk[]): number[] {
  const textOf = (hunk: Hunk, side: HunkLine['kind']) =>
    hunk.lines.flatMap(({ kind, text }) => (kind === side ? [trimBytes(text)] : []))
  const removed = new Set(hunks.flatMap((hunk) => textOf(hunk, 'remove')))
  const known = new Set(lines.map(trimBytes))
  return hunks.flatMap((hunk, index) => {
    const telling = textOf(hunk, 'add').filter((line) => line.length >= TELLING_LENGTH && !removed.has(line))
    const there = telling.filter((line) => known.has(line))
    return telling.length > 0 && there.length >= MOSTLY * telling.length ? [index] : []
  })
}
