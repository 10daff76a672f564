import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ReleaseNotes } from '../../src/match/release-notes.ts'
import { listedPatch } from '../helpers/listed.ts'

const DIFF = '\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n'

function found(notes: string, header: string, name?: string): string | null {
  const lines = notes.split('\n').map((text, at) => ({ line: at + 1, text }))
  const one = new ReleaseNotes([{ path: 'NEWS', lines }]).find(listedPatch(`${header}\n${DIFF}`, name))
  return one && `${one.path}:${one.line} ${one.by}`
}

describe('ReleaseNotes', () => {
  it.each([
    ['x 2\n- mends CVE-2024-1234', 'Subject: mend it (cve-2024-1234)', 'NEWS:2 CVE-2024-1234'],
    ['- closes bug 2616', 'Bug: https://bugs.exim.example/show_bug.cgi?id=2616', 'NEWS:1 bug 2616'],
    [
      'libmount:\n   - refuse a suffix that\n     nobody has written',
      'Subject: libmount: refuse a suffix that nobody has written',
      'NEWS:2 its subject',
    ],
    ['- something about #12', 'Bug: #12', null],
    ['- mends #123456', 'Bug-Debian: https://bugs.debian.org/123456', null],
    ['- fix build', 'Subject: fix build', null],
    ['', 'Subject: libmount: refuse a suffix that nobody has written', null],
  ])('in %j finds %j: %j', (notes, header, expected) => {
    expect(found(notes, header)).toBe(expected)
  })

  it('knows a CVE by the name of the file', () => {
    expect(found('- CVE-2024-1234', 'Subject: mend it', 'CVE-2024-1234-part1.patch')).toBe('NEWS:1 CVE-2024-1234')
  })

  it('names a line that has the first word of a subject, however it is wrapped', () => {
    const word = fc.constantFrom('alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta')
    fc.assert(
      fc.property(fc.uniqueArray(word, { minLength: 5, maxLength: 6 }), fc.nat(5), fc.nat(4), (words, before, cut) => {
        const subject = words.join(' ')
        const notes = `${'other news\n'.repeat(before)}- ${words.slice(0, cut).join(' ')}\n  ${words.slice(cut).join(' ')}\n`
        const line = cut === 0 ? before + 2 : before + 1
        expect(found(notes, `Subject: ${subject}`)).toBe(`NEWS:${line} its subject`)
      }),
    )
  })
})
