import { describe, expect, it } from 'vitest'
import { fixedByName, fixedIn, idsIn, undoneIn } from '../../../src/patch/notes/advisory-ids.ts'

describe('the advisories that a message says it fixes', () => {
  const FIXES: readonly [body: string, ids: string[]][] = [
    ['This is XSA-410 / CVE-2022-33746.', ['XSA-410', 'CVE-2022-33746']],
    [
      'Some words.\n\nThis is part of XSA-434 / CVE-2023-20569\n\nSigned-off-by: One <one@example.org>',
      ['XSA-434', 'CVE-2023-20569'],
    ],
    ['This is CVE-2022-42334 / part of XSA-428.', ['CVE-2022-42334', 'XSA-428']],
    ['This is part of the fix to a security issue, XSA-9.', ['XSA-9']],
    ['This CVE-2023-34323 / XSA-440.', ['CVE-2023-34323', 'XSA-440']],
    ['Found by Some One, this fixes CVE-2021-3156.', ['CVE-2021-3156']],
    ['Fixes: CVE-2020-14309, CVE-2020-14310', ['CVE-2020-14309', 'CVE-2020-14310']],
    ['Resolves: #1, and words\nAddresses: CVE-2022-1304', ['CVE-2022-1304']],
    ['It would not otherwise permit\nthis.  CVE-2025-32462', ['CVE-2025-32462']],
    ['Words.\n\nCVE-2021-27097', ['CVE-2021-27097']],
    ['Fixes bug 781205 (CVE-2017-9047).', ['CVE-2017-9047']],
    ['This is GHSA-r275-fr43-PM7Q.', ['GHSA-r275-fr43-pm7q']],
  ]
  for (const [body, ids] of FIXES) it(`has ${ids.join(', ')}`, () => expect(fixedIn('net: mend it', body)).toEqual(ids))

  const NAMES = [
    'Unlike XSA-921 this cannot be reached by a guest.',
    'Found while looking into XSA-922.',
    'This is a followup to XSA-9.',
    'This documents, but does not fix, XSA-1.',
    'This is (not really) XSA-24 (but necessary).',
    'This fixes the XSA-158 regression, this fixes XSA-158 fallout.',
    'An issue overlooked from\nXSA-422.  It is inappropriate to say more.',
    'Fixes: 59e89cdabc71 ("x86: work around CVE-2018-12207")',
    'Do it (see also XSA-60).',
  ]
  for (const body of NAMES) it(`has none in "${body}"`, () => expect(fixedIn('net: mend it', body)).toEqual([]))

  it('has those of a subject where they stand apart', () => {
    expect(fixedIn('[CVE-2022-23308] Use-after-free of ID attributes', '')).toEqual(['CVE-2022-23308'])
    expect(fixedIn('awk: fix use after free (CVE-2023-42363)', '')).toEqual(['CVE-2023-42363'])
    expect(fixedIn('CVE-2022-30767: unbounded memcpy', '')).toEqual(['CVE-2022-30767'])
    expect(fixedIn('schematron: Complete fix for CVE-2025-49795', '')).toEqual(['CVE-2025-49795'])
    for (const subject of ['memory: fix XSA-158 fix', 'x86: fix build following XSA-299', 'Revert "fix CVE-2020-1234"'])
      expect(fixedIn(subject, '')).toEqual([])
  })
})

it('reads ids however they are written', () => {
  expect(idsIn('xsa410 xsa_411 XSA 412 CVE_2031_60001')).toEqual(['XSA-410', 'XSA-411', 'XSA-412', 'CVE-2031-60001'])
  expect(idsIn('execve-2031-93002 faxsa1')).toEqual([])
})

it('takes the ids of file names that name a fix', () => {
  expect(fixedByName('patches/0001-xsa951-4.13-1.patch')).toEqual(['XSA-951'])
  expect(fixedByName('revert-xsa420.patch')).toEqual([])
  expect(fixedByName('fix-execve-2031-93002.patch')).toEqual([])
})

it('knows what is taken back', () => {
  expect(undoneIn('Permit large packets', 'This reverts XSA-420')).toEqual(['XSA-420'])
  expect(undoneIn('Revert XSA-420', '')).toEqual(['XSA-420'])
  expect(undoneIn('Permit it', 'Without it one had to revert XSA-420.')).toEqual([])
})
