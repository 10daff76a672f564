import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mayGo } from '../../src/judge/fates.ts'
import { bareListing, readPatch } from '../../src/patch/read/read-patch.ts'
import { fatesOfPatch } from '../helpers/held-fates.ts'

describe('a patch that takes blanks from the ends of lines', () => {
  const context = [' int a;', ' int b;', ' int c;']
  const patch = readPatch(
    bareListing('p'),
    1,
    Buffer.from(['--- a/f.c', '+++ b/f.c', '@@ -1,4 +1,4 @@', ...context, '-one(a);  ', '+one(a);', ''].join('\n')),
  )
  const base = ['int a;', 'int b;', 'int c;', 'one(a);  ', 'int d;', 'int e;', 'int f;']

  it('may go where none is left there, whatever changed beside it, and only then', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.boolean(), (isLeft, isChanged) => {
        const target = [...base]
        if (!isLeft) target[3] = 'one(a);'
        if (isChanged) target[2] = 'long c;'
        expect(mayGo(fatesOfPatch(patch, base, target))).toBe(!isLeft)
      }),
    )
  })

  it('is no patch that only ends the last line', () => {
    const ended = [
      '--- a/f.c',
      '+++ b/f.c',
      '@@ -6,2 +6,2 @@',
      ' int e;',
      '-int f;',
      '\\ No newline at end of file',
      '+int f;',
      '',
    ]
    const ends = readPatch(bareListing('p'), 1, Buffer.from(ended.join('\n')))
    const more = ['int a;', 'long b;', ...base.slice(2)]
    expect(mayGo(fatesOfPatch(ends, base, more.join('\n')))).toBe(false)
    expect(mayGo(fatesOfPatch(ends, base, more))).toBe(true)
    expect(mayGo(fatesOfPatch(ends, base, more.with(-1, 'int g;').join('\n')))).toBe(false)
  })
})
