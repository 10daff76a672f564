/** Reads attempts and patches back, and asks the upstream for what the record does not hold. */
import { UserError } from '../../errors.ts'
import { explainConflicts } from '../../evidence/explain-conflicts.ts'
import type { AttemptFacts, AttemptSummary, PatchResult, RecordedAttempt, RecordedPatch } from '../../model/attempt.ts'
import { type ByteString, fromBytes } from '../../model/bytes.ts'
import type { Comparison } from '../../model/comparison.ts'
import type { JobContext } from '../../model/job.ts'
import type { Overrule } from '../../model/overrule.ts'
import type { CulpritDiffs } from '../../model/region.ts'
import { readPatch } from '../../patch/read/read-patch.ts'
import { listSummaries, loadPatch, type OtherResult, resultsElsewhere } from '../../record/attempts.ts'
import { loadAttempt } from '../../record/load-attempt.ts'
import { loadOverrules } from '../../record/overrules.ts'
import { type AttemptPlace, attemptsOf, chooseAttempt, noAttempt } from '../../workspace/queue-place.ts'
import { type Place, withRecord } from '../../workspace/record.ts'
import { loadPatchOf, type PatchRequest } from '../../workspace/recorded-patch.ts'
import { isAtHand, recordedUpstream, withScratch } from '../../workspace/scratch.ts'
import { comparePatch } from './compare-patch.ts'

/** All attempts of the queue that is meant, oldest first. */
export function showAttempts(place: Place, context: JobContext): Promise<AttemptSummary[]> {
  return withRecord(place, 'read', context, async (database) => {
    const { queue, attempts } = await attemptsOf(database, place, context)
    if (attempts.length === 0) {
      const { message, hint } = noAttempt(database, queue)
      context.warn(`${message}; ${hint}`)
    }
    return listSummaries(
      database,
      attempts.map(({ id }) => id),
    )
  })
}

export function showAttempt(place: AttemptPlace, context: JobContext): Promise<RecordedAttempt> {
  return withRecord(place, 'read', context, async (database) => {
    const attempt = loadAttempt(database, await chooseAttempt(database, place, context))
    if (!attempt) throw new Error('an attempt that is listed is not there')
    return attempt
  })
}

/** A patch, and all that is known of it. */
export interface ShownPatch extends RecordedPatch {
  content: ByteString
  /** What other attempts of the queue said of it. */
  others: OtherResult[]
  /** What upstream did to what it conflicts over; empty where the upstream is not at hand. */
  diffs: CulpritDiffs
  /** A person's answer that was given after the attempt; null where there is none. */
  since: Overrule | null
}

export function showPatch(request: PatchRequest, context: JobContext): Promise<ShownPatch> {
  return withRecord(request, 'read', context, async (database) => {
    const recorded = await loadPatchOf(database, request, context)
    const { attempt, result } = recorded
    const { attempts } = await attemptsOf(database, { ...request, queue: attempt.queue.source }, context)
    const others = attempts.map(({ id }) => id).filter((id) => id !== attempt.id)
    const answer = loadOverrules(database).get(result.patch.digest) ?? null
    return {
      ...recorded,
      content: fromBytes(loadPatch(database, result.patch.digest)),
      others: resultsElsewhere(database, result.patch, others),
      diffs: await culpritDiffs(attempt, result, context),
      since: answer?.id === result.overrule?.id ? null : answer,
    }
  })
}

/** None where the upstream is not at hand: the record alone says the rest. */
async function culpritDiffs(
  { upstream }: AttemptFacts,
  { landing }: PatchResult,
  context: JobContext,
): Promise<CulpritDiffs> {
  const hasCulprits = 'conflicts' in landing && landing.conflicts.some(({ culprits }) => culprits.length > 0)
  if (!hasCulprits || !isAtHand(upstream)) return new Map()
  return await withScratch({ upstream }, context, (scratch) => explainConflicts(scratch, landing))
}

/** The patch that remains of one that the target holds in part. @throws UserError where none does. */
export function showResidual(request: PatchRequest, context: JobContext): Promise<ByteString> {
  return withRecord(request, 'read', context, async (database) => {
    const { attempt, result } = await loadPatchOf(database, request, context)
    const { patch, residual, upstream } = result
    if (residual !== null) return residual
    const name = `${patch.name} in attempt @${attempt.id}`
    if (upstream.status === 'partial' || upstream.status === 'present')
      throw new UserError(`nothing remains of ${name}`, `it is ${upstream.status} in ${attempt.target.ref}`)
    throw new UserError(`${name} is not upstream in part: all of it remains`, 'carry the patch itself')
  })
}

/**
 * The patch as it lands, with all suggestions for its conflicts in place. @throws UserError where
 * nothing is suggested, or where it does not land.
 */
export function showSuggested(request: PatchRequest, context: JobContext): Promise<ByteString> {
  return withRecord(request, 'read', context, async (database) => {
    const { attempt, result } = await loadPatchOf(database, request, context)
    const { patch, suggested, landing } = result
    if (suggested !== null) return suggested
    if (landing.kind === 'clean' || landing.kind === 'offset') return fromBytes(loadPatch(database, patch.digest))
    const name = `${patch.name} in attempt @${attempt.id}`
    if (landing.kind === 'conflict')
      throw new UserError(
        `nothing is suggested for ${name}`,
        `"rebaseline show @${attempt.id} ${patch.position}" shows its conflicts`,
      )
    throw new UserError(
      `${name} does not land: it is ${landing.kind}`,
      `"rebaseline show @${attempt.id} ${patch.position}" says why`,
    )
  })
}

/** A patch beside upstream commits, and what is known of it. */
export interface ComparedPatch extends RecordedPatch {
  comparisons: Comparison[]
}

/** `commit`: null for those that the finding names first. */
export function compareWith(
  { commit, ...request }: PatchRequest & { commit: string | null },
  context: JobContext,
): Promise<ComparedPatch> {
  return withRecord(request, 'read', context, async (database) => {
    const recorded = await loadPatchOf(database, request, context)
    const { attempt, result } = recorded
    const { patch, upstream } = result
    const found = upstream.commits.slice(0, Math.max(1, upstream.parts)).map(({ sha }) => sha)
    const commits = commit === null ? found : [commit]
    if (commits.length === 0)
      throw new UserError(`no upstream commit is like ${patch.name}`, 'name one to compare it with: --compare <commit>')
    const content = readPatch(patch, patch.position, loadPatch(database, patch.digest))
    return await withScratch({ upstream: recordedUpstream(attempt.upstream, context) }, context, async (scratch) => {
      const comparisons: Comparison[] = []
      for (const one of commits) comparisons.push(await comparePatch(scratch, content, one))
      return { ...recorded, comparisons }
    })
  })
}
