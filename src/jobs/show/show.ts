/** Reads attempts and patches back, and asks the upstream for what the record does not hold. */
import { UserError } from '../../errors.ts'
import { explainConflicts } from '../../evidence/explain-conflicts.ts'
import { protocolOf, withoutPassword } from '../../git/mirror.ts'
import { remoteOf } from '../../git/remote.ts'
import type { Scratch } from '../../git/scratch.ts'
import type { AttemptFacts, AttemptSummary, PatchResult, RecordedAttempt, RecordedPatch } from '../../model/attempt.ts'
import { type ByteString, fromBytes } from '../../model/bytes.ts'
import { commitAddress } from '../../model/commit-address.ts'
import type { Comparison } from '../../model/comparison.ts'
import type { JobContext } from '../../model/job.ts'
import type { Overrule } from '../../model/overrule.ts'
import { changesOf, type Patch } from '../../model/patch.ts'
import { keyOfRegion, type RegionLines } from '../../model/region.ts'
import { madeOfLines } from '../../patch/made-of-lines.ts'
import { bareListing, readPatch } from '../../patch/read/read-patch.ts'
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
export interface ShownPatch extends RecordedPatch, AskedOfUpstream {
  content: ByteString
  /** What other attempts of the queue said of it. */
  others: OtherResult[]
  /** The lines of each region as is suggested, where they can be told. */
  suggestedLines: RegionLines
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
    const content = loadPatch(database, result.patch.digest)
    return {
      ...recorded,
      ...(await askUpstream(attempt, result, content, context)),
      content: fromBytes(content),
      others: resultsElsewhere(database, result.patch, others),
      suggestedLines: suggestedLinesOf(result),
      since: answer?.id === result.overrule?.id ? null : answer,
    }
  })
}

/** What the record does not hold; empty where the upstream is not at hand: the record alone says the rest. */
interface AskedOfUpstream {
  /** What upstream did to what the patch conflicts over. */
  diffs: RegionLines
  /** The patch beside the commits that it leaves for. */
  comparisons: Comparison[]
}

async function askUpstream(
  { upstream }: AttemptFacts,
  result: PatchResult,
  content: Uint8Array,
  context: JobContext,
): Promise<AskedOfUpstream> {
  const { landing, verdict, patch } = result
  const hasCulprits = 'conflicts' in landing && landing.conflicts.some(({ culprits }) => culprits.length > 0)
  // What only the merge shows to be there is not the commit that it names.
  const isItsCommit = verdict.action === 'drop' && result.upstream.status === 'present' && landing.kind !== 'noop'
  const commits = isItsCommit ? commitsOf(result) : []
  if ((!hasCulprits && commits.length === 0) || !isAtHand(upstream)) return { diffs: new Map(), comparisons: [] }
  return await withScratch({ upstream }, context, async (scratch) => ({
    diffs: await explainConflicts(scratch, landing),
    comparisons: await compareAll(scratch, readPatch(patch, patch.position, content), commits),
  }))
}

/** The commits that make the finding's answer together. */
function commitsOf({ upstream: { commits, parts } }: PatchResult): string[] {
  return commits.slice(0, Math.max(1, parts)).map(({ sha }) => sha)
}

async function compareAll(scratch: Scratch, patch: Patch, commits: readonly string[]): Promise<Comparison[]> {
  const comparisons: Comparison[] = []
  for (const commit of commits) comparisons.push(await comparePatch(scratch, patch, commit))
  return comparisons
}

function suggestedLinesOf({ landing, suggested }: PatchResult): RegionLines {
  const lines = new Map<string, ByteString[]>()
  if (suggested === null || !('conflicts' in landing)) return lines
  const files = changesOf(readPatch(bareListing('suggested'), 1, Buffer.from(suggested, 'latin1')))
  for (const { path, regions, suggestion } of landing.conflicts) {
    const file = files.find(({ oldPath, newPath }) => oldPath === path || newPath === path)
    if (suggestion === null || file?.body.kind !== 'text') continue
    for (const [rank, { line, ours }] of regions.entries()) {
      const made = madeOfLines(file.body.hunks, line, ours)
      if (made) lines.set(keyOfRegion(path, rank), made)
    }
  }
  return lines
}

/** A commit that is named for a patch, and where it can be read. */
export interface NamedCommit {
  subject: string
  address: string
}

/** The pages of the commits that a patch is, or conflicts with. @throws UserError where none is known. */
export function showAddresses(request: PatchRequest, context: JobContext): Promise<NamedCommit[]> {
  return withRecord(request, 'read', context, async (database) => {
    const { attempt, result } = await loadPatchOf(database, request, context)
    const { upstream, landing, patch } = result
    const culprits = 'conflicts' in landing ? landing.conflicts.flatMap((conflict) => conflict.culprits) : []
    const commits = new Map([...upstream.commits, ...culprits].map(({ sha, subject }) => [sha, subject]))
    if (commits.size === 0)
      throw new UserError(`no upstream commit is named for ${patch.name}`, 'it has no page to show')
    const remote = await remoteOfUpstream(attempt.upstream, context)
    const address = remote === null ? null : commitAddress(remote)
    if (address !== null) return [...commits].map(([sha, subject]) => ({ subject, address: `${address}${sha}` }))
    throw new UserError(
      remote === null
        ? `${attempt.upstream} does not say where it was cloned from`
        : `how ${withoutPassword(remote)} shows commits is not known`,
      `git -C ${attempt.upstream} show ${[...commits.keys()][0]} prints it`,
    )
  })
}

async function remoteOfUpstream(upstream: string, context: JobContext): Promise<string | null> {
  if (protocolOf(upstream)) return upstream
  return await withScratch({ upstream: recordedUpstream(upstream, context) }, context, remoteOf)
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
    const { patch } = result
    const commits = commit === null ? commitsOf(result) : [commit]
    if (commits.length === 0)
      throw new UserError(`no upstream commit is like ${patch.name}`, 'name one to compare it with: --compare <commit>')
    const content = readPatch(patch, patch.position, loadPatch(database, patch.digest))
    return await withScratch({ upstream: recordedUpstream(attempt.upstream, context) }, context, async (scratch) => {
      return { ...recorded, comparisons: await compareAll(scratch, content, commits) }
    })
  })
}
