import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CommitHistory } from '../../src/model/commit-history.ts'
import { KEY_KINDS, keysOf } from '../../src/model/commit-keys.ts'
import type { IndexedCommit } from '../../src/model/history.ts'
import { openCommitIndex } from '../../src/record/commit-index.ts'
import { historyOf } from '../helpers/history.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'

const directory = temporaryDirectory()
let files = 0
const newFile = () => join(directory, `${files++}.db`)

const shaAt = (at: number) => at.toString(16).padStart(4, '0').repeat(10)
/** Few different keys, so that many commits hold one, and lines enough for several rows. */
const key = fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 0xffffffff }))
const hashes = (maxLength: number) => fc.array(key, { maxLength }).map((list) => Uint32Array.from(list))
const parts = fc.array(
  fc.record({
    subject: fc.constantFrom('fix it', 'Fix IT: again', ''),
    takenFrom: fc.subarray(['c0ffee0', shaAt(1)]),
    reverts: fc.subarray([shaAt(0), shaAt(2).slice(0, 7)]),
    patchId: fc.constantFrom(null, 'a1', 'b2'),
    paths: fc.subarray(['a.c', 'b/\xe9.c', 'c d']),
    lines: hashes(60),
    message: hashes(3),
    words: hashes(20),
  }),
  { minLength: 1, maxLength: 40 },
)
const commits = parts.map((list) =>
  list.map((part, at): IndexedCommit => ({ sha: shaAt(at), parents: [], author: 'A <a@b>', time: at, ...part })),
)

/** Keys that no commit has, in front of all rows, between them and behind them. */
const BETWEEN = Array.from({ length: 300 }, (_, at) => 301 + at * 14_000_001)

/** What a history answers to every key that some commit has, and to some that none has. */
function answersOf(history: CommitHistory, all: readonly IndexedCommit[]): unknown {
  return KEY_KINDS.map((kind) => {
    const keys = [0, 77, 0xffffffff, ...BETWEEN, ...all.flatMap((commit) => [...keysOf(commit)[kind]])]
    const found: string[] = []
    history.find(kind, keys, (one, place) => found.push(`${one} ${place}`))
    return [kind, found.sort()]
  })
}

describe('the index of commits', () => {
  it('answers what a list of the same commits answers, however they came into it', async () => {
    const cuts = fc.array(fc.nat(40), { maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(commits, cuts, fc.array(fc.nat(39), { maxLength: 30 }), async (all, ends, picked) => {
        const index = openCommitIndex(newFile())
        for (const end of ends) {
          await index.saveCommits(all.slice(0, end))
          await index.makeHistory([], null)
        }
        await index.saveCommits(all)
        const range = [...new Set(picked)].flatMap((at) => all[at] ?? [])
        const shas = range.map(({ sha }) => sha)
        expect(index.history({ base: null, target: 't' })).toBeNull()
        const made = await index.makeHistory(shas, { base: null, target: 't' })
        const expected = answersOf(historyOf(range), all)
        for (const history of [made, index.history({ base: null, target: 't' }) as CommitHistory]) {
          expect(history.count).toBe(range.length)
          expect(answersOf(history, all)).toEqual(expected)
          expect(all.map(({ sha }) => history.placeOf(sha))).toEqual(all.map((one) => range.indexOf(one)).map(orNull))
          expect(shas.map((_, place) => history.at(place))).toEqual(range)
        }
        index.close()
      }),
      { numRuns: 40 },
    )
  })

  it('is asked while another program puts more into it', async () => {
    const file = newFile()
    const [index, other] = [openCommitIndex(file), openCommitIndex(file)]
    const [all = []] = fc.sample(commits, { numRuns: 1, seed: 7 })
    await index.saveCommits(all)
    const shas = all.map(({ sha }) => sha)
    const history = await index.makeHistory(shas, { base: 'b', target: 't' })
    const before = answersOf(history, all)
    await other.saveCommits(
      Array.from({ length: 50 }, (_, at) => ({ ...all[0], sha: shaAt(1000 + at) }) as IndexedCommit),
    )
    await other.makeHistory([], null)
    expect(answersOf(history, all)).toEqual(before)
    expect(answersOf(index.history({ base: 'b', target: 't' }) as CommitHistory, all)).toEqual(before)
    index.close()
    other.close()
  })

  it('says which commits are new to it', async () => {
    const index = openCommitIndex(newFile())
    const [all = []] = fc.sample(commits, { numRuns: 1, seed: 7 })
    await index.saveCommits(all.slice(0, 1))
    expect(index.unknown([shaAt(9), shaAt(0), shaAt(8)])).toEqual([shaAt(9), shaAt(8)])
    index.close()
  })
})

function orNull(place: number): number | null {
  return place < 0 ? null : place
}
