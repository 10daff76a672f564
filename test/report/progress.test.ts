import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { progressToText } from '../../src/report/text/progress.ts'

const told = (done: number | undefined, total: number | undefined, elapsed: number, width = 80) =>
  progressToText({ step: 'landing', done, total, elapsed }, width)

describe('progress', () => {
  it('tells how far the work is, and how long it takes, as soon as that can be told', () => {
    expect(told(undefined, undefined, 9000)).toBe('landing')
    expect(told(5, undefined, 9000)).toBe('landing 5')
    expect(told(10, 100, 1999)).toBe('landing 10 of 100')
    expect(told(10, 100, 2000)).toBe('landing 10 of 100, 18 s left')
    expect(told(10, 100, 60_000)).toBe('landing 10 of 100, 9 min left')
    expect(told(100, 100, 60_000)).toBe('landing 100 of 100')
    expect(told(0, 100, 60_000)).toBe('landing 0 of 100')
  })

  it('never wraps, and hands no control on', () => {
    expect(stringWidth(progressToText({ step: '漢字'.repeat(50), elapsed: 0 }, 39))).toBeLessThanOrEqual(39)
    expect(progressToText({ step: 'a\u001b[2Jb', elapsed: 0 }, 80)).not.toContain('\u001b')
  })
})
