import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { elementAt } from '../src/model/elements.ts'
import type { Listing, PatchFacts, QueueRevision } from '../src/model/life.ts'
import { isNewLine } from '../src/model/version.ts'
import { listingAt, traceLineages } from '../src/trend/lineage.ts'
import { rebaseCosts } from '../src/trend/rebase-costs.ts'
import { settledAmong } from '../src/trend/settled.ts'
import { flowBetween, periodsOf, sizeOf } from '../src/trend/shrinkage.ts'
import { sizeSteps, unsettledSpans } from '../src/trend/size-steps.ts'
import { stepsOf } from '../src/trend/steps.ts'

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

function hasSame({ entries }: QueueRevision, { name, digest }: Listing): boolean {
  return entries.some((one) => one.name === name && one.digest === digest)
}

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

  it('list what each revision lists, in its order, and know what is the same by name and content', () => {
    const entry = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), fc.constantFrom(...digests))
    const listing = fc.uniqueArray(entry, { maxLength: 6, selector: ([name]) => name })
    fc.assert(
      fc.property(fc.array(listing, { minLength: 1, maxLength: 6 }), (queues) => {
        const revisions = queues.map((one, at) => revision(`${at}`, one))
        const { lineages, changes } = traceLineages(revisions, facts)
        const told = changes.map(({ listed }, at) => {
          return [...listed].map((id) => listingAt(elementAt(lineages, id - 1), at))
        })
        expect(told).toEqual(revisions.map(({ entries }) => entries))
        for (const [at, { left, refreshed }] of changes.entries()) {
          const same = revisions[at - 1]?.entries.filter((one) => hasSame(elementAt(revisions, at), one)) ?? []
          const stayed = changes[at - 1]?.listed.filter((id) => !left.includes(id) && !refreshed.includes(id)) ?? []
          expect(stayed.length).toBeGreaterThanOrEqual(same.length)
        }
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

describe('the size from day to day', () => {
  const at = (time: number, ...names: string[]) => ({
    ...revision(
      `${time}`,
      names.map((name) => [name, name]),
    ),
    time,
  })

  it('is told where it changes, without the middle of a rebase and without steps back in time', () => {
    const revisions = [at(10, 'd1'), at(20, 'd1'), at(30), at(40), at(50, 'd1', 'd2'), at(45, 'd3')]
    const settled = [true, true, false, false, true, true]
    expect(sizeSteps({ revisions, settled }).map(({ time, patches }) => [time, patches])).toEqual([
      [10, 1],
      [50, 2],
    ])
    expect(unsettledSpans({ revisions, settled })).toEqual([{ since: 30, until: 40 }])
  })
})

it('a step to a new line of releases is told from one to a point release', () => {
  const steps = [
    ...['4.13.5 4.17.3', 'RELEASE-4.13.4 RELEASE-4.13.5', '4.5 4.5.1-rc1', 'v6.1.9 v6.6', '254 255', 'main next'],
  ]
  expect(steps.filter((step) => isNewLine(...(step.split(' ') as [string, string])))).toEqual([
    ...['4.13.5 4.17.3', 'v6.1.9 v6.6', '254 255', 'main next'],
  ])
})

it('what rebases cost is told by release, however it was logged', () => {
  const effort = { typed: '3 days', days: 3, hands: 1, source: 'person' as const, note: '', at: '' }
  const logged = [
    { ...effort, from: '4.1', to: '4.2' },
    { ...effort, from: '4.13', to: '4.17' },
  ]
  const rebase = { from: '4.13.5', to: '4.17.3', sha: 's', time: 1, before: 9, after: 4 }
  const trial = { sha: 's', base: 'RELEASE-4.13.5', target: 'RELEASE-4.17.3', patches: 9, names: ['a', 'b'] }
  const costs = rebaseCosts([rebase as Parameters<typeof rebaseCosts>[0][number]], stepsOf(logged), [trial])
  expect(costs.map(({ from, toMend, step }) => [from, toMend, step?.to])).toEqual([
    ['4.1', null, '4.2'],
    ['4.13.5', 2, '4.17'],
  ])
})
