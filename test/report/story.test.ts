import { describe, expect, it } from 'vitest'
import type { PatchResult, RecordedAttempt, Verdict } from '../../src/model/attempt.ts'
import { PARTS, tallyOf } from '../../src/model/tally.ts'
import { headline, leadSentences, releaseName } from '../../src/report/story.ts'
import { leastSure } from '../../src/trend/least-sure.ts'
import { type Overview, overviewOf } from '../../src/trend/overview.ts'

const verdicts = {
  mend: { kind: 'conflicting', action: 'rework' },
  both: { kind: 'conflicting', action: 'review' },
  repair: { kind: 'invalid', action: 'repair' },
  decide: { kind: 'applies', action: 'review' },
  wait: { kind: 'blocked', action: 'wait' },
  refresh: { kind: 'applies', action: 'refresh' },
  keep: { kind: 'applies', action: 'keep' },
  held: { kind: 'upstreamed', action: 'drop' },
  needless: { kind: 'droppable', action: 'drop' },
} as const satisfies Record<string, Pick<Verdict, 'kind' | 'action'>>

type Given = keyof typeof verdicts

const result = (given: Given, at: number, upstream = {}) =>
  ({
    ...{
      patch: { position: at + 1, name: `p${at + 1}.patch` },
      rebuild: { kind: 'clean' },
      landing: { kind: 'clean' },
    },
    ...{ verdict: { ...verdicts[given], reason: null }, overrule: null },
    upstream: { survival: 1, confidence: 0.99, fates: [], commits: [], ...upstream },
  }) as unknown as PatchResult

const overview = (given: Given[], target = 'RELEASE-4.17.3'): Overview => {
  const results = given.map((one, at) => result(one, at))
  const latest = { target: { ref: target }, queue: { revision: '' }, results } as unknown as RecordedAttempt
  return overviewOf({
    ...{ queue: 'kettle', story: null, outcomes: new Map(), trials: [], steps: [], forecast: null, latest },
    ...{ kinds: given.map(() => 'debt' as const), attempts: [], account: null, audit: null, commitAddress: null },
  })
}
const many = (count: number, given: Given) => Array.from({ length: count }, () => given)

describe('the answer in a sentence', () => {
  it.each([
    [[...many(3, 'held'), 'mend'], 'takes the queue from 4 patches to 1, down 75 %; 1 of it needs a person.'],
    [
      [...many(2, 'held'), ...many(2, 'mend')],
      'takes the queue from 4 patches to 2, down 50 %; 2 of those need a person.',
    ],
    [['keep', 'refresh'], 'keeps all 2 patches of the queue; none needs a person.'],
    [['keep'], 'keeps the one patch of the queue; none needs a person.'],
    [['keep', 'decide'], 'keeps all 2 patches of the queue; 1 of those is to be decided.'],
    [['held', 'needless'], 'takes the whole queue away: 2 patches.'],
    [[...many(999, 'held'), 'keep'], 'takes the queue from 1,000 patches to 1, down 99 %; none needs a person.'],
    [['held', ...many(999, 'keep')], 'takes the queue from 1,000 patches to 999, down 1 %; none needs a person.'],
  ] as [Given[], string][])('of %j', (given, words) => {
    expect(headline(overview(given))).toBe(`Moving to 4.17.3 ${words}`)
  })

  it('of an empty queue, and of one without an attempt', () => {
    expect(headline(overview([]))).toBe('There is nothing to move to 4.17.3: the queue is empty.')
    expect(headline({ ...overview([]), latest: null })).toBe('0 rebases of kettle on record.')
  })

  it('names a release as people do, and a commit by its first digits', () => {
    expect(['RELEASE-4.17.3', 'v6.1-rc3', 'main', 'a'.repeat(40)].map(releaseName)).toEqual([
      ...['4.17.3', '6.1-rc3', 'main', 'a'.repeat(12)],
    ])
  })

  it('is borne out by what leaves', () => {
    expect(leadSentences(overview(['held', 'held', 'needless']))).toEqual([
      '3 leave: upstream has 2, 1 is no longer needed.',
    ])
    expect(leadSentences(overview(['held', 'keep']))).toEqual(['1 leaves: upstream has it.'])
  })
})

it('every patch is counted once', () => {
  const given = Object.keys(verdicts) as Given[]
  const { patches, ...parts } = tallyOf(given.map((one, at) => result(one, at)))
  expect(Object.keys(parts)).toEqual([...PARTS])
  expect(parts).toEqual({ mend: 2, repair: 1, decide: 1, wait: 1, refresh: 1, keep: 1, leave: 2 })
  expect(patches).toBe(9)
})

it('drops that rest on least come first', () => {
  const results = [
    result('held', 0),
    result('held', 1, { survival: 0.2 }),
    result('held', 2, { survival: 0 }),
    result('held', 3, { fates: [{ fate: 'remains' }] }),
    result('held', 4, { confidence: 0.9 }),
    result('mend', 5, { survival: 0 }),
  ]
  expect(leastSure(results).map(({ patch }) => patch.position)).toEqual([4, 3, 2, 5])
})
