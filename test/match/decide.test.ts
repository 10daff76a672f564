import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readPatch } from '../../src/ingest/read-patch.ts'
import { toCandidate } from '../../src/match/candidates.ts'
import { decideFinding } from '../../src/match/decide.ts'
import { linesOfPatch } from '../../src/match/lines.ts'
import { holdAgainst } from '../../src/match/proof.ts'
import { toTargetFile } from '../../src/match/target-file.ts'
import type { Candidate } from '../../src/model/evidence.ts'
import { isSure } from '../../src/model/finding.ts'
import type { IndexedCommit } from '../../src/model/history.ts'

const listing = { name: 'p', section: '', owner: null, comment: null, strip: 1, reversed: false }

/** One file of a patch: a line is replaced by four others. */
const after = (at: number) => [1, 2, 3, 4].map((line) => `file_${at}_gets_statement(${line});`)
const before = (at: number) => `file_${at}_had_statement();`
const section = (at: number) =>
  `--- a/f${at}\n+++ b/f${at}\n@@ -1,3 +1,6 @@\n top\n-${before(at)}\n${after(at)
    .map((line) => `+${line}\n`)
    .join('')} bottom\n`
const patchOf = (files: readonly number[]) => readPatch(listing, 1, Buffer.from(files.map(section).join('')))

/** What became of a file that did not land: still as it was, changed by others, or gone. */
const FATES = ['base', 'rewritten', 'gone'] as const
type Fate = 'landed' | (typeof FATES)[number]

function contentOf(at: number, fate: Fate): string | null {
  if (fate === 'gone') return null
  const middle = { landed: after(at), base: [before(at)], rewritten: [`others_wrote_this(${at});`] }[fate]
  return ['top', ...middle, 'bottom', ''].join('\n')
}

function decide(fates: readonly Fate[], signals: Candidate['signals']) {
  const patch = patchOf(fates.map((_, at) => at))
  const landed = patchOf(fates.flatMap((fate, at) => (fate === 'landed' ? [at] : [])))
  const hashes = [...linesOfPatch(landed).keys()]
  const commit: IndexedCommit = {
    ...{ sha: 'c'.repeat(40), parents: [], subject: 's', author: 'A <a@x>', time: 0, takenFrom: [], reverts: [] },
    ...{
      patchId: null,
      paths: [],
      lines: Uint32Array.from(hashes),
      message: new Uint32Array(),
      words: new Uint32Array(),
    },
  }
  const candidate = { ...toCandidate([commit], linesOfPatch(patch)), signals, likelihood: 0.99 }
  const hunks = holdAgainst(patch, (path) => {
    const at = Number(path.slice(1))
    const content = contentOf(at, fates[at] ?? 'gone')
    return content === null ? null : toTargetFile(path, content)
  })
  const nobody = { revertOf: () => null, undoOf: () => null, broughtBy: () => [] }
  return decideFinding({ candidates: [candidate], hunks, claims: [] }, nobody)
}

it('a patch of which more than a fifth never landed is not sure to be upstream, however alike the rest', () => {
  const fates = fc
    .record({
      landed: fc.integer({ min: 1, max: 8 }),
      others: fc.array(fc.constantFrom(...FATES), { minLength: 1, maxLength: 6 }),
    })
    .filter(({ landed, others }) => others.length * 4 > landed)
    .chain(({ landed, others }) => {
      const all: Fate[] = [...Array<Fate>(landed).fill('landed'), ...others]
      return fc.shuffledSubarray(all, { minLength: all.length })
    })
  fc.assert(
    fc.property(fates, fc.constantFrom(['similar'] as const, ['subject', 'similar'] as const), (all, signals) => {
      expect(isSure(decide(all, [...signals]))).toBe(false)
    }),
  )
})

it('a patch that landed whole is sure to be upstream', () => {
  for (let count = 1; count < 9; count++)
    expect(isSure(decide(Array<Fate>(count).fill('landed'), ['subject', 'similar']))).toBe(true)
})

it('text from before the patch rules a look-alike out, but not a commit that does the same in other lines', () => {
  const patch = patchOf([0])
  const commit: IndexedCommit = {
    ...{ sha: 'c'.repeat(40), parents: [], subject: 's', author: 'A <a@x>', time: 0, takenFrom: [], reverts: [] },
    ...{ patchId: null, paths: [], lines: new Uint32Array(), message: new Uint32Array(), words: new Uint32Array() },
  }
  const candidate: Candidate = { ...toCandidate([commit], linesOfPatch(patch)), signals: ['similar'], likelihood: 0.1 }
  const hunks = holdAgainst(patch, (path) => toTargetFile(path, contentOf(0, 'base') ?? ''))
  const nobody = { revertOf: () => null, undoOf: () => null, broughtBy: () => [] }
  const facts = { candidates: [candidate], hunks, claims: [] }
  expect(decideFinding(facts, nobody)).toMatchObject({ status: 'absent', commits: [] })
  const reworded = decideFinding({ ...facts, isReworded: true }, nobody)
  expect(reworded).toMatchObject({ status: 'partial', commits: [{ sha: commit.sha }] })
  expect(isSure(reworded)).toBe(false)
})
