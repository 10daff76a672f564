/** What hunks make of a stretch of lines in the middle of a file. */
import type { ByteString } from '../model/bytes.ts'
import type { Hunk } from '../model/patch.ts'

/**
 * The lines that stand in place of `before`, which begin at line `start` of the old file, from 1.
 * Null where the hunks speak of other lines there: they are not of that file.
 */
export function madeOfLines(hunks: readonly Hunk[], start: number, before: readonly ByteString[]): ByteString[] | null {
  const end = start + before.length
  const made: ByteString[] = []
  let next = start
  for (const { oldStart, oldCount, lines } of hunks) {
    // A hunk without old lines stands behind the line that it names (diff(1)).
    let at = oldCount === 0 ? oldStart + 1 : oldStart
    for (const { kind, text } of lines) {
      const isWithin = at >= start && at < end
      if (kind === 'add') {
        if (at < start || at > end) continue
        made.push(...before.slice(next - start, at - start), text)
        next = Math.max(next, at)
        continue
      }
      if (isWithin) {
        if (text !== before[at - start]) return null
        made.push(...before.slice(next - start, at - start), ...(kind === 'context' ? [text] : []))
        next = at + 1
      }
      at++
    }
  }
  return [...made, ...before.slice(next - start)]
}
