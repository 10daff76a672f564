/**
 * The work queue of many machines: BullMQ, on Redis (or Valkey) or on PostgreSQL. Leases, retries and
 * their pauses are the engine's.
 */
import { randomUUID } from 'node:crypto'
import { createRequire } from 'node:module'
import { setTimeout } from 'node:timers/promises'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { Job, Queue, Worker } from 'bullmq'
import { UsageError, UserError } from '../errors.ts'
import type { ScanItem } from '../model/scan.ts'
import { documentOf } from '../record/attempt-document.ts'
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

/** What both sides open of an engine. */
interface Engine {
  queue: () => Queue<ScanItem, string>
  worker: () => Worker<ScanItem, string>
}

const NAME = 'rebaseline-scan'
/** Milliseconds between two looks for items whose worker is gone. */
const STALLED_INTERVAL = LEASE / 4
/** A worker may be killed; an item that kills so many is at fault. */
const MOST_STALLS = 20
const BATCH = 100
/** Milliseconds between two questions to an engine that has nothing, or does not answer. */
const PAUSE = 200
/** Milliseconds that an engine may not answer; and when it is opened. */
const PATIENCE = 120_000
const OPENING = 10_000

/** `url`: redis://, rediss://, postgres:// or postgresql://. @throws UsageError on another one. */
function engineAt(url: string): Engine {
  const [, scheme = ''] = /^([a-z]+):\/\//.exec(url) ?? []
  // It is large, and only who uses an engine loads it; it loads its drivers by itself.
  const bullmq = createRequire(import.meta.url)('bullmq') as typeof import('bullmq')
  // Results are in the events, too.
  const queueOptions = { streams: { events: { maxLen: BATCH } } }
  const workerOptions = {
    ...{ lockDuration: LEASE, stalledInterval: STALLED_INTERVAL, maxStalledCount: MOST_STALLS },
    autorun: false,
  }
  if (scheme === 'redis' || scheme === 'rediss') {
    const connection = { url, maxRetriesPerRequest: null }
    return {
      queue: () => new bullmq.Queue(NAME, { ...queueOptions, connection }),
      worker: () => new bullmq.Worker(NAME, null, { ...workerOptions, connection }),
    }
  }
  if (scheme === 'postgres' || scheme === 'postgresql') {
    const { Queue, Worker } = bullmq.withBackend(bullmq.createPostgresBackend)
    const connection = { connectionString: url, migrate: true }
    return {
      queue: () => new Queue(NAME, { ...queueOptions, connection }) as unknown as Queue<ScanItem, string>,
      worker: () => new Worker(NAME, null, { ...workerOptions, connection }) as unknown as Worker<ScanItem, string>,
    }
  }
  throw new UsageError('--engine names no engine', 'give redis://HOST:PORT or postgres://USER@HOST:PORT/DATABASE')
}

type Warn = (message: string) => void

/** Opens the queue for who plans and collects. */
export async function withEngineQueue<Result>(
  url: string,
  warn: Warn,
  use: (queue: EngineQueue) => Promise<Result>,
): Promise<Result> {
  const queue = await opened(engineAt(url).queue)
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
  const worker = await opened(engineAt(url).worker)
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

/** Opens it as soon as the engine answers. @throws UserError where it does not. */
async function opened<One extends Queue<ScanItem, string> | Worker<ScanItem, string>>(make: () => One): Promise<One> {
  const end = AbortSignal.timeout(OPENING)
  for (;;) {
    const one = make()
    const trouble = await troubleWith(one, end)
    if (trouble === null) return one
    await one.close().catch(() => {})
    if (end.aborted) throw silent(trouble)
    await setTimeout(PAUSE)
  }
}

/** Why it cannot be used; null as soon as it can. */
async function troubleWith(one: Queue<ScanItem, string> | Worker<ScanItem, string>, end: AbortSignal) {
  let trouble = 'it says nothing'
  const note = (error: Error) => {
    trouble = error.message || trouble
  }
  // What goes wrong with a connection later is told by the calls that need it.
  if ('addBulk' in one) one.on('error', note)
  else one.on('error', note)
  const isReady = one.waitUntilReady().then(() => true)
  const isOver = new Promise<false>((resolve) => end.addEventListener('abort', () => resolve(false)))
  try {
    return (await Promise.race([isReady, isOver])) ? null : trouble
  } catch (error) {
    note(error as Error)
    return trouble
  } finally {
    isReady.catch(() => {})
  }
}

function silent(trouble: string): UserError {
  return new UserError(`the engine does not answer: ${trouble}`, 'start it, or mend --engine; scan again to go on')
}

/** bullmq, ErrorCode: the job is gone, or another has it by now. */
const REFUSALS: readonly unknown[] = [-1, -2, -3, -6]

function isRefusal(error: unknown): boolean {
  return REFUSALS.includes((error as { code?: unknown }).code)
}

/** What was refused is another's: nothing is to be done. */
async function ifMine(call: Promise<unknown>): Promise<void> {
  try {
    await call
  } catch (error) {
    if (!isRefusal(error)) throw error
  }
}

/** Calls again and again while the engine is away. @throws UserError where it stays away. */
async function insist<Result>(warn: Warn, call: () => Promise<Result>): Promise<Result> {
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
