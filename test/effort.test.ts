import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { daysOf, durationOf } from '../src/model/duration.ts'
import type { Effort } from '../src/model/effort.ts'
import type { Listing, QueueRevision } from '../src/model/life.ts'
import { compareReleases, releaseKey } from '../src/model/version.ts'
import { forecast, type Hardship, timesWrong } from '../src/trend/forecast.ts'
import { rebaseCommits } from '../src/trend/rebase-commits.ts'
import { stepsOf } from '../src/trend/steps.ts'

/** `time`: "3 days". */
function effort(from: string, to: string, time: string, source: Effort['source'] = 'person'): Effort {
  return { from, to, days: daysOf(time) ?? Number.NaN, typed: time, hands: 1, source, note: '', at: '' }
}

describe('daysOf', () => {
  it.each([
    ['3 days', 3],
    ['13 months', 390],
    ['1y2mo', 425],
    ['1w2d', 9],
    ['90min', 1 / 16],
    ['90m', 1 / 16],
    ['3D', 3],
    ['1,5d', 1.5],
    ['1.5 Days', 1.5],
    ['2 weeks and 3 days', 17],
    ['1 day, 12 hours', 1.5],
    ['4h', 1 / 6],
  ])('reads %s', (typed, days) => {
    expect(daysOf(typed)).toBeCloseTo(days, 10)
  })

  it.each(['', '0d', '-3d', '3', 'd', '3M', '3 parsecs', '1e3d', '0x10d', '200y', '9999999999d', '3d or so', '1..5d'])(
    'refuses "%s"',
    (typed) => {
      expect(daysOf(typed)).toBeNull()
    },
  )

  it('reads what durationOf writes, to the tenth that it keeps', () => {
    fc.assert(
      fc.property(fc.double({ min: 1 / 1440, max: 36_000, noNaN: true }), (days) => {
        const again = daysOf(durationOf(days)) ?? Number.NaN
        expect(Math.abs(again - days)).toBeLessThanOrEqual(Math.max(days * 0.06, 0.1 / 1440))
      }),
    )
  })
})

describe('releases', () => {
  it('are the same in every spelling', () => {
    expect(new Set(['4.2', 'v4.2.0', 'RELEASE-4.2.0', 'xen-4.2'].map(releaseKey))).toEqual(new Set(['4.2']))
    expect(releaseKey('4.2.1')).not.toBe(releaseKey('4.2'))
    expect(releaseKey('4.2.0-rc1')).not.toBe(releaseKey('4.2'))
  })

  it('come in the order of their versions, then of their letters', () => {
    const names = ['3.4', '4.1', '4.2-rc1', '4.2', '4.10', 'main', 'next']
    expect([...names].reverse().sort(compareReleases)).toEqual(names)
  })
})

describe('stepsOf', () => {
  const story = [effort('3.4', '4.1', '13 months'), effort('4.1', '4.2', '3 months'), effort('4.2', '4.3', '3 days')]

  it('tells the steps in the order of the releases, in whatever order they were logged', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(story, { minLength: 3 }), (logged) => {
        expect(stepsOf(logged).map(({ person }) => person)).toEqual(story)
      }),
    )
  })

  it('takes a correction in another spelling for the same step', () => {
    const [step, ...others] = stepsOf([effort('4.1', '4.2', '9d'), effort('RELEASE-4.1.0', 'v4.2.0', '3d')])
    expect(step).toMatchObject({ from: '4.1', to: '4.2', person: { days: 3 } })
    expect(others).toEqual([])
  })

  it('keeps what a person said and an estimate apart, whichever came last', () => {
    const both = [effort('4.1', '4.2', '3d'), effort('4.1', '4.2', '100d', 'commits')]
    for (const logged of [both, both.toReversed()])
      expect(stepsOf(logged)).toMatchObject([{ person: { days: 3 }, commits: { days: 100 } }])
  })

  it('names the steps that a longer one reaches over', () => {
    const [long, first, second] = stepsOf([...story, effort('4.1', '4.3', '5 months')]).slice(1)
    expect([first?.covers, second?.covers].map((covers) => covers?.length)).toEqual([2, 0])
    expect(long?.covers).toEqual([])
  })
})

