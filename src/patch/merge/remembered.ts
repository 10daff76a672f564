/** What is computed of lines is computed once, for as long as the lines themselves are held. Pure. */
import type { ByteString } from '../../model/bytes.ts'
import { tokensOf } from './tokens.ts'

type Lines = readonly ByteString[]

/** A function of one text. */
export function onceForText<Result>(compute: (lines: Lines) => Result): (lines: Lines) => Result {
  const known = new WeakMap<Lines, { result: Result }>()
  return (lines) => {
    const found = known.get(lines)
    if (found) return found.result
    const result = compute(lines)
    known.set(lines, { result })
    return result
  }
}

/** A function of two texts. */
export function onceForTexts<Result>(
  compute: (one: Lines, other: Lines) => Result,
): (one: Lines, other: Lines) => Result {
  const ofFirst = onceForText((one) => onceForText((other) => compute(one, other)))
  return (one, other) => ofFirst(one)(other)
}

/** All words and signs of a text. */
export const tokensIn = onceForText((lines): ReadonlySet<ByteString> => new Set(lines.flatMap(tokensOf)))

/** The lines of one text that another does not have: what is gone from it is in these. */
export const linesGone = onceForTexts((base, side): Lines => {
  const left = new Set(side)
  return base.filter((line) => !left.has(line))
})
