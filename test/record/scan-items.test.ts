import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type ScanItem, upstreamKey } from '../../src/model/scan.ts'
import { openDatabase } from '../../src/record/database.ts'
import {
  countItems,
  failedItems,
  failItem,
  finishItem,
  freeAfterDeath,
  freeItems,
  planItems,
  renewItem,
  type TakenItem,
  takeItem,
} from '../../src/record/scan-items.ts'
import { scanItem } from '../helpers/scan-item.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'

const directory = temporaryDirectory()
const LEASE = 10
let files = 0

function itemOf(number: number): ScanItem {
  const told = { name: `q${number}`, upstream: `/u${number % 2}`, revision: 'sha256:0', target: 'c'.repeat(40) }
  return scanItem(number, told)
}

function savedAs(document: string) {
  const queue = { source: '/q', format: 'quilt' as const, revision: `sha256:${document}`, order: 'given' as const }
  return {
    attempt: {
      queue: { ...queue, disabled: [], notes: [] },
      ...{ upstream: '/u', base: { ref: 'v1', commit: 'b'.repeat(40), found: 'given' as const } },
      ...{ target: { ref: 'v2', commit: 'c'.repeat(40) }, results: [] },
    },
    timing: { startedAt: '2020-01-01T00:00:00.000Z', durationMs: 1, toolVersion: '0' },
    contents: new Map(),
    document: `sha256:${document}`,
  }
}

const portfolio = '/p.yaml'
const ours = { source: portfolio, isOurs: () => true }

async function recordOf(items: readonly ScanItem[]) {
  const database = await openDatabase(join(directory, `${files++}.db`), 'write')
  await planItems(database, ours, items)
  return database
}

/** What happens to a table of work: by one of three workers, or to all, or to the time. */
const event = fc.oneof(
  fc.record({ kind: fc.constantFrom('take', 'done', 'renew', 'fail' as const), worker: fc.nat(2) }),
  fc.record({ kind: fc.constantFrom('wait', 'free' as const), worker: fc.constant(0) }),
)

it('finishes each item once, by the one who has it, whoever stalls or dies', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 60 }), async (events) => {
      const database = await recordOf([0, 1, 2, 3].map(itemOf))
      const held = new Map<number, TakenItem>()
      const newest = new Map<number, number>()
      const finished = new Set<number>()
      let now = 0
      for (const { kind, worker } of events) {
        const mine = held.get(worker)
        if (kind === 'wait') now += LEASE / 2 + 1
        else if (kind === 'free') await freeItems(database, portfolio)
        else if (kind === 'take') {
          const taker = { portfolio, worker: String(worker), lease: LEASE }
          const taken = await takeItem(database, taker, { upstream: mine ? upstreamKey(mine.item) : null, now })
          if (!taken) continue
          expect(finished.has(taken.id)).toBe(false)
          expect(taken.token).toBeGreaterThan(newest.get(taken.id) ?? 0)
          newest.set(taken.id, taken.token)
          held.set(worker, taken)
        } else if (mine && kind === 'renew') await renewItem(database, mine, now + LEASE)
        else if (mine && kind === 'fail') await failItem(database, mine, { message: 'm', hint: 'h', due: now })
        else if (mine && kind === 'done') {
          const isDone = await finishItem(database, mine, savedAs(mine.item.key))
          if (isDone) {
            expect(finished.has(mine.id)).toBe(false)
            expect(mine.token).toBe(newest.get(mine.id))
            finished.add(mine.id)
          }
        }
      }
      const { done, failed } = countItems(database, portfolio)
      expect({ done, failed }).toEqual({ done: finished.size, failed: 0 })
      expect(database.prepare('SELECT count(*) FROM attempt').pluck().get()).toBe(finished.size)
      database.close()
    }),
    { numRuns: 60 },
  )
})

it('stays with an upstream, and begins one that nobody works on', async () => {
  const database = await recordOf([0, 2, 4, 1, 3].map(itemOf))
  const take = (worker: string, upstream: string | null) =>
    takeItem(database, { portfolio, worker, lease: LEASE }, { upstream, now: 0 })
  const names = [await take('a', null), await take('b', null), await take('a', '/u0'), await take('b', '/u1')]
  expect(names.map((taken) => taken?.item.name)).toEqual(['q0', 'q1', 'q2', 'q3'])
  expect((await take('b', '/u1'))?.item.name).toBe('q4')
  expect(await take('a', '/u0')).toBeNull()
  database.close()
})

it('forgets what is planned no more, and keeps what is done', async () => {
  const database = await recordOf([0, 1, 2].map(itemOf))
  const taken = await takeItem(database, { portfolio, worker: 'a', lease: LEASE }, { upstream: null, now: 0 })
  expect(taken && (await finishItem(database, taken, savedAs('d')))).toBe(true)
  await planItems(database, { source: portfolio, isOurs: (name) => name !== 'q2' }, [itemOf(0)])
  expect(countItems(database, portfolio)).toEqual({ waiting: 1, taken: 0, done: 1, failed: 0 })
  await planItems(database, ours, [itemOf(0)])
  expect(countItems(database, portfolio)).toMatchObject({ waiting: 0, done: 1 })
  database.close()
})

it('sets aside what kills every worker that takes it', async () => {
  const database = await recordOf([itemOf(0)])
  for (let life = 1; life <= 3; life++) {
    const taker = { portfolio, worker: `w${life}`, lease: LEASE }
    expect((await takeItem(database, taker, { upstream: null, now: 0 }))?.failures).toBe(life - 1)
    await freeAfterDeath(database, { portfolio, worker: 'another' }, 3)
    await freeAfterDeath(database, taker, 3)
  }
  expect(countItems(database, portfolio)).toMatchObject({ waiting: 0, taken: 0, failed: 1 })
  expect(failedItems(database, portfolio)).toMatchObject([
    { name: 'q0', onto: 'v2', message: expect.stringContaining('died') },
  ])
  database.close()
})

it('takes over what another portfolio planned, as it is', async () => {
  const database = await recordOf([itemOf(0)])
  const moved = { source: '/moved.yaml', isOurs: () => true }
  await planItems(database, moved, [itemOf(0)])
  expect(countItems(database, portfolio)).toMatchObject({ waiting: 0 })
  expect(countItems(database, moved.source)).toMatchObject({ waiting: 1 })
  database.close()
})