describe('forecast', () => {
  const attempts: Hardship[] = [
    { base: 'RELEASE-4.1.2', target: 'RELEASE-4.2.0', conflicts: 30 },
    { base: 'RELEASE-4.2.3', target: 'RELEASE-4.3.0', conflicts: 10 },
  ]
  const next = { base: 'RELEASE-4.3.0', target: 'RELEASE-4.4.0', conflicts: 6 }
  const two = [effort('4.1', '4.2', '90d'), effort('4.2', '4.3', '10d')]
  const say = (logged: Effort[], tried = attempts, ahead: Hardship = next) => forecast(stepsOf(logged), tried, ahead)

  it('takes the past rate per conflict, with its range', () => {
    expect(say(two)).toMatchObject({ range: { days: 12, low: 6, high: 18 }, leftOut: [] })
  })

  it('is in calendar time, however many hands took part', () => {
    expect(say(two.map((one) => ({ ...one, hands: 3 }))).range).toEqual(say(two).range)
  })

  it('counts a rebase that was logged twice once', () => {
    expect(say([...two, effort('RELEASE-4.2.0', '4.3.0', '10d')])).toEqual(
      say([two[0] as Effort, effort('4.2', '4.3', '10d'), effort('RELEASE-4.2.0', '4.3.0', '10d')]),
    )
    expect(say([...two, effort('RELEASE-4.2.0', '4.3.0', '10d')]).past).toHaveLength(2)
    expect(say([effort('4.1', '4.2', '90d'), effort('v4.1', '4.2.0', '90d')]).range).toBeNull()
  })

  it('takes the conflicts of the first attempt at a rebase', () => {
    const mended = { base: 'RELEASE-4.2.3', target: 'RELEASE-4.3.0', conflicts: 1 }
    expect(say(two, [...attempts, mended])).toEqual(say(two))
  })

  it('rests on nothing that comes after the rebase ahead, nor on itself', () => {
    const later = [...two, effort('4.5', '4.6', '9d'), effort('4.3', '4.4', '9d')]
    const tried = [...attempts, { base: '4.5', target: '4.6', conflicts: 9 }, { ...next, conflicts: 9 }]
    expect(say(later, tried)).toMatchObject({
      past: { length: 2 },
      leftOut: [
        { step: { from: '4.3' }, because: 'it is the rebase that lies ahead' },
        { step: { from: '4.5' }, because: 'it is not before the rebase that lies ahead' },
      ],
    })
  })

  it('says nothing from one rebase alone, or from rebases that nobody tried', () => {
    expect(say([effort('4.1', '4.2', '90d')]).range).toBeNull()
    const untried = say([effort('3.3', '3.4', '9d'), effort('3.4', '4.0', '9d')])
    expect(untried).toMatchObject({ range: null, leftOut: { length: 2 } })
  })

  it('mixes no estimate with what people said', () => {
    const third = { base: '3.4', target: '4.1', conflicts: 3 }
    const found = say([effort('3.4', '4.1', '900d', 'commits'), ...two], [third, ...attempts])
    expect(found.range).toEqual(say(two).range)
    expect(found.leftOut).toMatchObject([{ step: { from: '3.4' }, because: expect.stringContaining('not mixed') }])
  })

  it('leaves out a step that reaches over others', () => {
    const found = say([...two, effort('4.1', '4.3', '100d')])
    expect(found.range).toEqual(say(two).range)
    expect(found.leftOut).toMatchObject([{ step: { to: '4.3' }, because: expect.stringContaining('reaches over') }])
  })

  it('has nothing to say where nothing is to be mended', () => {
    expect(say(two, attempts, { ...next, conflicts: 0 }).range).toBeNull()
  })

  it('says of each past rebase what the others would have said', () => {
    const { past } = say(two)
    expect(past.map(({ fromOthers }) => fromOthers?.days)).toEqual([30, 30])
    expect(timesWrong(past)).toBe(2)
  })

  it('takes a commit for no release, whatever its last digits', () => {
    const commits = { base: 'aaffe67d16a4', target: 'ee38571a76e5', conflicts: 3 }
    expect(say([effort('4', '5', '9d')], [commits], { ...next, target: '6.0' }).past).toEqual([])
  })
})

describe('rebaseCommits', () => {
  const DAY = 86_400
  const names = (count: number): Listing[] =>
    Array.from({ length: count }, (_, at) => {
      return {
        name: `${at}.patch`,
        digest: `${at}`,
        section: '',
        owner: null,
        kind: 'debt',
        disabled: false,
        reason: null,
      }
    })
  /** `day`: since the epoch; `content` tells queues apart. */
  const revision = (day: number, base: string, content: string, entries = names(2)): QueueRevision => {
    const sha = `${day}-${content}`
    const read = { base, baseFrom: null, problem: null, revision: content, entries }
    return { ...{ sha, parent: null, time: day * DAY, author: '', subject: 'work' }, ...read }
  }
  const before = [revision(0, '1.0', 'a'), revision(400, '1.0', 'b')]
  const rebase = [revision(401, '1.0', 'c'), revision(402, '1.1', 'd')]
  const days = (...revisions: QueueRevision[]) =>
    rebaseCommits([...before, ...rebase, ...revisions], '1.0', '1.1')?.days

  it('takes the burst that ends on the new base, not the quiet year before', () => {
    expect(days()).toBe(3)
    expect(rebaseCommits([...before, ...rebase], '1.0', '1.1')?.commits.map(({ sha }) => sha)).toEqual([
      '400-b',
      '401-c',
      '402-d',
    ])
  })

  it('goes on while patches are mended, and ends with a pause or with new work', () => {
    const mended = revision(404, '1.1', 'e', names(1))
    expect(days(mended)).toBe(5)
    expect(days(mended, revision(420, '1.1', 'f', names(0)))).toBe(5)
    expect(days(mended, revision(405, '1.1', 'f', names(2)), revision(406, '1.1', 'g', names(0)))).toBe(5)
  })

  it('counts no commit that leaves the queue as it was, and no merge', () => {
    const quiet = [403, 405, 407, 409, 411].map((day) => revision(day, '1.1', 'd'))
    expect(days(...quiet)).toBe(3)
    expect(days({ ...revision(403, '1.1', 'm', names(1)), subject: "Merge branch 'x'" })).toBe(3)
  })

  it('knows no rebase backwards, nor one to a release that never was', () => {
    expect(rebaseCommits([...before, ...rebase], '1.1', '1.0')).toBeNull()
    expect(rebaseCommits(before, '1.0', '1.1')).toBeNull()
  })
})
