import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { git } from '../fixtures/build-upstream.ts'
import type { PatchFacts, QueueRevision } from '../src/model/life.ts'
import type { ToldPlan } from '../src/model/plan.ts'
import { ConflictRates, peerTable } from '../src/trend/conflict-rates.ts'
import { planOf, planTogether, type StayingPatch } from '../src/trend/plan.ts'
import { planChecks } from '../src/trend/plan-checks.ts'
import { storyOf } from '../src/trend/story.ts'
import { rebaseline } from './helpers/cli.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const staying = (name: string, more: Partial<StayingPatch> = {}, hunks = 1): StayingPatch => ({
  patch: {
    ...{ queue: 'q', position: 1, name, digest: name, section: '', owner: null, author: null, class: 'unsent' },
    ...{ added: 1, removed: 1, files: 1, hunks, heat: null, age: null, isConflicting: false, lacks: [] },
  },
  ...{ isForUpstream: true, tried: 0, conflicts: 0, on: [] },
  ...more,
})
const namesOf = (patches: readonly { name: string }[]) => patches.map(({ name }) => name)

describe('conflict rates', () => {
  const carry = fc.record({ hunks: fc.integer({ min: 0, max: 40 }), isConflict: fc.boolean() })
  const past = fc.record({ hunks: fc.integer({ min: 0, max: 40 }), tried: fc.nat(9), conflicts: fc.nat(9) })

  it('are shares, which rise with conflicts, and none where no rebase is known', () => {
    fc.assert(
      fc.property(fc.array(carry, { maxLength: 60 }), past, (carried, { hunks, tried, conflicts }) => {
        const rates = new ConflictRates(carried)
        const own = { hunks, tried, conflicts: Math.min(conflicts, tried) }
        const found = rates.of(own)
        expect(found === null).toBe(carried.length === 0)
        if (!found) return
        expect(found.rate).toBeGreaterThanOrEqual(0)
        expect(found.rate).toBeLessThanOrEqual(1)
        const worse = rates.of({ ...own, tried: tried + 1, conflicts: own.conflicts + 1 })
        expect(worse?.rate).toBeGreaterThanOrEqual(found.rate)
      }),
    )
  })

  it('come to those of patches as long, where nothing else is known', () => {
    const carried = Array.from({ length: 40 }, (_, at) => ({ hunks: at < 20 ? 1 : 6, isConflict: at >= 20 && at < 30 }))
    const rates = new ConflictRates(carried)
    const fresh = { tried: 0, conflicts: 0 }
    expect(rates.of({ hunks: 1, ...fresh })?.rate).toBeCloseTo(1 / 22)
    expect(rates.of({ hunks: 5, ...fresh })).toMatchObject({
      rate: 0.5,
      peers: { of: 'queue', least: 4, most: 7, tried: 20 },
    })
    // Nothing is known of so long ones: all are taken.
    expect(rates.of({ hunks: 99, ...fresh })).toMatchObject({
      rate: 11 / 42,
      peers: { least: 1, most: null, tried: 40 },
    })
    // A queue that has carried little looks at the others of its portfolio.
    const wide = peerTable([...carried, { hunks: 1, isConflict: true }], 'portfolio')
    const young = new ConflictRates([{ hunks: 1, isConflict: true }], wide)
    expect(young.of({ hunks: 1, ...fresh })).toMatchObject({
      rate: 2 / 23,
      peers: { of: 'portfolio', least: 1, most: 1, tried: 21 },
    })
  })
})

describe('a plan', () => {
  const rates = new ConflictRates([
    { hunks: 1, isConflict: true },
    { hunks: 1, isConflict: false },
  ])

  it('has those first that conflict most, with all that they stand on', () => {
    const patches = [
      staying('base', { tried: 4 }),
      staying('middle', { on: [0], tried: 4, isForUpstream: false }),
      staying('top', { on: [1], tried: 4, conflicts: 4 }),
      staying('calm', { tried: 4 }),
    ]
    const [top, base, calm, ...others] = planOf(patches, rates, 2)
    expect(others).toEqual([])
    expect(top).toMatchObject({ name: 'top', along: ['base', 'middle'], bears: [], days: 2 * (5 / 6) })
    expect(calm).toMatchObject({ name: 'calm', along: [], bears: [] })
    expect(base).toMatchObject({ name: 'base', along: [], bears: ['middle'] })
  })

  it('knows nothing, and says so, where no rebase is known: the longest come first', () => {
    const found = planOf([staying('short'), staying('long', {}, 9)], new ConflictRates([]), 2)
    expect(found).toMatchObject([
      { name: 'long', saves: null, days: null },
      { name: 'short', saves: null, days: null },
    ])
  })

  it('counts for each queue what several carry', () => {
    const one = planOf(
      [staying('shared', { tried: 2, conflicts: 1 }), staying('hard', { tried: 2, conflicts: 2 })],
      rates,
      0,
    )
    const other = planOf([staying('shared', { tried: 2, conflicts: 1 })], rates, 0).map((patch) => ({
      ...patch,
      queue: 'r',
    }))
    const together = planTogether([one, other])
    expect(namesOf(together)).toEqual(['shared', 'hard'])
    expect(together).toMatchObject([
      { alsoIn: ['r'], savesInAll: 1 },
      { alsoIn: [], savesInAll: 0.75 },
    ])
  })
})

