/** Which line of a base became which line of one side of a merge. Pure. */
import type { ByteString } from '../../model/bytes.ts'
import { elementAt } from '../../model/elements.ts'
import { align } from '../hold/align.ts'
import { onceForTexts } from './remembered.ts'
import { likenessOf, wordsOfLine } from './tokens.ts'

/** Lines that are less alike are not the same line in another form. */
const ALIKE = 0.6
/** Between two unchanged lines at most this many pairs are compared: more is another text. */
const MAX_PAIRS = 40_000

/**
 * For every line of the base the index of its line in the side, -1 where it has none; never
 * crossing. Unchanged lines are anchors; between them lines are paired that are alike.
 */
export const pairLines = onceForTexts((base, side): Int32Array => {
  const pairs = align(base, side)
  let [from, sideFrom] = [0, 0]
  for (let at = 0; at <= base.length; at++) {
    const partner = at === base.length ? side.length : (pairs[at] ?? -1)
    if (partner < 0) continue
    pairBetween({ base, side, pairs }, { from, to: at, sideFrom, sideTo: partner })
    from = at + 1
    sideFrom = partner + 1
  }
  return pairs
})

interface Gap {
  from: number
  to: number
  sideFrom: number
  sideTo: number
}

/** The pairs of a gap that are alike most, all together. */
function pairBetween(
  { base, side, pairs }: { base: readonly ByteString[]; side: readonly ByteString[]; pairs: Int32Array },
  { from, to, sideFrom, sideTo }: Gap,
): void {
  const [rows, columns] = [to - from, sideTo - sideFrom]
  if (rows === 0 || columns === 0 || rows * columns > MAX_PAIRS) return
  const width = columns + 1
  const best = new Float64Array((rows + 1) * width)
  const alike = new Float64Array(rows * columns)
  const own = base.slice(from, to).map(wordsOfLine)
  const theirs = side.slice(sideFrom, sideTo).map(wordsOfLine)
  for (let row = rows - 1; row >= 0; row--)
    for (let column = columns - 1; column >= 0; column--) {
      const likeness = likenessOf(elementAt(own, row), elementAt(theirs, column))
      alike[row * columns + column] = likeness
      const paired = likeness >= ALIKE ? likeness + (best[(row + 1) * width + column + 1] ?? 0) : 0
      const apart = Math.max(best[(row + 1) * width + column] ?? 0, best[row * width + column + 1] ?? 0)
      best[row * width + column] = Math.max(paired, apart)
    }
  let [row, column] = [0, 0]
  while (row < rows && column < columns) {
    const here = best[row * width + column] ?? 0
    const likeness = alike[row * columns + column] ?? 0
    if (likeness >= ALIKE && here === likeness + (best[(row + 1) * width + column + 1] ?? 0)) {
      pairs[from + row++] = sideFrom + column++
    } else if (here === (best[(row + 1) * width + column] ?? 0)) row++
    else column++
  }
}
