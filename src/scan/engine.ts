/** An engine, BullMQ's, as a scan opens it: on Redis (or Valkey), or on PostgreSQL. */
import { setTimeout } from 'node:timers/promises'
import type { Queue, Worker } from 'bullmq'
import { UsageError, UserError } from '../errors.ts'
import { LEASE } from './work-queue.ts'

/** What both sides open of an engine. */
export interface Engine<Data, Result> {
  queue: () => Queue<Data, Result>
  worker: () => Worker<Data, Result>
}

/** Milliseconds between two looks for items whose worker is gone. */
const STALLED_INTERVAL = LEASE / 4
/** A worker may be killed; an item that kills so many is at fault. */
const MOST_STALLS = 20
/** Events are not read: so many are kept. */
const EVENTS = 100
/** Milliseconds between two questions to an engine that has nothing, or does not answer. */
export const PAUSE = 200
/** Milliseconds that it may not answer when it is opened. */
const OPENING = 10_000

/**
 * A queue of a name. `url`: redis://, rediss://, postgres:// or postgresql://. @throws UsageError on another one.
 */
export async function engineAt<Data, Result>(url: string, name: string): Promise<Engine<Data, Result>> {
  const [, scheme = ''] = /^([a-z]+):\/\//.exec(url) ?? []
  // It is large, and only who uses an engine loads it; it loads its drivers by itself.
  const { default: bullmq } = await import('bullmq')
  // Results are in the events, too.
  const queueOptions = { streams: { events: { maxLen: EVENTS } } }
  const workerOptions = {
    ...{ lockDuration: LEASE, stalledInterval: STALLED_INTERVAL, maxStalledCount: MOST_STALLS },
    autorun: false,
  }
  if (scheme === 'redis' || scheme === 'rediss') {
    const connection = { url, maxRetriesPerRequest: null }
    return {
      queue: () => new bullmq.Queue(name, { ...queueOptions, connection }),
      worker: () => new bullmq.Worker(name, null, { ...workerOptions, connection }),
    }
  }
  if (scheme === 'postgres' || scheme === 'postgresql') {
    const { Queue, Worker } = bullmq.withBackend(bullmq.createPostgresBackend)
    const connection = { connectionString: url, migrate: true }
    return {
      queue: () => new Queue(name, { ...queueOptions, connection }) as unknown as Queue<Data, Result>,
      worker: () => new Worker(name, null, { ...workerOptions, connection }) as unknown as Worker<Data, Result>,
    }
  }
  throw new UsageError('--engine names no engine', 'give redis://HOST:PORT or postgres://USER@HOST:PORT/DATABASE')
}

/** What is opened of it: the events of both are told alike. */
interface Opened {
  on: (event: 'error', listener: (error: Error) => void) => unknown
  waitUntilReady: () => Promise<unknown>
  close: () => Promise<void>
}

/** Opens it as soon as the engine answers. @throws UserError where it does not. */
export async function opened<One extends Opened>(make: () => One): Promise<One> {
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
async function troubleWith(one: Opened, end: AbortSignal) {
  let trouble = 'it says nothing'
  const note = (error: Error) => {
    trouble = error.message || trouble
  }
  // What goes wrong with a connection later is told by the calls that need it.
  one.on('error', note)
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

export function silent(trouble: string): UserError {
  return new UserError(`the engine does not answer: ${trouble}`, 'start it, or mend --engine; scan again to go on')
}
