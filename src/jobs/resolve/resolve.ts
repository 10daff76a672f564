/**
 * Mends the conflicts of an attempt, one patch after the other, for days if need be. Every step is
 * in the record before anything follows from it: whatever is killed, the next call goes on from there.
 */
import { existsSync } from 'node:fs'
import { UserError } from '../../errors.ts'
import type { RecordedAttempt } from '../../model/attempt.ts'
import { elementAt } from '../../model/elements.ts'
import type { JobContext } from '../../model/job.ts'
import { type Mending, type OpenPatch, type ResolveStatus, standingSteps } from '../../model/resolve.ts'
import { lineageText } from '../../patch/resolution/write.ts'
import { loadMending, saveSteps } from '../../record/resolve.ts'
import { attemptedQueue, placeOfAttempt } from '../../workspace/attempted-queue.ts'
import { withCache } from '../../workspace/cache.ts'
import { withCommitCache } from '../../workspace/commit-cache.ts'
import { atDesk, attemptAtHand, clearDesk, deskOf } from '../../workspace/desk.ts'
import { preparedQueues } from '../../workspace/prepared-queues.ts'
import { recordToName, withRecord } from '../../workspace/record.ts'
import { positionOf } from '../../workspace/recorded-patch.ts'
import { knownResolutions, rememberResolved } from '../../workspace/resolutions.ts'
import { recordedUpstream, repositoriesBeside, withScratch } from '../../workspace/scratch.ts'
import { acceptSure, type MendingJob, openNext, type ResolveRequest, type Task } from './go-on.ts'
import { landAgain, settlePlace } from './land-again.ts'
import { statusOf } from './status.ts'
import { isEdited, type Taken, takeMended } from './take.ts'

/** Does one thing, lands what it frees, and opens the next patch. */
export function resolve(request: ResolveRequest, context: JobContext): Promise<ResolveStatus> {
  const { verb } = request
  return withRecord(request, verb.kind === 'status' ? 'read' : 'amend', context, async (database) => {
    const attempt = await attemptAtHand(database, request, context)
    const record = await recordToName(request, context)
    const directory = await deskOf(attempt, request, context)
    if (verb.kind !== 'status')
      await atDesk(directory, context, () => act({ database, attempt, directory, request, record }, context))
    return statusOf(attempt, loadMending(database, attempt.id), directory)
  })
}

async function act(task: Task, context: JobContext): Promise<void> {
  const { database, attempt, directory, request } = task
  const { verb } = request
  const mending = loadMending(database, attempt.id)
  const facts = { by: context.user, at: new Date(context.now()).toISOString() }
  if (verb.kind === 'abort') {
    if (mending.steps.length > 0 || mending.open !== null)
      await saveSteps(database, attempt.id, [{ kind: 'aborted', ...facts }])
    return clearDesk(directory)
  }
  // What is open stays as it was left.
  if (verb.kind === 'open' && verb.patch === null && mending.open !== null && existsSync(directory)) return
  await withTools(task, context, (rest) => proceed({ ...task, ...rest, facts }, mending, context))
}

/** @throws UserError where no patch is open. */
function openIn({ open }: Mending, { id }: RecordedAttempt): OpenPatch {
  if (open) return open
  throw new UserError(`no patch of attempt @${id} is open`, '"rebaseline resolve" opens the next one')
}

function withTools(
  { database, attempt, request }: Task,
  context: JobContext,
  use: (job: Pick<MendingJob, 'tools' | 'place' | 'located'>) => Promise<void>,
): Promise<void> {
  const upstream = recordedUpstream(attempt.upstream, context)
  return withCache(context, (cached) =>
    withScratch({ upstream }, cached, (scratch) =>
      withCommitCache(scratch, cached, async (cache) => {
        const inRepository = repositoriesBeside(scratch, cached)
        const source = await placeOfAttempt(attempt, request, database, context)
        const reading = { guards: new Set(request.guards), inRepository }
        const { queue, located } = await attemptedQueue(attempt, source, reading)
        const prepared = preparedQueues(scratch, cached, false)
        const resolutions = await knownResolutions(database, located, context)
        const tools = { scratch, cache, prepared, resolutions, progress: context.progress }
        await use({ tools, located, place: await settlePlace(attempt, queue, tools) })
      }),
    ),
  )
}

