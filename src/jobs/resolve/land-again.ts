/** Lands the queue of an attempt again, with what was mended and dropped since. */
import { landQueue } from '../../attempt/land.ts'
import { mendedAs } from '../../attempt/mended.ts'
import { rebuildQueue } from '../../attempt/rebuild.ts'
import { settleNames } from '../../attempt/settle-names.ts'
import { UserError } from '../../errors.ts'
import { readTargetTree } from '../../evidence/read-upstream.ts'
import { type CarriedPatch, type SuggestedPatch, suggestionsFor } from '../../evidence/suggestions.ts'
import { ObjectReader } from '../../git/object-reader.ts'
import type { Scratch } from '../../git/scratch.ts'
import { listTree } from '../../git/tree.ts'
import type { PreparedQueues, RebuiltPatch, RecordedAttempt } from '../../model/attempt.ts'
import type { CommitCache } from '../../model/commit-history.ts'
import { elementAt } from '../../model/elements.ts'
import type { Progress } from '../../model/progress.ts'
import type { PatchQueue } from '../../model/queue.ts'
import type { KnownResolution } from '../../model/resolution.ts'
import { type Outcome, type PatchStep, standingSteps } from '../../model/resolve.ts'
import type { TargetTree } from '../../model/tree.ts'

/** What landing works with; whoever calls opens and closes them. */
export interface LandingTools {
  scratch: Scratch
  cache: CommitCache
  prepared: PreparedQueues
  /** What is remembered of conflicts, the user's own first. */
  resolutions: readonly KnownResolution[]
  progress: Progress
}

/** What is known of an attempt's queue on its base, and of its target. */
export interface MendingPlace {
  attempt: RecordedAttempt
  queue: PatchQueue
  rebuilt: readonly RebuiltPatch[]
  tree: TargetTree
}

/** A patch as it landed again. */
export interface LandedAgain extends CarriedPatch {
  rebuilt: RebuiltPatch
  suggested: SuggestedPatch | null
}

/** @throws UserError where the upstream has lost the commits of the attempt. */
export async function settlePlace(
  attempt: RecordedAttempt,
  listed: PatchQueue,
  { scratch, cache, prepared }: LandingTools,
): Promise<MendingPlace> {
  await checkCommits(attempt, scratch)
  const { base, target } = attempt
  const entries = await listTree(scratch, base.commit)
  const queue = { ...listed, patches: settleNames(listed.patches, (path) => entries.has(path)) }
  const known = prepared.load(queue.revision, base.commit)
  const rebuilt = known?.rebuilt ?? (await rebuildQueue(scratch, entries, queue))
  const from = { commit: base.commit, entries }
  return { attempt, queue, rebuilt, tree: await readTargetTree({ scratch, cache }, queue.patches, from, target.commit) }
}

async function checkCommits({ base, target, upstream }: RecordedAttempt, scratch: Scratch): Promise<void> {
  const reader = new ObjectReader(scratch)
  try {
    for (const { ref, commit } of [base, target])
      if ((await reader.look(commit)) === null)
        throw new UserError(
          `${upstream} has lost ${commit.slice(0, 12)}, which was ${ref} at the attempt`,
          'try the queue on it again; what was resolved stays in the record',
        )
  } finally {
    reader.close()
  }
}

/** In the order of the queue. */
export async function landAgain(
  { attempt, queue, rebuilt, tree }: MendingPlace,
  steps: readonly PatchStep[],
  { scratch, progress, resolutions }: LandingTools,
): Promise<LandedAgain[]> {
  const standing = standingSteps(steps)
  const queued = queue.patches.map((patch, at) => {
    const step = standing.get(patch.position)
    const isLeftOut = elementAt(attempt.results, at).landing.kind === 'withheld' || step?.kind === 'dropped'
    const own = elementAt(rebuilt, at)
    if (step?.kind !== 'resolved') return { patch, rebuilt: own, isLeftOut }
    return { patch, rebuilt: mendedAs(scratch, own, step.files), isLeftOut, isMended: true }
  })
  const landed = await landQueue(scratch, tree, queued, (done) => progress('landing', done, queued.length))
  const carried = queued.map((one, at) => ({ ...one, landed: elementAt(landed, at) }))
  const suggestions = await suggestionsFor(scratch, attempt.target.commit, carried, resolutions)
  return carried.map((one) => ({ ...one, suggested: suggestions.get(one) ?? null }))
}

/** How patches land now: those that do otherwise than in the attempt, or in other lines. */
export function outcomesOf(landed: readonly LandedAgain[], { results }: RecordedAttempt): Map<number, Outcome> {
  const all = landed.map(({ patch: { position }, landed: { landing }, suggested }): Outcome => {
    const kind = landing.kind === 'offset' || landing.kind === 'fuzz' ? 'merged' : landing.kind
    return {
      position,
      landing: kind,
      waitsFor: landing.kind === 'blocked' ? landing.by : [],
      patch: suggested?.patch ?? null,
    }
  })
  const changed = all.filter((one, at) => {
    const { landing, suggested } = elementAt(results, at)
    return one.landing !== landing.kind || one.patch !== suggested || one.landing === 'blocked'
  })
  return new Map(changed.map((one) => [one.position, one]))
}
