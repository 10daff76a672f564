/** Another queue of the same upstream, held against this one. */
import { compareQueues } from '../../audit/compare-queues.ts'
import { commitsToCompare, identifyPatches } from '../../audit/identify.ts'
import type { SecurityPlace } from '../../audit/place.ts'
import type { JobContext } from '../../model/job.ts'
import type { QueueComparison } from '../../model/queue-comparison.ts'
import { readQueue } from '../../queue/read-queue.ts'
import { listTags } from '../../upstream/releases.ts'
import { resolveRelease } from '../../upstream/resolve.ts'
import { repositoriesBeside } from '../../workspace/scratch.ts'
import { changedLinesIn, type ExaminedAttempt, factsOf } from './patch-facts.ts'

/** The queue to compare with, and what it sits on. */
export interface OtherQueue {
  /** A path. */
  queue: string
  base: string
}

export async function compareWith(
  { queue: named, base }: OtherQueue,
  { lineage, base: ownBase, patches }: SecurityPlace,
  { scratch }: ExaminedAttempt,
  context: JobContext,
): Promise<QueueComparison> {
  const { commit } = await resolveRelease(scratch, base, await listTags(scratch))
  const inRepository = repositoriesBeside(scratch, context)
  const queue = await readQueue(named, { guards: new Set(), format: null, inRepository })
  const facts = queue.patches.map((patch) => factsOf(patch, null))
  const linesOf = await changedLinesIn(scratch, commitsToCompare(facts, lineage))
  const others = identifyPatches(facts, lineage, linesOf)
  return compareQueues({ patches, base: ownBase }, { patches: others, base: lineage.holding([commit]) })
}
