import { describe, expect, it } from 'vitest'
import { mendsIn } from '../../../src/patch/notes/mends.ts'
import { notesOf } from '../../../src/patch/notes/notes.ts'

const SHA = '27713fa2aa21'

describe('the commits that a message says it mends', () => {
  const MENDS: readonly [body: string, kind: string, subject: string | null][] = [
    [`Fixes: ${SHA} ("vt-d: more of them")`, 'fixes', 'vt-d: more of them'],
    [`Fixes: ${SHA} ('vt-d: more of them')`, 'fixes', 'vt-d: more of them'],
    [`Fixes: ${SHA} (vt-d: more of them)`, 'fixes', 'vt-d: more of them'],
    [`Fixes: ${SHA} ("vt-d: more\n of them")`, 'fixes', 'vt-d: more of them'],
    [`Fixes: commit ${SHA} "vt-d: more"`, 'fixes', 'vt-d: more'],
    [`Fixes: ${SHA}`, 'fixes', null],
    [`Amends: ${SHA} ("vt-d: more of them")`, 'follow-up', 'vt-d: more of them'],
    [`This fixes commit ${SHA}, which forgot it.`, 'fixes', null],
    [`This fixes a build failure from c/s ${SHA}.`, 'fixes', null],
    [`A follow-up to ${SHA} ("vt-d: more of them").`, 'follow-up', 'vt-d: more of them'],
    [`This reverts commit ${SHA}: it breaks.`, 'revert', null],
    [`This partially reverts\ncommit ${SHA}.`, 'revert', null],
  ]
  for (const [body, kind, subject] of MENDS)
    it(`has ${kind} in "${body}"`, () => expect(mendsIn('net: mend', body)).toEqual([{ kind, sha: SHA, subject }]))

  it('has a quoted subject alone', () => {
    expect(mendsIn('Revert "net: bound it"', 'It breaks.')).toEqual([
      { kind: 'revert', sha: null, subject: 'net: bound it' },
    ])
    expect(mendsIn('net: mend', 'Fixes: ("net: bound it")')).toEqual([
      { kind: 'fixes', sha: null, subject: 'net: bound it' },
    ])
  })

  it('has none that is only named', () => {
    const named = [
      `Like commit ${SHA} did.`,
      `Since commit ${SHA} it is slow.`,
      'Fixes: #1234',
      'Fixes: CVE-2020-1234',
      'fixes this bug.',
    ]
    for (const body of named) expect(mendsIn('net: mend', body)).toEqual([])
  })
})

it('reads the marks for releases', () => {
  const body = 'Backport: 4.9+\nCc: stable@vger.kernel.org # 5.4+\nCc: One <one@example.org>\nWe may backport this.'
  expect(notesOf('net: mend', body)?.marks).toEqual(['4.9+', '5.4+'])
  expect(notesOf('net: mend', 'Cc: <stable@vger.kernel.org>')?.marks).toEqual([''])
  expect(notesOf('net: mend', 'Words.')).toBeNull()
})
