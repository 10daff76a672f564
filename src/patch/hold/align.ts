/**
 * Which line of one text is which line of another. Pure; the only user of the library
 * @jest/diff-sequences.
 */
import library from '@jest/diff-sequences'
import { elementAt } from '../../model/elements.ts'

/**
 * Its types are those of its CommonJS build; what node and esbuild import is the function itself.
 */
const diffSequences = library as unknown as (typeof library)['default']

/** Between two anchors so many pairs of lines are compared at most: more is another text. */
const MAX_PAIRS = 4_000_000

/**
 * For every line of `left` the index of its line in `right`, -1 where it has none; never crossing.
 * Lines that both have once are anchors ("patience diff"), so that braces and blank lines follow
 * what they belong to; between anchors the longest common subsequence (Myers). Lines may be given as
 * texts, or as keys that are the same for lines that count as alike.
 */
export function align<Line extends string | number>(left: readonly Line[], right: readonly Line[]): Int32Array {
  const map = new Int32Array(left.length).fill(-1)
  alignRange(left, right, { from: 0, to: left.length, rightFrom: 0, rightTo: right.length }, map)
  return map
}

interface Range {
  from: number
  to: number
  rightFrom: number
  rightTo: number
}

function alignRange<Line>(left: readonly Line[], right: readonly Line[], range: Range, map: Int32Array): void {
  let { from, to, rightFrom, rightTo } = range
  while (from < to && rightFrom < rightTo && left[from] === right[rightFrom]) map[from++] = rightFrom++
  while (from < to && rightFrom < rightTo && left[to - 1] === right[rightTo - 1]) map[--to] = --rightTo
  if (from === to || rightFrom === rightTo) return
  const anchors = anchorsIn(left, right, { from, to, rightFrom, rightTo })
  if (anchors.length === 0) {
    alignShortest(left, right, { from, to, rightFrom, rightTo }, map)
    return
  }
  for (const [at, rightAt] of anchors) {
    map[at] = rightAt
    alignRange(left, right, { from, to: at, rightFrom, rightTo: rightAt }, map)
    from = at + 1
    rightFrom = rightAt + 1
  }
  alignRange(left, right, { from, to, rightFrom, rightTo }, map)
}

function alignShortest<Line>(left: readonly Line[], right: readonly Line[], range: Range, map: Int32Array): void {
  const { from, to, rightFrom, rightTo } = range
  if ((to - from) * (rightTo - rightFrom) > MAX_PAIRS) return
  const isCommon = (at: number, rightAt: number) => left[from + at] === right[rightFrom + rightAt]
  diffSequences(to - from, rightTo - rightFrom, isCommon, (count, at, rightAt) => {
    for (let step = 0; step < count; step++) map[from + at + step] = rightFrom + rightAt + step
  })
}

/** The longest run of lines that each side has once and that follow each other on both sides. */
function anchorsIn<Line>(left: readonly Line[], right: readonly Line[], range: Range): [number, number][] {
  const { from, to, rightFrom, rightTo } = range
  const places = placesOfUnique(right, rightFrom, rightTo)
  const own = placesOfUnique(left, from, to)
  const pairs: [number, number][] = []
  for (let at = from; at < to; at++) {
    const line = elementAt(left, at)
    const rightAt = places.get(line) ?? -1
    if (rightAt >= 0 && own.get(line) === at) pairs.push([at, rightAt])
  }
  return longestRising(pairs)
}

/** Where each line is that a stretch has once; -1 for one that it has more often. */
function placesOfUnique<Line>(lines: readonly Line[], from: number, to: number): Map<Line, number> {
  const places = new Map<Line, number>()
  for (let at = from; at < to; at++) {
    const line = elementAt(lines, at)
    places.set(line, places.has(line) ? -1 : at)
  }
  return places
}

/** The longest subsequence whose second places rise (patience sorting). */
function longestRising(pairs: readonly [number, number][]): [number, number][] {
  const tops: number[] = []
  const previous: number[] = []
  pairs.forEach(([, rightAt], index) => {
    let [low, high] = [0, tops.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((pairs[tops[middle] ?? 0]?.[1] ?? 0) < rightAt) low = middle + 1
      else high = middle
    }
    previous[index] = low > 0 ? (tops[low - 1] ?? -1) : -1
    tops[low] = index
  })
  const rising: [number, number][] = []
  for (let index = tops.at(-1) ?? -1; index >= 0; index = previous[index] ?? -1) {
    const pair = pairs[index]
    if (pair) rising.push(pair)
  }
  return rising.reverse()
}

/**
 * For every item of one short list its index in another, -1 where it has none there: a longest
 * common subsequence.
 */
export function commonPairs(
  length: number,
  otherLength: number,
  same: (at: number, other: number) => boolean,
): Int32Array {
  const pairs = new Int32Array(length).fill(-1)
  diffSequences(length, otherLength, same, (count, at, other) => {
    for (let step = 0; step < count; step++) pairs[at + step] = other + step
  })
  return pairs
}
