import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareVersions, toVersion, type Version } from '../../src/upstream/releases.ts'

describe('toVersion', () => {
  it.each([
    ['RELEASE-4.10.0', [4, 10, 0], null],
    ['4.3.0-rc1', [4, 3, 0], 'rc1'],
    ['xen-4.3.0-rc2', [4, 3, 0], 'rc2'],
    ['v6.1-rc3', [6, 1], 'rc3'],
    ['v6.1', [6, 1], null],
    ['V_9_2', [9, 2], null],
    ['4.9.0-rc1.2', [4, 9, 0], 'rc1.2'],
    ['RELEASE-4.1.6.1', [4, 1, 6, 1], null],
  ])('reads %s', (name, numbers, candidate) => {
    expect(toVersion(name)).toEqual({ numbers, candidate })
  })

  it.each(['latest-stable', '4.10.0-shim-comet-1.1', 'split', '4.2.0-branched', 'ia64-stable', '4.22-dev'])(
    '%s is no release',
    (name) => {
      expect(toVersion(name)).toBeNull()
    },
  )
})

describe('compareVersions', () => {
  const version = (name: string) => toVersion(name) as Version

  it('puts 4.10 after 4.9, a candidate before its release, rc10 after rc9', () => {
    const names = ['4.9.1', '4.10.0-rc1', '4.10.0-rc9', '4.10.0-rc10', '4.10.0', '4.10.1-rc1', '4.10.1']
    const shuffled = [...names].reverse()
    expect(shuffled.sort((left, right) => compareVersions(version(left), version(right)))).toEqual(names)
  })

  it('is an order', () => {
    const any = fc.record({
      numbers: fc.array(fc.nat(12), { minLength: 2, maxLength: 4 }),
      candidate: fc.constantFrom(null, 'rc1', 'rc2', 'rc10'),
    })
    fc.assert(
      fc.property(any, any, any, (one, two, three) => {
        expect(Math.sign(compareVersions(one, two)) + Math.sign(compareVersions(two, one))).toBe(0)
        if (compareVersions(one, two) <= 0 && compareVersions(two, three) <= 0)
          expect(compareVersions(one, three)).toBeLessThanOrEqual(0)
      }),
    )
  })
})
