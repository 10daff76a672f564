import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareVersions, toVersion, type Version } from '../../src/model/version.ts'
import { tagsMatching } from '../../src/upstream/releases.ts'

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
    ['v10.0p1', [10, 0, 16, 1], null],
    ['V_9_2_P1', [9, 2, 16, 1], null],
    ['upstream/10.0p1', [10, 0, 16, 1], null],
    ['OpenSSL_1_1_1w', [1, 1, 1, 23], null],
    ['2.3.3op2', [2, 3, 3, 15, 16, 2], null],
    ['tz-2023d', [2023, 4], null],
    ['swtpm_v0.8', [0, 8], null],
    ['debian/1.3-1', [1, 3, 1], null],
    ['dovecot-2.3.21', [2, 3, 21], null],
    ['curl-8_5_0', [8, 5, 0], null],
    ['upstream/2.4.2+dfsg1', [2, 4, 2], null],
    ['4.17.5+72-g01140da4e8', [4, 17, 5, 72], null],
    ['v3.12.0a1', [3, 12, 0], 'a1'],
    ['v254', [254], null],
    ['v254-rc1', [254], 'rc1'],
    ['R2', [2], null],
    ['1.36.0', [1, 36, 0], null],
    ['rpm-4.15.1-release', [4, 15, 1], null],
    ['krb5-1.22.2-final', [1, 22, 2], null],
  ])('reads %s', (name, numbers, candidate) => {
    expect(toVersion(name)).toEqual({ numbers, candidate })
  })

  it.each([
    ...['latest-stable', '4.10.0-shim-comet-1.1', 'split', '4.2.0-branched', 'ia64-stable', '4.22-dev'],
    ...['patch-2', 'test3', 'before-merge-17'],
  ])('%s is no release', (name) => {
    expect(toVersion(name)).toBeNull()
  })
})

it('a range that runs backwards fits nothing', () => {
  const tags = [{ name: 'v1.0', commit: 'c', time: 0, version: toVersion('v1.0') }]
  expect(tagsMatching(tags, 'v[0-1].0')).toEqual(tags)
  expect(tagsMatching(tags, 'v[1-0].0')).toEqual([])
})

it('takes of a long name no longer, whatever the glob', () => {
  const long = { name: `v${'a'.repeat(3000)}b`, commit: 'c', time: 0, version: null }
  expect(tagsMatching([long], '*a*a*a*a*a*a*a*a*c')).toEqual([])
  expect(tagsMatching([long], 'v*a*b')).toEqual([long])
})

it('fits as a shell has it', () => {
  const fits = (name: string, glob: string) =>
    tagsMatching([{ name, commit: 'c', time: 0, version: null }], glob).length === 1
  fc.assert(
    fc.property(fc.stringMatching(/^[ab.]{0,8}$/), fc.stringMatching(/^[ab.?*]{0,6}$/), (name, glob) => {
      const rule = new RegExp(`^${glob.replaceAll('.', '\\.').replaceAll('?', '.').replaceAll('*', '.*')}$`)
      expect(fits(name, glob)).toBe(rule.test(name))
    }),
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
