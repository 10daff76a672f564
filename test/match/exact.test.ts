import { describe, expect, it } from 'vitest'
import { readPatch } from '../../src/ingest/read-patch.ts'
import { decideFinding } from '../../src/match/decide.ts'
import { exactCandidates, indexHistory, revertOf } from '../../src/match/exact.ts'
import { containment, countHashes, linesOfPatch } from '../../src/match/lines.ts'
import { holdAgainst, type StandingHunk, survivalOf } from '../../src/match/proof.ts'
import { toTargetFile } from '../../src/match/target-file.ts'
import type { Candidate } from '../../src/model/evidence.ts'
import { isSure } from '../../src/model/finding.ts'
import type { IndexedCommit } from '../../src/model/history.ts'
import { hashLine } from '../../src/model/line-hash.ts'

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
  return readPatch({ name, section: '', owner: null, comment: null, strip: 1, reversed: false }, 1, Buffer.from(text))
}
const signalsOf = (
  text: string,
  name: string,
  commits: IndexedCommit[],
  outside: IndexedCommit[] = [],
  patchId: string | null = null,
) => {
  const index = indexHistory({ commits, bySha: new Map() }, outside)
  return exactCandidates(patchOf(text, name), patchId, index).map(
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

describe('revertOf', () => {
  const reverted = commit('a')
  const revert = commit('b', { reverts: [sha('a')] })
  const index = (commits: IndexedCommit[]) => indexHistory({ commits, bySha: new Map() }, [])

  it('finds what took a commit back, by sha or by subject, if it came later', () => {
    expect(revertOf(reverted, index([reverted, revert]))).toBe(revert)
    expect(revertOf(reverted, index([revert, reverted]))).toBeNull()
    const bySubject = commit('c', { subject: 'Revert "subject a"' })
    expect(revertOf(reverted, index([reverted, bySubject]))).toBe(bySubject)
  })

  it('does not count a revert that was taken back itself', () => {
    expect(revertOf(reverted, index([reverted, revert, commit('d', { reverts: [sha('b')] })]))).toBeNull()
  })
})

describe('decideFinding', () => {
  const nothing = { revertOf: () => null, undoOf: () => null, broughtBy: () => [] }
  const candidate = (signals: Candidate['signals'], coverage: number, name = 'a'): Candidate => ({
    parts: [{ commit: commit(name), coverage }],
    signals,
    coverage,
    likelihood: 0,
  })
  const hunks = (survival: number, state: StandingHunk['state'] = 'rewritten'): StandingHunk[] => {
    const at = { path: 'f', line: 1 }
    return [{ path: 'f', hunk: 1, state, survival, at, added: 0, total: 100, stands: survival * 100, standing: [] }]
  }
  const decide = (signals: Candidate['signals'], coverage: number, survival: number) => {
    return decideFinding({ candidates: [candidate(signals, coverage)], hunks: hunks(survival), claims: [] }, nothing)
  }

  it('is sure of a name and a subject that agree, or of one with most of the text', () => {
    expect(isSure(decide(['name', 'subject'], 0.3, 0.3))).toBe(true)
    expect(isSure(decide(['subject'], 0.9, 0.4))).toBe(true)
    expect(isSure(decide(['name'], 0.95, 0.4))).toBe(true)
  })

  it('asks where the text bears too little of it out', () => {
    expect(isSure(decide(['subject'], 0.1, 0.1))).toBe(false)
    expect(isSure(decide(['name'], 0.6, 0.6))).toBe(false)
    expect(isSure(decide(['name', 'subject'], 0, 0))).toBe(false)
  })

  it('never is sure of a commit that was taken back, and prefers one that stands', () => {
    const both = [candidate(['name', 'subject', 'patch-id'], 1), candidate(['subject'], 1, 'b')]
    const aReverted = {
      ...nothing,
      revertOf: (one: { sha: string }) => (one.sha === sha('a') ? commit('c') : null),
    }
    const found = decideFinding({ candidates: both, hunks: hunks(1), claims: [] }, aReverted)
    expect(found.commits[0]?.sha).toBe(sha('b'))
    const alone = decideFinding({ candidates: both.slice(0, 1), hunks: hunks(1), claims: [] }, aReverted)
    expect([alone.status, isSure(alone), alone.revertedBy]).toEqual(['reverted', false, sha('c')])
  })

  it('is not sure of a commit while the target has the text from before it, whoever put that back', () => {
    const facts = { candidates: [candidate(['name', 'subject', 'patch-id'], 1)], hunks: hunks(0, 'absent'), claims: [] }
    const silent = decideFinding(facts, { ...nothing, undoOf: () => commit('d') })
    expect([silent.status, isSure(silent), silent.revertedBy]).toEqual(['reverted', false, sha('d')])
    const unknown = decideFinding(facts, nothing)
    expect([unknown.status, isSure(unknown), unknown.revertedBy]).toEqual(['reverted', false, null])
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

  it('survival is what of the change stands in the tree', () => {
    const survival = (content: string | null) =>
      survivalOf(holdAgainst(patch, () => (content === null ? null : toTargetFile('f', content))))
    expect(survival('context\nthe new line\nanother new line\n}\n')).toBe(1)
    expect(survival('context\nthe old line\n}\n')).toBe(0)
    expect(survival('the new line\n')).toBeCloseTo(2 / 3)
    expect(survival(null)).toBeCloseTo(1 / 3)
  })
})
