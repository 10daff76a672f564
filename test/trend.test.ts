import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PatchFacts, QueueRevision } from '../src/model/life.ts'
import { traceLineages } from '../src/trend/lineage.ts'
import { settledAmong } from '../src/trend/settled.ts'
import { flowBetween, periodsOf, sizeOf } from '../src/trend/shrinkage.ts'

/** Every digest is a patch with lines of its own. */
const factsOf = (digests: string[]) =>
  new Map(
    digests.map((digest, at): [string, PatchFacts] => [
      digest,
      {
        ...{ digest, subject: null, author: null, added: 3, removed: 1, files: 1, hunks: 2, paths: [`${digest}.c`] },
        lines: Uint32Array.from([at * 10, at * 10 + 1, at * 10 + 2]),
      },
    ]),
  )

const digests = ['d1', 'd2', 'd3', 'd4', 'd5', 'd6']
const facts = factsOf(digests)
const revision = (sha: string, entries: [string, string][], base: string | null = null): QueueRevision => ({
  ...{
    sha,
    parent: null,
    time: 0,
    author: '',
    subject: `commit ${sha}`,
    base,
    baseFrom: null,
    problem: null,
    revision: '',
  },
  entries: entries.map(([name, digest]) => {
    return { name, digest, section: '', owner: null, kind: 'debt', disabled: false, reason: null }
  }),
})

describe('lineages', () => {
  const queue = fc.uniqueArray(fc.constantFrom(...digests), { maxLength: 6 })

  it('add up: what was there, less what left, and what came, is what is there', () => {
    fc.assert(
      fc.property(fc.array(queue, { minLength: 1, maxLength: 8 }), (queues) => {
        const revisions = queues.map((one, at) =>
          revision(
            `${at}`,
            one.map((digest) => [`${digest}.patch`, digest]),
          ),
        )
        const lineages = traceLineages(revisions, facts)
        const { stayed, refreshed, left, came } = flowBetween(lineages, 0, revisions.length - 1)
        expect(stayed.length + refreshed.length + left.length).toBe(queues[0]?.length)
        expect(stayed.length + refreshed.length + came.length).toBe(queues.at(-1)?.length)
      }),
    )
  })

  it('do not care what a patch is called', () => {
    fc.assert(
      fc.property(fc.array(queue, { minLength: 1, maxLength: 6 }), (queues) => {
        const named = (suffix: (at: number) => string) =>
          traceLineages(
            queues.map((one, at) =>
              revision(
                `${at}`,
                one.map((digest) => [`${digest}${suffix(at)}`, digest]),
              ),
            ),
            facts,
          ).changes.map(({ refreshed }) => refreshed.length)
        expect(named((at) => `-${at}.patch`)).toEqual(named(() => '.patch'))
      }),
    )
  })

  it('let a patch that comes back be itself', () => {
    const { lineages } = traceLineages(
      [revision('1', [['a', 'd1']]), revision('2', []), revision('3', [['a', 'd1']])],
      facts,
    )
    expect(lineages).toHaveLength(1)
    expect(lineages[0]?.left).toBeNull()
  })
})

describe('the life of a queue', () => {
  const queue = fc.uniqueArray(fc.constantFrom(...digests), { maxLength: 6 })
  const bases = ['1.0', '1.1', '2.0', '10.0']
  const life = fc.array(fc.tuple(queue, fc.constantFrom(...bases)), { minLength: 1, maxLength: 10 })
  const told = (lives: [string[], string][], name: (digest: string, at: number) => string = (digest) => digest) => {
    const revisions = lives.map(([one, base], at) =>
      revision(
        `${at}`,
        one.map((digest): [string, string] => [name(digest, at), digest]),
        base,
      ),
    )
    return periodsOf(revisions, facts, traceLineages(revisions, facts), settledAmong(revisions))
  }

  it('adds up: what came, less what left, is the size of every release', () => {
    fc.assert(
      fc.property(life, (lives) => {
        let total = 0
        for (const { came, left, size } of told(lives)) {
          total += came - left
          expect(total).toBe(size.patches)
        }
      }),
    )
  })

  it('does not change where all patches get other names at once', () => {
    const counts = (periods: ReturnType<typeof told>) =>
      periods.map(({ name, came, left, refreshed, size }) => [name, came, left, refreshed, size.patches])
    fc.assert(
      fc.property(life, fc.nat(9), (lives, when) => {
        expect(counts(told(lives, (digest, at) => `${at < when ? 'old' : 'new'}-${digest}`))).toEqual(
          counts(told(lives)),
        )
      }),
    )
  })

  it('does not change where commits come in between that leave the queue alone', () => {
    const sizes = (periods: ReturnType<typeof told>) => periods.map(({ name, size }) => [name, size.patches])
    fc.assert(
      fc.property(life, fc.nat(9), (lives, where) => {
        const at = where % lives.length
        const more = [...lives.slice(0, at + 1), ...lives.slice(at)]
        expect(sizes(told(more))).toEqual(sizes(told(lives)))
      }),
    )
  })
})

it('periods end with the last revision on a base', () => {
  const revisions = [
    revision('1', [['a', 'd1']], 'RELEASE-4.1.0'),
    revision(
      '2',
      [
        ['a', 'd1'],
        ['b', 'd2'],
      ],
      '4.1.0',
    ),
    revision('3', [['b', 'd2']], '4.2.0'),
  ]
  const periods = periodsOf(revisions, facts, traceLineages(revisions, facts), settledAmong(revisions))
  expect(periods.map(({ name, revision: { sha }, came, left }) => [name, sha, came, left])).toEqual([
    ['4.1.0', '2', 2, 0],
    ['4.2.0', '3', 0, 1],
  ])
  expect(sizeOf(revisions[1] as QueueRevision, facts)).toMatchObject({
    patches: 2,
    added: 6,
    removed: 2,
    files: 2,
    hunks: 4,
  })
})