/** Takes what the verb says of the open patch, lands what follows from it, and opens the next. */
async function proceed(job: MendingJob, mending: Mending, context: JobContext): Promise<void> {
  const { database, attempt, directory, tools, place, facts, request } = job
  const { verb } = request
  const { open } = mending
  if (verb.kind === 'continue' && open !== null) {
    const patch = elementAt(place.queue.patches, open.position - 1)
    const taken = await takeMended(tools.scratch, directory, { open, patch, now: context.now() })
    await saveSteps(database, attempt.id, [{ kind: 'resolved', position: open.position, ...taken, ...facts }])
    await remember(job, open, taken, context)
  }
  const named = 'patch' in verb ? verb.patch : null
  const position = named === null ? null : positionOf(namesOf(attempt), attempt.id, named)
  const isOther = position !== null && (position !== open?.position || verb.kind === 'open')
  if (verb.kind === 'accept-sure' || isOther) await leaveUnedited(job, open, position)
  if (verb.kind === 'skip' || verb.kind === 'drop') {
    const given = { position: position ?? openIn(mending, attempt).position, ...facts }
    const skipped = { kind: 'skipped', reason: verb.reason, ...given } as const
    const step = verb.kind === 'skip' ? skipped : ({ kind: 'dropped', reason: verb.reason, ...given } as const)
    await saveSteps(database, attempt.id, [step])
  }
  if (verb.kind === 'open' && position !== null && standingSteps(mending.steps).has(position))
    await saveSteps(database, attempt.id, [{ kind: 'reopened', position, ...facts }])
  const landed = await landAgain(place, loadMending(database, attempt.id).steps, tools)
  const settled = verb.kind === 'accept-sure' ? await acceptSure(job, landed, position) : landed
  await openNext(job, settled, verb.kind === 'open' ? position : null)
}

/** Keeps what became of each conflict hunk beside the queue; what cannot be kept stops nobody. */
async function remember(job: MendingJob, open: OpenPatch, taken: Taken, context: JobContext): Promise<void> {
  const { database, located, attempt, facts } = job
  const { patch, landing } = elementAt(attempt.results, open.position - 1)
  const culprits = new Map('conflicts' in landing ? landing.conflicts.map((one) => [one.path, one.culprits]) : [])
  const files = open.files.flatMap(({ path, marked, suggestion }) => {
    const resolved = taken.files.find((file) => file.path === path)?.after
    if (marked === null || !resolved) return []
    const reasons = taken.technique === 'by-hand' ? [] : (suggestion?.reasons ?? [])
    const lineage = {
      ...{ patch: lineageText(patch.name), subject: lineageText(patch.subject ?? ''), path },
      culprits: (culprits.get(path) ?? []).map(({ sha, subject }) => lineageText(`${sha.slice(0, 12)} ${subject}`)),
      ...{ person: lineageText(facts.by), minutes: Math.round(taken.seconds / 60) },
      technique: reasons.join(' ') || 'by hand',
    }
    return [{ marked, resolved: resolved.content, lineage }]
  })
  try {
    await rememberResolved(database, located, files, context)
  } catch (error) {
    context.warn(`what was resolved cannot be kept beside the queue: ${(error as Error).message}`)
  }
}

function namesOf({ results }: RecordedAttempt) {
  return results.map(({ patch }) => patch)
}

/** @throws UserError where the open patch would be left, and a person has worked on it. */
async function leaveUnedited(job: MendingJob, open: OpenPatch | null, position: number | null): Promise<void> {
  const { attempt, directory, tools } = job
  if (open === null || !existsSync(directory)) return
  if (!(await isEdited(tools.scratch, directory, open))) return
  const { name } = elementAt(attempt.results, open.position - 1).patch
  const what = position === open.position ? 'it would be written anew' : 'another would take its place'
  throw new UserError(
    `${name} is open and was worked on: ${what}`,
    '--continue takes it as it is, --skip puts it off, --abort takes everything back',
  )
}
