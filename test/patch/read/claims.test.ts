import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CLAIM_FORMS, type Claim } from '../../../src/model/patch.ts'
import { readHeader } from '../../../src/patch/read/header.ts'

const SHA = '4a1fb2c7d0e94a1fb2c7d0e94a1fb2c7d0e9abcd'
const claims = (...lines: string[]): Claim[] => readHeader(`${lines.join('\n')}\n`, 'x.patch', null).claims

describe('claims', () => {
  it.each([
    ['Upstream-Status: Backport [https://example.org]', 'backport'],
    ['Upstream-Status: Accepted', 'applied'],
    ['Upstream-Status: Pending', 'pending'],
    ['Upstream-Status: Submitted [https://example.org/pull/1]', 'submitted'],
    ['Upstream-Status: Inappropriate[embedded]', 'inappropriate'],
    ['Upstream-Status: Inactive-Upstream [lastrelease: 2008]', 'inappropriate'],
    ['Upstream-Status: Denied', 'denied'],
    ['Upstream-Status: BACKPORT [from 2.9]', 'backport'],
    ['Patch-mainline: v4.5-rc1', 'applied'],
    ['Patch-mainline: Queued in subsystem maintainer repository', 'backport'],
    ['Patch-mainline: Submitted, 2017-07-14 list@example.org', 'submitted'],
    ['Patch-mainline: Not yet, under discussion', 'pending'],
    ['Patch-mainline: Never, SUSE only', 'inappropriate'],
    ['Applied-Upstream: 1.2', 'applied'],
    ['Origin: backport, https://example.org', 'backport'],
    ['Forwarded: https://example.org/1', 'submitted'],
    ['Forwarded: yes', 'submitted'],
    ['Forwarded: not-needed', 'not-needed'],
    ['Forwarded: no, Debian-specific', 'not-needed'],
    ['Forwarded: no', 'pending'],
    ['Upstream: https://lists.example.org/1', 'submitted'],
    ['Upstream: N/A, of this build only', 'inappropriate'],
  ])('reads "%s" as %s', (line, form) => {
    const [field = '', text = ''] = line.split(/: (.*)/s)
    expect(claims('Description: it', line)).toEqual([{ field, form, text, commit: null }])
  })

  it.each([
    [`Git-commit: ${SHA}`, 'backport'],
    [`Upstream: ${SHA}`, 'backport'],
    [`Upstream: https://example.org/x/commit/${SHA}`, 'backport'],
    [`Origin: https://example.org/x/commit/${SHA}`, 'backport'],
    [`Applied-Upstream: 2.1, https://example.org/x/commit/${SHA}`, 'applied'],
    [`Upstream-Status: Backport [https://example.org/x/commit/?id=${SHA}]`, 'backport'],
  ])('reads the commit of "%s"', (line, form) => {
    expect(claims('Description: it', line)).toMatchObject([{ form, commit: SHA }])
  })

  it.each(['Origin: vendor', 'Origin: https://example.org', 'Upstream:', 'Applied-Upstream: no', 'Git-commit: (none)'])(
    'hears no claim in "%s"',
    (line) => expect(claims('Description: it', line)).toEqual([]),
  )

  it.each([
    ['UPSTREAM: drain', 'backport', SHA],
    ['BACKPORT: drain', 'backport', SHA],
    ['FROMGIT: drain', 'backport', SHA],
    ['BACKPORT: FROMLIST: drain', 'submitted', null],
    ['CHROMIUM: drain', 'inappropriate', null],
  ])('reads the prefix of the subject "%s" as %s', (subject, form, commit) => {
    const found = claims(`Subject: [PATCH] ${subject}`, '', `(cherry picked from commit ${SHA})`)
    expect(found).toMatchObject([{ field: 'Subject', form, commit }])
  })

  it('finds the claim at the end of a message, where OpenEmbedded and gbp pq put it', () => {
    const mail = ['From: Ann <a@x>', 'Subject: [PATCH] it', '', 'Text.', '']
    const end = ['Signed-off-by: Ann <a@x>', '---']
    expect(claims(...mail, 'Upstream-Status: Backport', ...end)).toMatchObject([{ field: 'Upstream-Status' }])
    expect(claims(...mail, 'Origin: upstream', ...end)).toMatchObject([{ field: 'Origin' }])
  })

  it('joins a folded value, and takes no field out of folded text or from below "---"', () => {
    const lines = [
      'Description: it',
      ' Forwarded: not-needed',
      'Origin: upstream,',
      ` https://example.org/x/commit/${SHA}`,
      '---',
      'Forwarded: no',
    ]
    const text = `upstream, https://example.org/x/commit/${SHA}`
    expect(claims(...lines)).toEqual([{ field: 'Origin', form: 'backport', text, commit: SHA }])
  })

  it('keeps several claims of one field, each once', () => {
    const found = claims('Subject: it', `Git-commit: ${SHA}`, 'Git-commit: 12345abcde', `Git-commit: ${SHA}`)
    expect(found.map(({ commit }) => commit)).toEqual([SHA, '12345abcde'])
  })

  it('takes no more time for long and odd values', () => {
    const part = fc.constantFrom('http:', 'Forwarded:', ' ', '/commit/', 'debian', '\n', '#', 'Upstream: ', SHA)
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
        for (const { form } of claims(parts.join('').repeat(50))) expect(CLAIM_FORMS).toContain(form)
      }),
    )
  })
})
