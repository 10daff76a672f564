import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addedLines, faultIn, isAsBefore, untouchedBy } from '../../src/audit/fault.ts'
import { KnownFile } from '../../src/audit/known-file.ts'
import { bareListing, readPatch } from '../../src/patch/read/read-patch.ts'

function patch(...hunk: string[]) {
  const counts = ['-', '+'].map((sign) => hunk.filter((line) => line[0] === ' ' || line[0] === sign).length)
  const text = ['--- a/net.c', '+++ b/net.c', `@@ -1,${counts[0]} +1,${counts[1]} @@`, ...hunk, ''].join('\n')
  return readPatch(bareListing('one.patch'), 1, Buffer.from(text))
}

const FIX = patch(
  ' {',
  '-    sum += size_of(net, length);',
  '+    sum += size_of(net, length) & 0xff;',
  ' }',
  '     return sum;',
)

function inFile(...lines: string[]) {
  const file = new KnownFile(
    'net.c',
    lines.map((line) => line.trim()),
  )
  return { fileAt: (path: string) => (path === 'net.c' ? file : null), brought: new Set<string>() }
}

describe('what a commit mends', () => {
  it('stands where the old line is, also in other words', () => {
    expect(faultIn(FIX, inFile('sum += size_of(net, length);', 'return sum;'))).toBe('stands')
    expect(faultIn(FIX, inFile('total += size_of(net, length);', 'return total;', 'return sum;'))).toBe('stands')
  })

  it('is mended where the new line is, and gone where nothing like it is', () => {
    expect(faultIn(FIX, inFile('sum += size_of(net, length) & 0xff;', 'return sum;'))).toBe('mended')
    expect(faultIn(FIX, inFile('something(wholly, other);'))).toBe('gone')
    expect(faultIn(FIX, { fileAt: () => null, brought: new Set() })).toBe('no-file')
  })

  it('is gone where the line that it changes came with a part that is not carried', () => {
    const narrow = patch('-    sum += size_of(net, length) & 0xff;', '+    sum += size_of(net, length) & 0x7f;')
    const base = inFile('sum += size_of(net, length);')
    expect(faultIn(narrow, base)).toBe('stands')
    expect(faultIn(narrow, { ...base, brought: new Set(addedLines(FIX)) })).toBe('gone')
  })

  it('is untouched only where all of it is as before', () => {
    expect(untouchedBy(FIX, inFile('sum += size_of(net, length);').fileAt)).toEqual(['net.c'])
    expect(
      untouchedBy(FIX, inFile('sum += size_of(net, length);', 'sum += size_of(net, length) & 0xff;').fileAt),
    ).toEqual([])
  })
})

it('any change of one line stands before it, and is mended behind it', () => {
  const lines = (count: number) => Array.from({ length: count }, (_, at) => `    call_${at}(one, two);`)
  fc.assert(
    fc.property(fc.integer({ min: 3, max: 40 }), fc.nat(), fc.boolean(), (count, place, isNew) => {
      const before = lines(count)
      const at = place % count
      const now = `    call_${at}(one, three); /* bound */`
      const after = before.flatMap((line, index) => (index === at ? (isNew ? [line, now] : [now]) : [line]))
      const [from, to] = [Math.max(0, at - 3), at + 1]
      const context = (some: readonly string[]) => some.map((line) => ` ${line}`)
      const old = before[at] ?? ''
      const change = isNew ? [` ${old}`, `+${now}`] : [`-${old}`, `+${now}`]
      const fix = patch(...context(before.slice(from, at)), ...change, ...context(before.slice(to, to + 3)))
      expect([faultIn(fix, inFile(...before)), faultIn(fix, inFile(...after))]).toEqual(['stands', 'mended'])
      expect([before, after].map((text) => isAsBefore(fix, inFile(...text).fileAt))).toEqual([true, false])
    }),
  )
})
