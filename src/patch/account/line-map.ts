/** Which lines of one state of a file are which of another. Pure. */
import type { ByteString } from '../../model/bytes.ts'
import { align } from '../hold/align.ts'
import { trimEnd } from './runs.ts'

export interface LineMap {
  /** For every old line the index of its new one; -1 where it has none. */
  pairs: Int32Array
  /** How many lines the new state has. */
  length: number
}

export function mapLines(old: readonly ByteString[], now: readonly ByteString[]): LineMap {
  return { pairs: align(old.map(trimEnd), now.map(trimEnd)), length: now.length }
}

/** Lines that are looked at to either side for one that stands. */
const REACH = 60

/** Where old lines `from` to `to` belong in the new state. */
export interface Interval {
  /** The first new line that may be theirs, and the first behind. */
  low: number
  high: number
  /** Whether the lines right before and right behind them stand there together. */
  isSure: boolean
}

export function intervalAt({ pairs, length }: LineMap, { from, to }: { from: number; to: number }): Interval {
  let [before, behind] = [from - 1, to]
  while (before >= 0 && (pairs[before] ?? -1) < 0 && from - before < REACH) before--
  while (behind < pairs.length && (pairs[behind] ?? -1) < 0 && behind - to < REACH) behind++
  const low = before < 0 ? 0 : (pairs[before] ?? -1) + 1
  const high = behind >= pairs.length ? length : (pairs[behind] ?? length)
  const isSure = before === from - 1 && behind === to && low > 0 && high - low <= to - from + REACH
  return { low, high: Math.max(low, high), isSure }
}
