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

/** How alike two lines are, 0 to 1: the share of words and signs that both have. */
export function likenessOf(one: ByteString, other: ByteString): number {
  const [left, right] = [one, other].map((line) => tokensOf(line).filter((token) => !isBlank(token)))
  if (!left?.length || !right?.length) return 0
  const counts = new Map<ByteString, number>()
  for (const token of left) counts.set(token, (counts.get(token) ?? 0) + 1)
  let common = 0
  for (const token of right) {
    const count = counts.get(token) ?? 0
    if (count === 0) continue
    common++
    counts.set(token, count - 1)
  }
  const share = (2 * common) / (left.length + right.length)
  const name = assignedIn(one)
  return name !== null && name === assignedIn(other) ? Math.max(share, SAME_ASSIGNED) : share
}
