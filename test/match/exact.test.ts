import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { CommitNames, exactCandidates } from '../../src/match/exact.ts'
import type { CommitHistory } from '../../src/model/commit-history.ts'
import { shaKey } from '../../src/model/commit-keys.ts'
import type { IndexedCommit } from '../../src/model/history.ts'
import { hashLine } from '../../src/model/line-hash.ts'
import { containment, countHashes, linesOfPatch } from '../../src/patch/lines.ts'
import { readPatch } from '../../src/patch/read/read-patch.ts'
import { historyOf } from '../helpers/history.ts'

const sha = (digit: string) => digit.repeat(40)
const commit = (digit: string, part: Partial<IndexedCommit> = {}): IndexedCommit => {
  return {
    sha: sha(digit),
    parents: [],
    subject: `subject ${digit}`,
    author: 'A <a@b>',
    time: 0,
    takenFrom: [],
    reverts: [],
    patchId: `id-${digit}`,
    paths: [],
    lines: new Uint32Array(),
    message: new Uint32Array(),
    words: new Uint32Array(),
    ...part,
  }
}
const patchOf = (text: string, name = 'x.patch') => {
  return readPatch(
    { name, section: '', owner: null, comment: null, strip: 1, reversed: false, directory: '', listed: null },
    1,
    Buffer.from(text),
  )
}
const signalsOf = (
  text: string,
  name: string,
  commits: IndexedCommit[],
  outside: IndexedCommit[] = [],
  patchId: string | null = null,
) => {
  const names = new CommitNames(historyOf(commits), outside)
  return exactCandidates(patchOf(text, name), patchId, names).map(
    (one) => `${one.commit.sha[0]}: ${one.signals.join(' ')}`,
  )
}

describe('exactCandidates', () => {
  it('reads the sha in a file name, full or abbreviated', () => {
    expect(signalsOf('', `backport-${'a'.repeat(12)}.patch`, [commit('a'), commit('b')])).toEqual(['a: name'])
  })

  it('follows a cherry-pick into the branch that the target is on', () => {
    const picked = commit('b', { takenFrom: ['a'.repeat(12)] })
    expect(signalsOf('', `backport-${'a'.repeat(12)}.patch`, [picked])).toEqual(['b: name'])
  })

  it('follows a trailer of the patch to the stable commit, and from there to where that came from', () => {
    const stable = commit('5', { takenFrom: [sha('a')] })
    expect(
      signalsOf(`Subject: x\n\n(cherry picked from commit ${sha('5')})\n`, 'x.patch', [commit('a')], [stable]),
    ).toEqual(['a: trailer'])
  })

  it('takes the subject and the patch-id to the letter', () => {
    expect(signalsOf('Subject: [PATCH v2] subject a\n', 'x.patch', [commit('a')])).toEqual(['a: subject'])
    expect(signalsOf('Subject: subject  A\n', 'x.patch', [commit('a')])).toEqual([])
    expect(signalsOf('', 'x.patch', [commit('a'), commit('b')], [], 'id-b')).toEqual(['b: patch-id'])
  })

  it('does not take what a patch reverts, fixes or mentions for what it is', () => {
    expect(signalsOf('', `revert-${'a'.repeat(12)}.patch`, [commit('a')])).toEqual([])
    const text = `Subject: other\n\nFixes: ${'a'.repeat(12)} ("subject a")\nThis reverts commit ${sha('a')}.\nSee c/s ${'a'.repeat(10)}.\n`
    expect(signalsOf(text, 'x.patch', [commit('a')])).toEqual([])
  })
})

describe('CommitNames.revertOf', () => {
  const reverted = commit('a')
  const revert = commit('b', { reverts: [sha('a')] })
  const revertOf = (one: IndexedCommit, commits: IndexedCommit[]) =>
    new CommitNames(historyOf(commits), []).revertOf(one)

  it('finds what took a commit back, by sha or by subject, if it came later', () => {
    expect(revertOf(reverted, [reverted, revert])).toBe(revert)
    expect(revertOf(reverted, [revert, reverted])).toBeNull()
    const bySubject = commit('c', { subject: 'Revert "subject a"' })
    expect(revertOf(reverted, [reverted, bySubject])).toBe(bySubject)
  })

  it('does not count a revert that was taken back itself', () => {
    expect(revertOf(reverted, [reverted, revert, commit('d', { reverts: [sha('b')] })])).toBeNull()
  })

  it('follows any number of reverts of reverts', () => {
    const shaAt = (at: number) => createHash('sha1').update(String(at)).digest('hex')
    const chain = Array.from({ length: 20_001 }, (_, at) =>
      commit('a', { sha: shaAt(at), subject: `s${at}`, reverts: at === 0 ? [] : [shaAt(at - 1)] }),
    )
    // Going through all of them for each would take minutes.
    const places = new Map(chain.map(({ sha: one }, at) => [one, at]))
    const placeOf = (one: string) => places.get(one) ?? null
    const find: CommitHistory['find'] = (kind, keys, found) => {
      for (const key of kind === 'reverts' ? keys : [])
        for (const place of revertersOf.get(key) ?? []) found(key, place)
    }
    const revertersOf = new Map<number, number[]>()
    for (const at of chain.keys()) {
      const key = shaKey(shaAt(at - 1))
      revertersOf.set(key, [...(revertersOf.get(key) ?? []), at])
    }
    const history = { ...historyOf(chain), placeOf, find }
    expect(new CommitNames(history, []).revertOf(chain[0] as IndexedCommit)).toBeNull()
    expect(new CommitNames(history, []).revertOf(chain[1] as IndexedCommit)?.sha).toBe(shaAt(2))
  })
})

describe('text', () => {
  const patch = patchOf(
    '--- a/f\n+++ b/f\n@@ -1,3 +1,4 @@\n context\n-the old line\n+the new line\n+another new line\n }\n',
  )

  it('coverage ignores blanks, order and context', () => {
    const hashes = (...lines: string[]) =>
      countHashes(lines.map((line) => hashLine(line[0] as '+' | '-', line.slice(1)) as number))
    expect(
      containment(linesOfPatch(patch), hashes('+  another new\tline', '+the new line', '-the old line', '+more')),
    ).toBe(1)
    expect(containment(linesOfPatch(patch), hashes('+another new line', '-more'))).toBeCloseTo(1 / 3)
  })
})
