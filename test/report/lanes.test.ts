import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lanesOf, spreadDown } from '../../src/report/html/lanes.ts'

const labels = fc
  .array(fc.record({ x: fc.integer({ min: 0, max: 1000 }), width: fc.integer({ min: 20, max: 120 }) }), {
    minLength: 1,
    maxLength: 40,
  })
  .map((all) => all.sort((one, other) => one.x - other.x))

describe('labels above a chart', () => {
  it('lie on no other, and no line runs through one', () => {
    fc.assert(
      fc.property(labels, (all) => {
        const lanes = lanesOf(all)
        for (const [at, label] of all.entries())
          for (const [later, { x }] of all.entries()) {
            const [own, other] = [lanes[at] ?? null, lanes[later] ?? null]
            if (later <= at || own === null || other === null || x > label.x + label.width) continue
            // Its own line begins in its lane: a label above is not reached.
            expect(other).toBeGreaterThan(own)
          }
      }),
    )
  })

  it('take four lanes at most, and the newest is always there', () => {
    fc.assert(
      fc.property(labels, (all) => {
        const lanes = lanesOf(all)
        expect(Math.max(...lanes.map((lane) => lane ?? 0))).toBeLessThan(4)
        expect(lanes.at(-1)).not.toBeNull()
      }),
    )
  })
})

it('labels beside a chart keep their distance', () => {
  expect(spreadDown([10, 12, 90], 20)).toEqual([10, 30, 90])
})
