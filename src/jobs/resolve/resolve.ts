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
import { loadMending, saveSteps } from '../../record/resolve.ts'
import { attemptedQueue } from '../../workspace/attempted-queue.ts'
import { withCache } from '../../workspace/cache.ts'
import { withCommitCache } from '../../workspace/commit-cache.ts'
import { atDesk, attemptAtHand, clearDesk, deskOf } from '../../workspace/desk.ts'
import { preparedQueues } from '../../workspace/prepared-queues.ts'
import { withRecord } from '../../workspace/record.ts'
import { positionOf } from '../../workspace/recorded-patch.ts'
import { recordedUpstream, withScratch } from '../../workspace/scratch.ts'
import { acceptSure, type MendingJob, openNext, type ResolveRequest, type Task } from './go-on.ts'
import { type LandingTools, landAgain, type MendingPlace, settlePlace } from './land-again.ts'
import { statusOf } from './status.ts'
import { isEdited, takeMended } from './take.ts'

/** Does one thing, lands what it frees, and opens the next patch. */
export function resolve(request: ResolveRequest, context: JobContext): Promise<ResolveStatus> {
  const { verb } = request
  return withRecord(request, verb.kind === 'status' ? 'read' : 'amend', context, async (database) => {
    const attempt = await attemptAtHand(database, request, context)
    const directory = deskOf(attempt, request, context)
    if (verb.kind !== 'status')
      await atDesk(directory, context, () => act({ database, attempt, directory, request }, context))
    return statusOf(attempt, loadMending(database, attempt.id), directory)
  })
}

async function act(task: Task, context: JobContext): Promise<void> {
  const { database, attempt, directory, request } = task
  const { verb } = request
  const mending = loadMending(database, attempt.id)
  const facts = { by: context.user, at: new Date(context.now()).toISOString() }
  switch (verb.kind) {
    case 'abort':
      if (mending.steps.length > 0 || mending.open !== null)
        await saveSteps(database, attempt.id, [{ kind: 'aborted', ...facts }])
      return clearDesk(directory)
    case 'skip':
    case 'drop': {
      const { position } = openIn(mending, attempt)
      const given = { position, ...facts }
      const skipped = { kind: 'skipped', reason: verb.reason, ...given } as const
      const step = verb.kind === 'skip' ? skipped : ({ kind: 'dropped', reason: verb.reason, ...given } as const)
      await saveSteps(database, attempt.id, [step])
      break
    }
    case 'open':
      if (verb.patch === null && mending.open !== null && existsSync(directory)) return
  }
  await withTools(task, context, (tools, place) => proceed({ ...task, tools, place, facts }, mending, context))
}

/** @throws UserError where no patch is open. */
function openIn({ open }: Mending, { id }: RecordedAttempt): OpenPatch {
  if (open) return open
  throw new UserError(`no patch of attempt ${id} is open`, '"rebaseline resolve" opens the next one')
}

function withTools(
  { attempt, request }: Task,
  context: JobContext,
  use: (tools: LandingTools, place: MendingPlace) => Promise<void>,
): Promise<void> {
  const upstream = recordedUpstream(attempt.upstream, context)
  return withCache(context, (cached) =>
    withScratch({ upstream }, cached, (scratch) =>
      withCommitCache(scratch, cached, async (cache) => {
        const { queue } = await attemptedQueue(attempt, request.guards)
        const tools = { scratch, cache, prepared: preparedQueues(scratch, cached, false), progress: context.progress }
        await use(tools, await settlePlace(attempt, queue, tools))
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
  }
  const named = verb.kind === 'open' || verb.kind === 'accept-sure' ? verb.patch : null
  const position = named === null ? null : positionOf(namesOf(attempt), attempt.id, named)
  if (verb.kind === 'accept-sure' || position !== null) await leaveUnedited(job, open, position)
  if (verb.kind === 'open' && position !== null && standingSteps(mending.steps).has(position))
    await saveSteps(database, attempt.id, [{ kind: 'reopened', position, ...facts }])
  const landed = await landAgain(place, loadMending(database, attempt.id).steps, tools)
  const settled = verb.kind === 'accept-sure' ? await acceptSure(job, landed, position) : landed
  await openNext(job, settled, verb.kind === 'open' ? position : null)
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
