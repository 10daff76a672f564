import fc from 'fast-check'
import { expect, it } from 'vitest'
import { secondsAtWork } from '../../src/jobs/resolve/take.ts'

const MINUTE = 60_000

it('counts the time between signs of work, and of a break so much as may be thought', () => {
  expect(secondsAtWork(0, [5 * MINUTE, 10 * MINUTE], 12 * MINUTE)).toBe(12 * 60)
  // A night between two files.
  expect(secondsAtWork(0, [5 * MINUTE, 600 * MINUTE], 601 * MINUTE)).toBe((5 + 20 + 1) * 60)
  // What was written before it was opened, or after now, is no sign.
  expect(secondsAtWork(100 * MINUTE, [MINUTE, 500 * MINUTE], 110 * MINUTE)).toBe(600)
  expect(secondsAtWork(10, [], 0)).toBe(0)
})

it('is never more than what went by, and grows with every sign', () => {
  const time = fc.integer({ min: 0, max: 10_000 * MINUTE })
  fc.assert(
    fc.property(fc.array(time), time, time, (times, sign, now) => {
      const work = secondsAtWork(0, times, now)
      expect(work).toBeLessThanOrEqual(Math.ceil(now / 1000))
      expect(secondsAtWork(0, [...times, sign], now)).toBeGreaterThanOrEqual(work)
    }),
  )
})
