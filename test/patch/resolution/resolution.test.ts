import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromBytes } from '../../../src/model/bytes.ts'
import type { Lineage, Resolution } from '../../../src/model/resolution.ts'
import { cutResolved } from '../../../src/patch/resolution/cut.ts'
import { isMisread, readResolution } from '../../../src/patch/resolution/read.ts'
import { digestOfResolution, resolutionText } from '../../../src/patch/resolution/write.ts'

const LINEAGE: Lineage = {
  ...{ patch: 'fix.patch', subject: 'Fix it', path: 'a.c', culprits: ['1234567 Change that'], person: 'Maude Ainer' },
  ...{ minutes: 7, technique: 'by hand' },
}

/** Any bytes but line feeds. */
const bytes = fc.uint8Array({ maxLength: 6 }).map((array) => fromBytes(array).replaceAll('\n', ''))
const end = fc.constantFrom('\n', '\r\n')
const whole = fc.array(
  fc.tuple(bytes, end).map(([text, feed]) => text + feed),
  { maxLength: 4 },
)
/** The last line of a file may have no end. */
const side = fc.tuple(whole, bytes).map(([lines, last]) => (last === '' ? lines : [...lines, last]))
const word = fc
  .string({ unit: fc.constantFrom('a', ':', ' ', '\xe4', '/', '#'), maxLength: 8 })
  .map((text) => text.trim())

const resolution = fc.record({
  sides: fc.record({ base: fc.option(side), ours: side, theirs: side }),
  resolved: side,
  around: fc.record({ before: side, after: side }),
  conflict: fc.record({ id: fc.constant('0'.repeat(40)), hunk: fc.nat(999), hunks: fc.nat(999) }),
  lineage: fc.record({
    ...{ patch: word, subject: word, path: word, person: word, technique: word },
    ...{ culprits: fc.array(word, { maxLength: 2 }), minutes: fc.option(fc.nat(999)) },
  }),
}) satisfies fc.Arbitrary<Resolution>

