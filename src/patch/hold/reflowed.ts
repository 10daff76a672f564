/** Finds a hunk's result in a text whose lines were broken anew, as by a formatter. Pure. */
import type { ByteString } from '../../model/bytes.ts'
import { sideOf, underTheSame } from './elsewhere.ts'
import type { PlacedHunk } from './standing.ts'
import { indentOf, type Text } from './text.ts'

/** A shorter result may stand anywhere. */
const TELLING_LENGTH = 60

/** Files without their blanks and line ends: many hunks ask for the same. */
const squeezed = new WeakMap<Text, ByteString>()

/**
 * The index of the line at which all that a hunk leaves begins in the target, blanks and line ends
 * aside: it did not stand so before, and what it starts from stands nowhere any more. Null where
 * that is not so, or it stands under other conditions, or nested in another way.
 */
export function reflowedIn(
  { at: place, block }: PlacedHunk,
  { before, target }: { before: Text; target: Text },
): number | null {
  const added = block.flatMap(({ kind, text }) => (kind === 'add' ? [text] : []))
  if (added.length === 0 || target.content?.includes(longestWord(added)) === false) return null
  const lines = sideOf(block, 'add')
  const [start, result] = [squeeze(sideOf(block, 'remove')), squeeze(lines)]
  if (result.length < TELLING_LENGTH) return null
  const text = squeezedText(target)
  const at = text.indexOf(result)
  if (at < 0 || squeezedText(before).includes(result)) return null
  if (text.indexOf(result, at + 1) >= 0 || (start !== '' && text.includes(start))) return null
  const line = lineAt(target, at)
  const there = line === null ? [] : target.lines.slice(line)
  return line !== null && underTheSame(before.lines, place, target.lines, line) && isNestedAlike(lines, there)
    ? line
    : null
}

/** No formatter breaks a word: a text without one of them is soon told. */
function longestWord(lines: readonly ByteString[]): ByteString {
  const words = lines.flatMap((line) => line.match(/\w+/g) ?? [])
  return words.reduce((longest, word) => (word.length > longest.length ? word : longest), '')
}

function squeezedText(text: Text): ByteString {
  const known = squeezed.get(text) ?? squeeze(text.lines)
  squeezed.set(text, known)
  return known
}

function squeeze(lines: readonly ByteString[]): ByteString {
  return lines.join('').replace(/\s+/g, '')
}

/** The line that begins at a character, blanks not counted; null where none does. */
function lineAt({ lines }: Text, at: number): number | null {
  let passed = 0
  for (const [index, line] of lines.entries()) {
    const length = squeeze([line]).length
    if (passed === at && length > 0) return index
    if (passed > at) return null
    passed += length
  }
  return null
}

/**
 * Whether lines that begin at the same character in both are indented alike: as deep as each other,
 * or deeper, in the one where they are so in the other. A formatter may change the width of a step.
 */
function isNestedAlike(lines: readonly ByteString[], there: readonly ByteString[]): boolean {
  const own = indents(lines, Number.POSITIVE_INFINITY)
  const theirs = indents(there, squeeze(lines).length)
  const pairs = [...own].flatMap(([at, indent]) => {
    const other = theirs.get(at)
    return other === undefined ? [] : [{ indent, other }]
  })
  pairs.sort((one, two) => one.indent - two.indent)
  return pairs.every(({ indent, other }, at) => {
    const next = pairs[at + 1]
    return next === undefined || Math.sign(next.indent - indent) === Math.sign(next.other - other)
  })
}

/** How deep each line is indented, by where it begins, blanks not counted. */
function indents(lines: readonly ByteString[], end: number): Map<number, number> {
  const found = new Map<number, number>()
  let at = 0
  for (const line of lines) {
    if (at >= end) break
    const length = squeeze([line]).length
    if (length > 0) found.set(at, indentOf(line))
    at += length
  }
  return found
}