describe('plan checks', () => {
  const names = Array.from({ length: 30 }, (_, at) => `p${at}`)
  const hard = names.slice(10)
  const facts = new Map(
    names.map((name, at): [string, PatchFacts] => [
      name,
      {
        ...{
          digest: name,
          subject: null,
          author: null,
          added: 100 - at,
          removed: 0,
          files: 1,
          hunks: 1,
          paths: [name],
        },
        lines: Uint32Array.of(at),
      },
    ]),
  )
  const revision = (sha: string): QueueRevision => ({
    ...{ sha, parent: null, time: 0, author: '', subject: '', base: null, baseFrom: null, problem: null, revision: '' },
    entries: names.map((name) => {
      return { name, digest: name, section: '', owner: null, kind: 'debt', disabled: false, reason: null }
    }),
  })
  const revisions = ['a', 'b'].map(revision)
  const story = storyOf(
    {
      ...{ repository: '', queue: null, head: null, cuts: [], facts, branches: new Map([['main', 'b']]) },
      revisions: new Map(revisions.map((one, at) => [one.sha, { ...one, parent: at === 0 ? null : 'a' }])),
    },
    ['main'],
  )
  const trial = (sha: string, conflicting: string[]) => {
    return { sha, base: '', target: '', patches: names.length, names: conflicting }
  }

  it('hold a plan from what was before against what came', () => {
    const [check, ...others] = planChecks(story, [trial('a', hard), trial('b', names.slice(5, 25))])
    expect(others).toEqual([])
    // The plan names what was hard before, and size the others.
    expect(check).toMatchObject({ patches: 30, first: 20, conflicts: 20, planned: 15, longest: 15 })
    expect(planChecks(story, [trial('a', hard), trial('b', hard)])).toMatchObject([{ planned: 20, longest: 10 }])
  })

  it('say nothing where nothing was before', () => {
    expect(planChecks(story, [trial('a', hard)])).toEqual([])
  })
})