describe('the text of a resolution', () => {
  it('comes back as it was written, byte for byte', () => {
    fc.assert(
      fc.property(resolution, (one) => {
        expect(readResolution(resolutionText(one))).toEqual(one)
      }),
    )
  })

  it('survives a checkout with other line ends, but for CRs at the ends of its lines', () => {
    const calm = resolution.filter((one) => !/\r\r|\r"/.test(JSON.stringify(one).replaceAll('\\r', '\r')))
    fc.assert(
      fc.property(calm, (one) => {
        expect(readResolution(resolutionText(one).replaceAll('\n', '\r\n'))).toEqual(one)
      }),
    )
  })

  it('is for people to read', () => {
    const sides = { base: ['a\n'], ours: ['b\r\n'], theirs: ['c'] }
    const around = { before: ['{\n'], after: [] }
    const one = { sides, around, resolved: [], conflict: { id: 'a'.repeat(40), hunk: 1, hunks: 2 }, lineage: LINEAGE }
    expect(resolutionText(one).split('\n')).toEqual([
      ...['rebaseline resolution 1', 'patch: fix.patch', 'subject: Fix it', 'path: a.c'],
      ...['culprit: 1234567 Change that', 'person: Maude Ainer', 'minutes: 7', 'technique: by hand'],
      ...[`conflict: ${'a'.repeat(40)} 1/2`, '', 'before 1', '|{', 'base 1', '|a', 'target 1', '&b', 'patch 1', '-c'],
      ...['resolved 0', 'after 0', ''],
    ])
    expect(digestOfResolution(resolutionText(one))).toMatch(/^[0-9a-f]{64}$/)
  })

  it('carries nothing that a terminal obeys in its fields', () => {
    const [one] = cutResolved(MARKED, 'a\nx\nz\n', { ...LINEAGE, subject: 'a\x1b[2J\nminutes: 1' })
    const read = one && readResolution(resolutionText(one))
    expect(read).toMatchObject({ lineage: { subject: 'a [2J minutes: 1', minutes: 7 } })
  })
})

describe('a text that is no resolution', () => {
  const [cut] = cutResolved('a\n<<<<<<< o\nb\n||||||| b\nc\n=======\nd\n>>>>>>> t\n', 'a\ne\n', LINEAGE)
  const good = cut ? resolutionText(cut) : ''
  const cases: [string, (text: string) => string, number, RegExp][] = [
    ['another file', () => 'diff --git\n', 1, /does not begin with/],
    ['an empty file', () => '', 1, /does not begin with/],
    ['fields without an end', () => 'rebaseline resolution 1\npatch: a\n', 2, /no empty line/],
    ['a field twice', (text) => text.replace('person:', 'path:'), 6, /twice/],
    ['a missing field', (text) => text.replace(/person:.*\n/, ''), 9, /"person" is missing/],
    ['an escape', (text) => text.replace('Maude', '\x1b[2J'), 6, /no "field: value"/],
    ['a side that is too short', (text) => text.replace('target 1', 'target 2'), 17, /"target" has fewer lines/],
    ['a huge count', (text) => text.replace('target 1', 'target 9999999'), 17, /"target" has fewer lines/],
    ['conflict markers of git in it', (text) => text.replace('target 1\n', '<<<<<<< HEAD\n'), 15, /no other side/],
    ['a side twice', (text) => text.replace('target 1', 'base 1'), 15, /no other side/],
    ['a missing side', (text) => text.replace('resolved 1\n|e\n', ''), 19, /"resolved" is missing/],
  ]

  it.each(cases)('is told with its line: %s', (_, spoil, line, because) => {
    const read = readResolution(spoil(good))
    expect(isMisread(read) && read).toMatchObject({ line, because: expect.stringMatching(because) })
  })

  it('is not read as another one where its end is missing', () => {
    fc.assert(
      fc.property(resolution, fc.nat(), (one, at) => {
        const text = resolutionText(one)
        const read = readResolution(text.slice(0, at % text.length))
        // Only lines around it may be lacking.
        if (!isMisread(read)) expect([read.sides, read.resolved]).toEqual([one.sides, one.resolved])
      }),
    )
  })
})

const MARKED = 'a\n<<<<<<< ours\nb\n||||||| base\nc\n=======\nd\n>>>>>>> theirs\nz\n'

describe('a resolved file', () => {
  const cutOf = (marked: string, resolved: string) => cutResolved(marked, resolved, LINEAGE).map((one) => one.resolved)

  it('is cut where the lines between its conflicts stay', () => {
    expect(cutResolved(MARKED, 'a\nx\ny\nz\n', LINEAGE)).toMatchObject([
      {
        sides: { base: ['c\n'], ours: ['b\n'], theirs: ['d\n'] },
        resolved: ['x\n', 'y\n'],
        around: { before: ['a\n'], after: ['z\n'] },
        conflict: { hunk: 1, hunks: 1 },
      },
    ])
  })

  it('is cut between lines that its resolution repeats', () => {
    expect(cutOf(MARKED, 'a\na\nz\nz\n')).toEqual([['a\n', 'z\n']])
    expect(cutOf(MARKED, 'a\nz\n')).toEqual([[]])
  })

  it('is cut where a person changed other lines, too', () => {
    const marked = `first\nsecond\n${MARKED}last\n`
    expect(cutOf(marked, 'first\nother\na\nx\nz\nlast\n')).toEqual([['x\n']])
  })

  it('is not cut where its neighbours were changed', () => {
    expect(cutOf(`first\n${MARKED}`, 'first\nA\nx\nz\n')).toEqual([])
  })

  it('is cut into as many hunks as it had', () => {
    const lines = fc.array(fc.constantFrom('}\n', '\n', 'x = 1;\n', 'y = 2;\n'), { maxLength: 3 })
    const marks = (text: string) => `<<<<<<< o\n${text}||||||| b\nb\n=======\nt\n>>>>>>> t\n`
    fc.assert(
      fc.property(fc.array(fc.tuple(lines, lines), { minLength: 1, maxLength: 4 }), (hunks) => {
        const between = (at: number) => `block ${at}\n`
        const marked = hunks.map(([ours], at) => between(at) + marks(ours.join(''))).join('')
        const resolved = hunks.map(([, made], at) => between(at) + made.join('')).join('')
        expect(cutOf(`${marked}end\n`, `${resolved}end\n`)).toEqual(hunks.map(([, made]) => made))
      }),
    )
  })
})
