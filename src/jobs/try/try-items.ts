/** Tries items of a scan, one after the other: what those of one upstream share is opened once. */
import { configIn } from '../../config/find-config.ts'
import { UserError } from '../../errors.ts'
import type { Scratch } from '../../git/scratch.ts'
import type { PreparedQueue, PreparedQueues } from '../../model/attempt.ts'
import type { CommitCache } from '../../model/commit-history.ts'
import type { JobContext } from '../../model/job.ts'
import type { ScanItem } from '../../model/scan.ts'
import { locateQueue } from '../../queue/locate.ts'
import { readLocated } from '../../queue/read-queue.ts'
import { type AttemptDocument, numberless } from '../../record/attempt-document.ts'
import { withCache } from '../../workspace/cache.ts'
import { withCommitCache } from '../../workspace/commit-cache.ts'
import { directoryOfQueue } from '../../workspace/config.ts'
import { knownResolutions } from '../../workspace/resolutions.ts'
import { recordedUpstream, repositoriesBeside, upstreamName, withScratch } from '../../workspace/scratch.ts'
import { makeAttempt } from './make-attempt.ts'

/** An upstream that is open. */
export interface Bench {
  /** @throws UserError where the item cannot be tried, or is not what it was when it was planned. */
  tryItem: (item: ScanItem) => Promise<AttemptDocument>
}

/** `isFetched`: whether an upstream that is a URL was fetched by whoever planned the items. */
export function withBench<Result>(
  { upstream, isFetched }: { upstream: ScanItem['upstream']; isFetched: boolean },
  context: JobContext,
  use: (bench: Bench) => Promise<Result>,
): Promise<Result> {
  return withCache(context, (cached) => {
    const copy = isFetched && typeof upstream === 'string' ? recordedUpstream(upstream, cached) : upstream
    return withScratch({ upstream: copy }, cached, (scratch) =>
      withCommitCache(scratch, cached, (cache) => {
        const prepared = lastPrepared()
        return use({ tryItem: (item) => tryItem(item, { scratch, cache, prepared }, cached) })
      }),
    )
  })
}

/** A queue is tried on several releases in a row: only the last one is kept. */
function lastPrepared(): PreparedQueues {
  let last: { queue: string; base: string; prepared: PreparedQueue } | null = null
  return {
    load: (queue, base) => (last?.queue === queue && last.base === base ? last.prepared : null),
    save: async (queue, base, prepared) => {
      last = { queue, base, prepared }
    },
  }
}

async function tryItem(
  item: ScanItem,
  tools: { scratch: Scratch; cache: CommitCache; prepared: PreparedQueues },
  context: JobContext,
): Promise<AttemptDocument> {
  const { upstream, base, onto } = item
  const located = await locateQueue(item.queue, item.format)
  const inRepository = repositoriesBeside(tools.scratch, context)
  const queue = await readLocated(located, { guards: new Set(item.guards), inRepository })
  if (queue.revision !== item.revision) throw changed(located.source)
  const overrules = new Map(item.answers.map((answer) => [answer.digest, { ...answer, id: 0 }]))
  const resolutions = await knownResolutions(null, located, context)
  const given = { ...tools, overrules, resolutions, progress: () => {}, warn: context.warn }
  const name = upstreamName(upstream, tools.scratch, context)
  const options = { upstream: name, base, onto, config: configIn(directoryOfQueue(located.source)) }
  const { attempt, timing, contents } = await makeAttempt(queue, options, given, context)
  if (item.target !== null && attempt.target.commit !== item.target) throw changed(`${onto} of ${name}`)
  return { attempt: numberless(attempt), timing, contents }
}

function changed(what: string): UserError {
  return new UserError(`${what} changed while the scan ran`, 'scan again: it is then tried as it is now')
}
