/** Tries what a queue was at past revisions, to say how hard its rebases were. */
import { isAbsolute, relative } from 'node:path'
import { ObjectReader } from '../../git/object-reader.ts'
import { fromText } from '../../model/bytes.ts'
import type { JobContext } from '../../model/job.ts'
import type { PastStep, PastTrial } from '../../model/past-trial.ts'
import { PastQueues } from '../../queue/past-queues.ts'
import { readLocated } from '../../queue/read-queue.ts'
import { seekQueue } from '../../queue/seek-queue.ts'
import { TreeCache } from '../../queue/tree-files.ts'
import { savePastTrial } from '../../record/past-trials.ts'
import { withCache } from '../../workspace/cache.ts'
import { withCommitCache } from '../../workspace/commit-cache.ts'
import { preparedQueues } from '../../workspace/prepared-queues.ts'
import { type Place, withRecord } from '../../workspace/record.ts'
import { recordedUpstream, withScratch } from '../../workspace/scratch.ts'
import { tryQueue } from './try-queue.ts'

export interface PastRequest extends Place {
  /** The queue's repository, and the queue in it. */
  repository: string
  queue: string
  /** As an attempt names it. */
  upstream: string
  steps: readonly PastStep[]
}

/** Records how each went. */
export function tryPast(request: PastRequest, context: JobContext): Promise<PastTrial[]> {
  const { repository, queue, steps } = request
  const upstream = recordedUpstream(request.upstream, context)
  return withCache(context, (cached) =>
    withScratch({ upstream: repository }, cached, (own) =>
      withScratch({ upstream }, cached, (scratch) =>
        withCommitCache(scratch, cached, (cache) =>
          withRecord(request, 'amend', context, async (database) => {
            const reader = new ObjectReader(own)
            try {
              const trees = new TreeCache(reader)
              const place = relative(repository, queue)
              const path = place.startsWith('..') || isAbsolute(place) ? null : fromText(place)
              const sought = await seekQueue({ path, series: undefined }, trees.filesOf(own.head ?? 'HEAD'), repository)
              const queues = new PastQueues(trees, sought)
              const tried: PastTrial[] = []
              for (const { sha, base, target } of steps) {
                context.progress(`trying ${base} to ${target}`)
                const located = await queues.locate(sha)
                if (!located) continue
                const past = await readLocated(located, { guards: new Set() })
                const tools = { scratch, cache, prepared: preparedQueues(scratch, cached, false) }
                const quiet = { overrules: new Map(), resolutions: [], progress: context.progress, warn: () => {} }
                const { attempt } = await tryQueue(past, { upstream, base, onto: target }, { ...tools, ...quiet })
                const mend = attempt.results.filter(
                  ({ verdict: { kind } }) => kind === 'conflicting' || kind === 'invalid',
                )
                const names = mend.map(({ patch }) => patch.name)
                const trial = { sha, base, target, patches: attempt.results.length, names }
                const at = new Date(context.now()).toISOString()
                await savePastTrial(database, queue, trial, { at, toolVersion: context.version })
                tried.push(trial)
              }
              return tried
            } finally {
              reader.close()
            }
          }),
        ),
      ),
    ),
  )
}
