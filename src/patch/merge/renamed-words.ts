/** Words that upstream replaced by others throughout a file. Pure. */
import type { ByteString } from '../../model/bytes.ts'
import { linesGone, tokensIn } from './remembered.ts'
import { tokensOf } from './tokens.ts'
import { type RewordedLine, rewordedLines } from './word-changes.ts'

/** The share of a word's replacements that must agree on the new one. */
const AGREED = 0.7
/** At least this often, unless the caller knows that the word is gone from the whole tree. */
const TIMES = 2

/**
 * Old words to new ones, from the lines that upstream changed. `isGone`: whether the target's
 * tree no longer has a word anywhere.
 */
export function renamedWords(
  base: readonly ByteString[],
  ours: readonly ByteString[],
  isGone: (word: ByteString) => boolean,
): Map<ByteString, ByteString> {
  const replaced = new Map<ByteString, Map<ByteString, number>>()
  for (const [old, word] of rewordedLines(base, ours).flatMap(replacementsIn)) {
    const counts = replaced.get(old) ?? new Map<ByteString, number>()
    counts.set(word, (counts.get(word) ?? 0) + 1)
    replaced.set(old, counts)
  }
  const left = tokensIn(ours)
  const renames = new Map<ByteString, ByteString>()
  for (const [old, counts] of replaced) {
    if (left.has(old) || !isGone(old)) continue
    const all = [...counts.values()].reduce((sum, count) => sum + count, 0)
    const [best] = [...counts].sort((one, other) => other[1] - one[1])
    if (best && best[1] >= all * AGREED && (all >= TIMES || isGone(old))) renames.set(old, best[0])
  }
  return renames
}

/** Whether some lines have a word of the base that is gone from the target: only such are renamed. */
export function mayRename(
  base: readonly ByteString[],
  ours: readonly ByteString[],
  lines: readonly ByteString[],
): boolean {
  const known = tokensIn(linesGone(base, ours))
  return lines.flatMap(tokensOf).some((word) => known.has(word) && !tokensIn(ours).has(word))
}

/** The text with its words renamed. */
export function withRenames(line: ByteString, renames: ReadonlyMap<ByteString, ByteString>): ByteString {
  return tokensOf(line)
    .map((token) => renames.get(token) ?? token)
    .join('')
}

const WORD = /^[A-Za-z_]\w{2,}$/

/** One word for one, between words that stayed. */
function replacementsIn({ old, now, pairs }: RewordedLine): [ByteString, ByteString][] {
  const found: [ByteString, ByteString][] = []
  old.forEach((word, at) => {
    if ((pairs[at] ?? -1) >= 0) return
    const [left, right] = [
      at === 0 ? -1 : (pairs[at - 1] ?? -2),
      at === old.length - 1 ? now.length : (pairs[at + 1] ?? -2),
    ]
    const replacement = left + 2 === right ? now[left + 1] : undefined
    if (replacement !== undefined && WORD.test(word) && WORD.test(replacement)) found.push([word, replacement])
  })
  return found
}
