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

/** A function of a text that gives all parts of its lines, each once. */
export function partsIn(
  partsOf: (line: ByteString) => readonly ByteString[],
): (lines: Lines) => ReadonlySet<ByteString> {
  return onceForText((lines) => {
    const parts = new Set<ByteString>()
    for (const line of lines) for (const part of partsOf(line)) parts.add(part)
    return parts
  })
}

/** All words and signs of a text. */
export const tokensIn = partsIn(tokensOf)

/** The lines of one text that another does not have: what is gone from it is in these. */
export const linesGone = onceForTexts((base, side): Lines => {
  const left = new Set(side)
  return base.filter((line) => !left.has(line))
})
