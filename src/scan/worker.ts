/** A worker: takes item after item, tries it, and hands over what came of it. */
import { UserError } from '../errors.ts'
import { withBench } from '../jobs/try/try-items.ts'
import type { JobContext } from '../model/job.ts'
import { upstreamKey } from '../model/scan.ts'
import { type Failure, LEASE, type Taken, type WorkQueue } from './work-queue.ts'

/** A scratch repository holds what is left of so many items; then another one is made. */
const ITEMS_ON_A_BENCH = 200

/** Works until nothing is left. `isFetched`: see `withBench`. */
export async function work<One extends Taken>(queue: WorkQueue<One>, isFetched: boolean, context: JobContext) {
  let taken = await queue.take(null)
  while (taken) taken = await workOnUpstream(taken, queue, isFetched, context)
}

/** Works on items of one upstream; returns the next one, of another. */
async function workOnUpstream<One extends Taken>(
  first: One,
  queue: WorkQueue<One>,
  isFetched: boolean,
  context: JobContext,
): Promise<One | null> {
  const { upstream } = first.item
  const key = upstreamKey(first.item)
  let taken: One | null = first
  // To open an upstream may take longer than to try an item.
  const beat = setInterval(() => taken && queue.renew(taken).catch(() => {}), LEASE / 4)
  try {
    await withBench({ upstream, isFetched }, context, async (bench) => {
      for (let count = 0; taken && upstreamKey(taken.item) === key && count < ITEMS_ON_A_BENCH; count++) {
        await queue.done(taken, await bench.tryItem(taken.item))
        taken = null
        taken = await queue.take(key)
      }
    })
    return taken
  } catch (error) {
    // What git began with a failed item has ended: the next one gets a bench of its own.
    if (!taken) throw error
    await queue.fail(taken, failureOf(error))
    return await queue.take(null)
  } finally {
    clearInterval(beat)
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof UserError) return { message: error.message, hint: error.hint }
  const message = error instanceof Error ? error.message : String(error)
  return { message, hint: 'a bug in rebaseline: try this queue by itself, and report what it says' }
}
