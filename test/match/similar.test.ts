import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HashIndex } from '../../src/match/hash-index.ts'
import { likelihoodOf, type Subject } from '../../src/match/likeness.ts'
import { findAlike } from '../../src/match/similar.ts'
import type { IndexedCommit } from '../../src/model/history.ts'
import { hashLine, hashMessage } from '../../src/model/line-hash.ts'
import { countHashes } from '../../src/patch/lines.ts'
import { historyOf } from '../helpers/history.ts'

const hashes = (lines: readonly string[]) => lines.map((line) => hashLine('+', line)).filter((hash) => hash !== null)

interface Change {
  subject: string
  lines: string[]
  message: string[]
}

const commitOf = ({ subject, lines, message }: Change, at: number): IndexedCommit => ({
  ...{
    sha: String(at).padStart(40, '0'),
    parents: [],
    subject,
    author: 'Ann <a@x>',
    time: 0,
    takenFrom: [],
    reverts: [],
    patchId: null,
  },
  ...{
    paths: ['dir/file.c'],
    lines: Uint32Array.from(hashes(lines)),
    message: hashMessage(message),
    words: new Uint32Array(),
  },
})
const patchOf = ({ subject, lines, message }: Change): Subject => ({
  ...{
    lines: countHashes(hashes(lines)),
    subject,
    author: 'Ann <a@x>',
    paths: ['other/file.c'],
    message: hashMessage(message),
  },
})

/** The most likely commit, and how likely. */
function best(patch: Subject, commits: IndexedCommit[]): { sha: string | undefined; likelihood: number } {
  const count = [...patch.lines.values()].reduce((sum, times) => sum + times, 0)
  const history = historyOf(commits)
  const lines = new HashIndex(patch.lines.keys(), history, 'line')
  const ranked = (findAlike([patch], history, lines)[0] ?? []).map((one) => ({
    sha: one.commits[0]?.sha,
    likelihood: likelihoodOf(one, count),
  }))
  return ranked.sort((left, right) => right.likelihood - left.likelihood)[0] ?? { sha: undefined, likelihood: 0 }
}

/** Changes that share no line, no sentence and no word: every word is numbered. */
const distinct = fc
  .array(fc.tuple(fc.integer({ min: 3, max: 12 }), fc.integer({ min: 0, max: 3 })), { minLength: 2, maxLength: 6 })
  .map((sizes) =>
    sizes.map(
      ([lines, sentences], change): Change => ({
        subject: `subject${change} topic${change} about${change}`,
        lines: Array.from({ length: lines }, (_, line) => `    statement_${change}_${line}(argument);`),
        message: Array.from(
          { length: sentences },
          (_, line) => `sentence${change} number${line} explains${change} it at some length${change}`,
        ),
      }),
    ),
  )

describe('findAlike', () => {
  it('finds a patch among the commits as itself, and is sure', () => {
    fc.assert(
      fc.property(distinct, fc.nat(), (changes, pick) => {
        const at = pick % changes.length
        const found = best(patchOf(changes[at] as Change), changes.map(commitOf))
        expect(found.sha).toBe(String(at).padStart(40, '0'))
        expect(found.likelihood).toBeGreaterThan(0.5)
      }),
    )
  })

  it('is not moved by white space or by the order of lines and commits', () => {
    fc.assert(
      fc.property(distinct, fc.nat(), (changes, pick) => {
        const change = changes[pick % changes.length] as Change
        const reformatted = {
          ...change,
          lines: change.lines.map((line) => `\t${line.trim().replace('(', ' ( ')}  `).reverse(),
        }
        const commits = changes.map(commitOf)
        expect(best(patchOf(reformatted), [...commits].reverse())).toEqual(best(patchOf(change), commits))
      }),
    )
  })

  it('is never sure of another once the right one is gone', () => {
    fc.assert(
      fc.property(distinct, fc.nat(), (changes, pick) => {
        const at = pick % changes.length
        const others = changes.map(commitOf).filter((_, index) => index !== at)
        expect(best(patchOf(changes[at] as Change), others).likelihood).toBeLessThan(0.5)
      }),
    )
  })

  it('gives little for lines that everybody changes', () => {
    const common = Array.from({ length: 4 }, (_, at) => `common_line_${at};`)
    const crowd = Array.from({ length: 200 }, (_, at) =>
      commitOf({ subject: `crowd${at}`, lines: [...common, `own_${at}();`], message: [] }, at),
    )
    const patch = patchOf({ subject: 'mine', lines: [...common, 'my_own_line();'], message: [] })
    expect(best(patch, crowd).likelihood).toBeLessThan(0.5)
  })
})

describe('splits and squashes', () => {
  const alike = (patches: Change[], commits: Change[]) => {
    const subjects = patches.map(patchOf)
    const history = historyOf(commits.map(commitOf))
    const wanted = subjects.flatMap((one) => [...one.lines.keys()])
    return findAlike(subjects, history, new HashIndex(wanted, history, 'line'))
  }
  const join = (changes: Change[]): Change => ({
    subject: 'all of it',
    lines: changes.flatMap(({ lines }) => lines),
    message: [],
  })

  it('takes commits that hold a patch between them together, each as one of its parts', () => {
    fc.assert(
      fc.property(distinct, (changes) => {
        const [found] = alike([join(changes)], changes)
        const together = found?.find(({ commits }) => commits.length > 1)
        const share = (count: number) => count / join(changes).lines.length
        const expected = changes.filter(({ lines }) => share(lines.length) >= 0.15).length
        if (expected < 2) return
        expect(together?.commits.length).toBeGreaterThanOrEqual(expected)
        expect(together?.converse).toBe(1)
      }),
    )
  })

  it('does not blame a commit for what it holds of other patches of the same queue', () => {
    fc.assert(
      fc.property(distinct, (changes) => {
        const found = alike(changes, [join(changes)])
        expect(found.map(([one]) => [one?.coverage, one?.converse])).toEqual(changes.map(() => [1, 1]))
      }),
    )
  })
})

it('likelihoodOf never falls where more is in common', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  const any = fc.record({
    coverage: share,
    converse: share,
    subject: share,
    message: share,
    paths: share,
    author: fc.constantFrom(0, 1),
  })
  fc.assert(
    fc.property(any, any, fc.integer({ min: 1, max: 500 }), (one, other, count) => {
      const keys = Object.keys(one) as (keyof typeof one)[]
      const more = Object.fromEntries(keys.map((key) => [key, Math.max(one[key], other[key])])) as typeof one
      const commits = [commitOf({ subject: '', lines: [], message: [] }, 0)]
      expect(likelihoodOf({ commits, ...more }, count)).toBeGreaterThanOrEqual(likelihoodOf({ commits, ...one }, count))
    }),
  )
})
