/**
 * The work queue of many machines: BullMQ, on Redis (or Valkey) or on PostgreSQL. Leases, retries and
 * their pauses are the engine's.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { Job, Queue } from 'bullmq'
import type { ScanItem } from '../model/scan.ts'
import { documentOf } from '../record/attempt-document.ts'
import { engineAt, opened, PAUSE, silent } from './engine.ts'
import { BACKOFF, type Failure, LEASE, type Taken, TRIES, type WorkQueue } from './work-queue.ts'

/** An item that one worker has. */
export interface TakenJob extends Taken {
  job: ScanJob
}

/** The data are the item; the result is its document, packed. */
type ScanJob = Job<ScanItem, string>

/** What came back of an item. */
export interface Returned {
  item: ScanItem
  /** The document as text; or why there is none. */
  result: { document: string } | Failure
  /** Has the engine forget it. */
  forget: () => Promise<void>
}

/** The queue as whoever plans and collects sees it. */
export interface EngineQueue {
  /** What it has already, by its key, is not there twice. */
  add: (items: readonly ScanItem[]) => Promise<void>
  /** Some of what came back. */
  returned: () => Promise<Returned[]>
}

const NAME = 'rebaseline-scan'
const BATCH = 100
/** Milliseconds that an engine may not answer. */
const PATIENCE = 120_000

export type Warn = (message: string) => void

/** Opens the queue for who plans and collects. */
export async function withEngineQueue<Result>(
  url: string,
  warn: Warn,
  use: (queue: EngineQueue) => Promise<Result>,
): Promise<Result> {
  const queue = await opened((await engineAt<ScanItem, string>(url, NAME)).queue)
  try {
    return await use({
      add: async (items) => {
        for (let at = 0; at < items.length; at += BATCH) {
          const jobs = items
            .slice(at, at + BATCH)
            .map((item) => ({ name: item.name, data: item, opts: optionsOf(item) }))
          await insist(warn, () => queue.addBulk(jobs))
        }
      },
      returned: () => insist(warn, () => returnedBy(queue, warn)),
    })
  } finally {
    await queue.close().catch(() => {})
  }
}

/** The same item is the same job. */
function optionsOf({ key }: ScanItem) {
  return { jobId: key, attempts: TRIES, backoff: { type: 'exponential', delay: BACKOFF } }
}

async function returnedBy(queue: Queue<ScanItem, string>, warn: Warn): Promise<Returned[]> {
  const done = await queue.getCompleted(0, BATCH - 1)
  const failed = await queue.getFailed(0, BATCH - 1)
  const toReturned = (job: ScanJob, result: Returned['result']): Returned => {
    return { item: job.data, result, forget: () => insist(warn, () => job.remove()) }
  }
  return [
    ...done.map((job) => toReturned(job, { document: unpack(job.returnvalue) })),
    ...failed.map((job) => {
      const [message = '', hint = 'scan with --retry to try it again'] = job.failedReason.split('\n')
      return toReturned(job, { message, hint })
    }),
  ]
}

/** Opens the queue for a worker: it has items as long as the engine lives. */
export async function withEngineWorker<Result>(
  url: string,
  warn: Warn,
  use: (queue: WorkQueue<TakenJob>) => Promise<Result>,
): Promise<Result> {
  const worker = await opened((await engineAt<ScanItem, string>(url, NAME)).worker)
  const token = randomUUID()
  try {
    await insist(warn, () => worker.startStalledCheckTimer())
    return await use({
      take: async () => {
        for (;;) {
          const job = await insist(warn, () => worker.getNextJob(token))
          if (job) return { item: job.data, job }
          await setTimeout(PAUSE)
        }
      },
      renew: async ({ job }) => {
        await job.extendLock(token, LEASE)
      },
      done: async ({ job }, document) => {
        await ifMine(insist(warn, () => job.moveToCompleted(pack(documentOf(document).text), token, false)))
      },
      fail: async ({ job }, { message, hint }) => {
        const error = new Error(`${message.replaceAll('\n', ' ')}\n${hint}`)
        await ifMine(insist(warn, () => job.moveToFailed(error, token, false)))
      },
    })
  } finally {
    await worker.close().catch(() => {})
  }
}

/** PostgreSQL takes no NUL in JSON, and a document is mostly repetition. */
function pack(document: string): string {
  return gzipSync(document).toString('base64')
}

/** No document has more bytes. */
const MAX_DOCUMENT = 1 << 28

function unpack(packed: string): string {
  try {
    return gunzipSync(Buffer.from(packed, 'base64'), { maxOutputLength: MAX_DOCUMENT }).toString()
  } catch {
    return ''
  }
}

/** bullmq, ErrorCode: the job is gone, or another has it by now. */
const REFUSALS: readonly unknown[] = [-1, -2, -3, -6]

function isRefusal(error: unknown): boolean {
  return REFUSALS.includes((error as { code?: unknown }).code)
}

/** What was refused is another's: nothing is to be done. */
export async function ifMine(call: Promise<unknown>): Promise<void> {
  try {
    await call
  } catch (error) {
    if (!isRefusal(error)) throw error
  }
}

/** Calls again and again while the engine is away. @throws UserError where it stays away. */
export async function insist<Result>(warn: Warn, call: () => Promise<Result>): Promise<Result> {
  for (let waited = 0; ; waited += PAUSE) {
    try {
      return await call()
    } catch (error) {
      if (isRefusal(error)) throw error
      const { message } = error as Error
      if (waited >= PATIENCE) throw silent(message)
      if (waited === 0) warn(`the engine does not answer, it is waited for: ${message}`)
      await setTimeout(PAUSE)
    }
  }
}
