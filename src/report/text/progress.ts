/** Where long work stands, in one line, with the time that is left. */
import { cut } from '../layout.ts'
import { forTerminal } from '../sanitize.ts'

/** Milliseconds before anything is said of the time: the first of many tell little. */
const ENOUGH = 2000
const SECOND = 1000
const MINUTE = 60

/** One step of the work, as far as it is. */
export interface Standing {
  step: string
  done?: number | undefined
  total?: number | undefined
  /** Milliseconds since the step began. */
  elapsed: number
}

/** "landing 120 of 432, 8 s left", in at most `width` columns. */
export function progressToText({ step, done, total, elapsed }: Standing, width: number): string {
  const count = done === undefined ? '' : total === undefined ? ` ${done}` : ` ${done} of ${total}`
  const left = done === undefined || total === undefined ? '' : timeLeft(done, total, elapsed)
  return cut(`${forTerminal(step)}${count}${left}`, width)
}

function timeLeft(done: number, total: number, elapsed: number): string {
  if (elapsed < ENOUGH || done <= 0 || total <= done) return ''
  const seconds = Math.ceil(((elapsed / done) * (total - done)) / SECOND)
  return seconds < 2 * MINUTE ? `, ${seconds} s left` : `, ${Math.ceil(seconds / MINUTE)} min left`
}