describe('audit --plan and scan plan', () => {
  const directory = temporaryDirectory()
  const upstream = join(directory, 'upstream')
  const run = (...words: string[]) => rebaseline(directory, words, { COLUMNS: '120' })
  const LINES = Array.from({ length: 60 }, (_, at) => `stage_${at}(${'x'.repeat(at + 1)});`)
  const put = (lines: readonly string[]) => writeFileSync(join(upstream, 'a.c'), `${lines.join('\n')}\n`)
  const diffOf = (lines: readonly string[], wish: readonly [number, string]) => {
    put(lines.with(...wish))
    const diff = git(upstream, 'diff')
    git(upstream, 'checkout', '--quiet', '--', '.')
    return diff
  }
  /** Line 4 as upstream has it in each release: a patch of it conflicts with every step. */
  const release = (number: number) => LINES.with(4, `way_${'abcd'.repeat(number)}(${number});`)

  beforeAll(() => {
    mkdirSync(upstream)
    git(upstream, 'init', '--quiet', '--initial-branch=main')
    for (const name of ['queue', 'other']) mkdirSync(join(directory, name))
    const queue = join(directory, 'queue')
    git(queue, 'init', '--quiet', '--initial-branch=main')
    for (const number of [1, 2, 3, 4]) {
      put(release(number))
      git(upstream, 'add', '--all')
      git(upstream, 'commit', '--quiet', '--message', `Release ${number}`)
      git(upstream, 'tag', `v${number}.0`)
      if (number === 4) continue
      const calm = diffOf(release(number), [40, 'calm();'])
      writeFileSync(
        join(queue, 'calm.patch'),
        `From: A <a@b.c>\nSubject: Calm\n\nSo.\nSigned-off-by: A <a@b.c>\n\n${calm}\n`,
      )
      writeFileSync(
        join(queue, 'hard.patch'),
        `Subject: Hard\n\n${diffOf(release(number), [4, `own_${number}(4);`])}\n`,
      )
      writeFileSync(
        join(queue, 'ours.patch'),
        `Subject: Ours\nForwarded: not-needed\n\n${diffOf(release(number), [20, 'ours();'])}\n`,
      )
      writeFileSync(join(queue, 'series'), 'calm.patch\nhard.patch # ann\nours.patch\n')
      git(queue, 'add', '--all')
      git(queue, 'commit', '--quiet', '--message', number === 1 ? 'Begin' : `Rebase to ${number}.0`)
    }
    cpSync(join(queue, 'calm.patch'), join(directory, 'other', 'calm.patch'))
    writeFileSync(join(directory, 'other', 'series'), 'calm.patch\n')
    const rows = ['queue', 'other'].map(
      (name) => `  - {name: ${name}, queue: ${name}, upstream: upstream, base: v3.0, onto: v4.0}\n`,
    )
    writeFileSync(join(directory, 'portfolio.yaml'), `queues:\n${rows.join('')}`)
  })

  const ahead = ['--queue', 'queue', '--upstream', 'upstream', '--base', 'v3.0', '--onto', 'v4.0']

  it('ranks by past rebases, and says what that rests on', () => {
    expect(
      run(
        'history',
        'import',
        '--repo',
        'queue',
        '--base',
        ...[1, 2, 3].map((n) => `${git(join(directory, 'queue'), 'rev-parse', `HEAD~${3 - n}`).trim()}=${n}.0`),
      ).code,
    ).toBe(0)
    expect(run('try', ...ahead).code).toBe(0)
    expect(run('history', '--try-rebases', '--queue', 'queue').code).toBe(0)
    const told = JSON.parse(run('audit', ...ahead, '--plan', '--json').stdout) as ToldPlan
    expect(namesOf(told.patches)).toEqual(['hard.patch', 'calm.patch'])
    expect(told.patches).toMatchObject([
      { owner: 'ann', saves: { tried: 3, conflicts: 3 }, days: null, isConflicting: true, heat: 1 },
      { saves: { tried: 3, conflicts: 0 }, isConflicting: false, lacks: [] },
    ])
    for (const [from, to] of [
      ['1.0', '2.0'],
      ['2.0', '3.0'],
    ] as const)
      run('effort', 'log', '--queue', 'queue', '--from', from, '--to', to, '--duration', '2 days')
    const { stdout } = run('audit', ...ahead, '--plan')
    expect(stdout).toContain(
      '2 patches are for upstream to take; the others that stay: 1 distro.\nWhat is saved rests on 3 rebases',
    )
    expect(stdout).toContain('A conflict took 2.0 days at past rebases')
    expect(stdout).toMatch(
      /It was in conflict at 3 of 3 rebases that had it, and patches of its queue 3 of 8 times: upstream, it would save\n? +about 0\.8 conflicts a rebase, 1\.5 days of work/,
    )
    expect(stdout).toContain('To send it: mend its conflict, add an author and a sign-off; it stands alone.')
    expect(stdout).toMatch(/^next {2}rebaseline show --queue queue @\d+ 1 --upstreamable/m)
    expect(run('audit', ...ahead, '--plan', '--markdown').stdout).toContain('| hard.patch | ')
    expect(run('audit', ...ahead, '--plan', '--by', 'owner').code).toBe(1)
  })

  it('plans the scanned queues of a portfolio as one', () => {
    const record = ['--db', 'portfolio.db']
    expect(run('scan', 'plan', 'portfolio.yaml', ...record)).toMatchObject({ code: 2 })
    expect(run('scan', 'portfolio.yaml', ...record).code).toBe(0)
    const { patches, plans: _, ...told } = JSON.parse(run('scan', 'plan', 'portfolio.yaml', '--json', ...record).stdout)
    expect(told.queues).toMatchObject([{ queue: 'other' }, { queue: 'queue', others: { distro: 1 } }])
    expect(patches).toMatchObject([
      { name: 'hard.patch', queue: 'queue', alsoIn: [] },
      { name: 'calm.patch', alsoIn: [expect.stringMatching(/other|queue/)] },
    ])
    expect(run('scan', 'plan', 'portfolio.yaml', ...record).stdout).toContain(
      '2 patches of 2 queues are for upstream to take',
    )
  })
})
