/** The work queue of one machine: a table in the record itself. */
import { setTimeout } from 'node:timers/promises'
import { type AttemptDocument, hashOf } from '../record/attempt-document.ts'
import type { Connection } from '../record/database.ts'
import { failItem, finishItem, nextDue, renewItem, type TakenItem, takeItem } from '../record/scan-items.ts'
import { BACKOFF, LEASE, TRIES, type WorkQueue } from './work-queue.ts'

/** Milliseconds after which one looks again whether something can be taken. */
const PAUSE = 100

/** The queue as one worker sees it. */
export function leaseQueue(
  database: Connection,
  { portfolio, worker, now }: { portfolio: string; worker: string; now: () => number },
): WorkQueue<TakenItem> {
  return {
    take: async (upstream) => {
      for (;;) {
        const taken = await takeItem(database, { portfolio, worker, lease: LEASE }, { upstream, now: now() })
        if (taken || nextDue(database, portfolio) === null) return taken
        await setTimeout(PAUSE)
      }
    },
    renew: (taken) => renewItem(database, taken, now() + LEASE),
    done: async (taken, document: AttemptDocument) => {
      await finishItem(database, taken, { ...document, document: hashOf(document.attempt) })
    },
    fail: (taken, failure) => {
      const isLast = taken.failures + 1 >= TRIES
      return failItem(database, taken, { ...failure, due: isLast ? null : now() + BACKOFF * 4 ** taken.failures })
    },
  }
}
