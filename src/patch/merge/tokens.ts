/** Lines as words and signs, to compare and merge them. Pure. */
import type { ByteString } from '../../model/bytes.ts'

/** Words, numbers, runs of blanks, and single signs, which together are the line. */
export function tokensOf(line: ByteString): ByteString[] {
  return line.match(/[A-Za-z0-9_\x80-\xff]+|\s+|[^A-Za-z0-9_\s\x80-\xff]/g) ?? []
}

/** Whether a token is white space. */
export function isBlank(token: ByteString): boolean {
  return token.trim() === ''
}

/** A line without its white space at the ends, and with single blanks. */
export function squeezed(line: ByteString): ByteString {
  return line.trim().replace(/\s+/g, ' ')
}

/** What stands left of the sign of an assignment; null where the line assigns nothing. */
function assignedIn(line: ByteString): ByteString | null {
  const [, name] = /^\s*([A-Za-z_$][\w.>[\]$-]*)\s*(?:[-+*/%&|^?:]|<<|>>)?=(?!=)/.exec(line) ?? []
  return name ?? null
}

/** Lines that assign to the same name are as alike as this, whatever they assign. */
const SAME_ASSIGNED = 0.7

/** A line as it is compared with others. */
export interface LineWords {
  squeezed: ByteString
  /** Its words and signs, without blanks. */
  words: readonly ByteString[]
  assigned: ByteString | null
}

export function wordsOfLine(line: ByteString): LineWords {
  const words = tokensOf(line).filter((token) => !isBlank(token))
  return { squeezed: squeezed(line), words, assigned: assignedIn(line) }
}

/** How alike two lines are, 0 to 1: the share of words and signs that both have. */
export function likenessOf(one: LineWords, other: LineWords): number {
  if (one.squeezed === other.squeezed) return 1
  const length = one.words.length + other.words.length
  const isAssigned = one.assigned !== null && one.assigned === other.assigned
  return Math.max(length === 0 ? 0 : (2 * countCommon(one, other)) / length, isAssigned ? SAME_ASSIGNED : 0)
}

/** How many words and signs two lines share; one that both have twice counts twice. */
function countCommon(one: LineWords, other: LineWords): number {
  const counts = new Map<ByteString, number>()
  for (const word of one.words) counts.set(word, (counts.get(word) ?? 0) + 1)
  let common = 0
  for (const word of other.words) {
    const count = counts.get(word) ?? 0
    if (count === 0) continue
    common++
    counts.set(word, count - 1)
  }
  return common
}
