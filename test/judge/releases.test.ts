import { describe, expect, it } from 'vitest'
import { likelyGone } from '../../src/judge/releases.ts'
import type { Landing } from '../../src/model/attempt.ts'
import type { UpstreamFinding } from '../../src/model/finding.ts'
import { listedPatch } from '../helpers/listed.ts'

const finding: UpstreamFinding = {
  ...{ status: 'absent', coverage: 0, survival: 0, confidence: 0, commits: [], parts: 0, fates: [] },
  ...{ question: null, revertedBy: null, claims: [] },
}
const SHA = 'c0ffee'.repeat(6).padEnd(40, '0')
const DIFF = '\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n'
const times = { base: Date.UTC(2022, 0) / 1000, target: Date.UTC(2024, 0) / 1000 }

function said(
  header: string,
  {
    name = 'f.patch',
    kind = 'conflict',
    survival = 0,
  }: { name?: string; kind?: 'conflict' | 'clean'; survival?: number } = {},
): string | null {
  const landing: Landing = kind === 'conflict' ? { kind, conflicts: [] } : { kind }
  const patch = listedPatch(`${header}\n${DIFF}`, name)
  return likelyGone({ patch, landing, finding: { ...finding, survival }, target: '2.41', times, noted: null })
}

describe('likelyGone', () => {
  it.each([
    ['Origin: backport, https://git.example.org/commit/?id=abcdef1', /its header says/],
    ['Applied-Upstream: 8.2.0', /its header says/],
    [`(cherry picked from commit ${SHA})`, /it names commit c0ffeec0ffee/],
    [
      `From ${SHA} Mon Sep 17 00:00:00 2001\nFrom: a <a@b.c>\nDate: Mon, 2 Jan 2023 10:00:00 +0000\nSubject: x`,
      /it is a commit/,
    ],
  ])('says what the header of a conflict says: %s', (header, reason) => {
    expect(said(header)).toMatch(reason)
    expect(said(header)).toMatch(/^may be in 2\.41, the commit is not known: /)
    expect(said(header, { kind: 'clean' })).toBeNull()
  })

  it('believes nothing that is younger than the target, or would be in the base', () => {
    const mail = (date: string) =>
      said(`From ${SHA} Mon Sep 17 00:00:00 2001\nFrom: a <a@b.c>\nDate: ${date}\nSubject: x`)
    expect(mail('Mon, 1 Jul 2024 10:00:00 +0000')).toBeNull()
    expect(mail('Sun, 9 Feb 2014 16:10:09 +0000')).toBeNull()
    expect(mail('Mon, 1 Nov 2021 10:00:00 +0000')).not.toBeNull()
    // Without a date a mail's own commit may be anybody's.
    expect(said(`From ${SHA} Mon Sep 17 00:00:00 2001\nSubject: x`)).toBeNull()
  })

  it('takes the folder, and what stands, for a sign', () => {
    expect(said('', { name: 'upstream/0001-x.patch' })).toContain('the folder upstream/')
    expect(said('', { name: 'backports/x.patch' })).toContain('the folder backports/')
    expect(said('', { name: 'debian/x.patch' })).toBeNull()
    expect(said('', { survival: 0.7 })).toContain('most of it stands')
    expect(said('', { survival: 0.5 })).toBeNull()
  })

  it('asks nothing of a patch for which nothing speaks', () => {
    expect(said('Forwarded: not-needed')).toBeNull()
  })
})
