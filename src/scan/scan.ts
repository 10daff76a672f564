/** `scan`: tries what changed of a portfolio, by processes of this machine. */
import { readPortfolio } from '../config/portfolio.ts'
import { debianPortfolio } from '../jobs/debian-sources.ts'
import { nameBreakers } from '../jobs/name-breakers.ts'
import { planScan } from '../jobs/plan-scan.ts'
import type { JobContext } from '../model/job.ts'
import type { Notifications, Scanned, Shard } from '../model/scan.ts'
import type { Connection } from '../record/database.ts'
import { changedVerdicts, markTold } from '../record/scan-changes.ts'
import { countItems, doneItems, failedItems, freeAfterDeath, freeItems, retryItems } from '../record/scan-items.ts'
import { type Place, recordPath, withRecord } from '../workspace/record.ts'
import { withScanLock } from '../workspace/scan-lock.ts'
import { collect } from './collect.ts'
import { withEngineQueue, withEngineWorker } from './engine-queue.ts'
import { leaseQueue } from './lease-queue.ts'
import { runWorkers } from './processes.ts'
import { TRIES } from './work-queue.ts'
import { work } from './worker.ts'

/** What a scan needs beside what every job does. */
export interface ScanContext extends JobContext {
  /** How this program is started: the interpreter and the program. */
  program: readonly string[]
}

/** What is to be scanned, and how. */
export interface ScanRequest extends Pick<Place, 'db'> {
  /** An absolute path: of a portfolio, or of a directory of Debian source packages. */
  portfolio: string
  isDebian: boolean
  /** How many processes work, where no engine does. */
  jobs: number
  /** The URL of the engine over which others work; null: this machine does. */
  engine: string | null
  /** Null: all of it. */
  shard: Shard | null
  /** Whether what was set aside is tried again. */
  isRetried: boolean
}

/** Leaves word of what changed; what it was not called for, or failed at, the next scan tells. */
export type Tell = (scanned: Scanned, notifications: Notifications | null) => void

/** Scans; after it was killed, the same call goes on where it stopped. */
export async function scan(request: ScanRequest, context: ScanContext, tell: Tell): Promise<Scanned> {
  const portfolio = request.isDebian ? await debianPortfolio(request.portfolio) : readPortfolio(request.portfolio)
  const { source } = portfolio
  return await withRecord(request, 'write', context, (database) =>
    withScanLock(request, source, context, async () => {
      // Whoever had something is gone: the lock is ours.
      await freeItems(database, source)
      if (request.isRetried) await retryItems(database, source)
      const plan = await planScan(portfolio, request.shard, database, context)
      const keys = plan.items.map(({ key }) => key)
      const before = doneItems(database, keys).length
      if (request.engine === null) await workHere(request, source, database, context)
      else await workElsewhere(request.engine, source, database, context)
      const items = doneItems(database, keys)
      const problems = [...plan.problems, ...failedItems(database, source)]
      const tried = items.length - before
      const changes = await nameBreakers(changedVerdicts(database, keys), context)
      const queues = new Set(plan.items.map(({ name }) => name)).size
      const counts = { queues, planned: keys.length, tried, empty: plan.empty }
      const scanned = { portfolio: source, ...counts, items, changes, problems }
      tell(scanned, portfolio.notifications)
      await markTold(database, keys)
      return scanned
    }),
  )
}

/** By processes of this machine. */
async function workHere(
  request: ScanRequest,
  source: string,
  database: Connection,
  context: ScanContext,
): Promise<void> {
  const record = await recordPath(request, context)
  await showing(source, database, context, async (waiting) => {
    await runWorkers(Math.min(request.jobs, waiting), {
      program: context.program,
      argumentsOf: (worker) => ['scan', 'lease-worker', '--record', record, '--portfolio', source, '--as', worker],
      died: (worker) => freeAfterDeath(database, { portfolio: source, worker }, TRIES),
    })
  })
}

/** By whoever works for the engine; what comes back is collected here. */
async function workElsewhere(engine: string, source: string, database: Connection, context: JobContext): Promise<void> {
  await showing(source, database, context, () =>
    withEngineQueue(engine, context.warn, (queue) => collect(queue, source, database)),
  )
}

/** Has the waiting items worked on, and shows how far that is. */
async function showing(
  source: string,
  database: Connection,
  context: JobContext,
  work: (waiting: number) => Promise<void>,
): Promise<void> {
  const { waiting, done } = countItems(database, source)
  if (waiting === 0) return
  const show = setInterval(() => {
    context.progress('trying', countItems(database, source).done - done, waiting)
  }, 500)
  try {
    await work(waiting)
  } finally {
    clearInterval(show)
  }
}

/** Works for the scans of an engine, as long as it lives. */
export function workOnEngine(engine: string, context: JobContext): Promise<void> {
  return withEngineWorker(engine, context.warn, (queue) => work(queue, false, context))
}

/** Works for a scan of this machine until nothing is left. */
export function workOnLeases(
  { portfolio, worker, ...place }: Pick<Place, 'db'> & { portfolio: string; worker: string },
  context: JobContext,
): Promise<void> {
  return withRecord(place, 'amend', context, (database) =>
    work(leaseQueue(database, { portfolio, worker, now: context.now }), true, context),
  )
}
