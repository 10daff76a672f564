/** Makes of a patch of the queue one that upstream can take: by itself, on the target's tip. */
import { diffOf } from '../../attempt/diffs.ts'
import { landQueue } from '../../attempt/land.ts'
import { mendedAs } from '../../attempt/mended.ts'
import { rebuildQueue } from '../../attempt/rebuild.ts'
import { settleNames } from '../../attempt/settle-names.ts'
import { UserError } from '../../errors.ts'
import { readTargetTree } from '../../evidence/read-upstream.ts'
import { ObjectReader } from '../../git/object-reader.ts'
import type { Scratch } from '../../git/scratch.ts'
import { listTree } from '../../git/tree.ts'
import type { Conflict, Landing, PatchResult, PreparedQueues, RecordedAttempt } from '../../model/attempt.ts'
import type { ByteString } from '../../model/bytes.ts'
import type { CommitCache } from '../../model/commit-history.ts'
import { elementAt } from '../../model/elements.ts'
import type { JobContext } from '../../model/job.ts'
import type { Patch } from '../../model/patch.ts'
import { type MendedFile, standingSteps } from '../../model/resolve.ts'
import { mailOf } from '../../patch/mail/write-mail.ts'
import { readPatch } from '../../patch/read/read-patch.ts'
import { listPatches, loadPatch } from '../../record/attempts.ts'
import type { Connection } from '../../record/database.ts'
import { loadAttempt } from '../../record/load-attempt.ts'
import { loadMending } from '../../record/resolve.ts'
import { resolveCommit } from '../../upstream/resolve.ts'
import { withCache } from '../../workspace/cache.ts'
import { withCommitCache } from '../../workspace/commit-cache.ts'
import { preparedQueues } from '../../workspace/prepared-queues.ts'
import { chooseAttempt } from '../../workspace/queue-place.ts'
import { withRecord } from '../../workspace/record.ts'
import { type PatchRequest, positionOf } from '../../workspace/recorded-patch.ts'
import { recordedUpstream, withScratch } from '../../workspace/scratch.ts'

/** A patch as a mail, and what whoever sends it should see to first. */
export interface Upstreamable {
  mail: ByteString
  notes: string[]
}

/** @throws UserError where the target has it, or where it does not land there by itself. */
export function showUpstreamable(request: PatchRequest, context: JobContext): Promise<Upstreamable> {
  return withRecord(request, 'read', context, async (database) => {
    const attempt = await attemptFor(database, request, context)
    const position = positionOf(listPatches(database, attempt.id), attempt.id, request.patch)
    checkWanted(attempt, position)
    const step = standingSteps(loadMending(database, attempt.id).steps).get(position)
    const mended = step?.kind === 'resolved' ? step.files : null
    const upstream = recordedUpstream(attempt.upstream, context)
    return withCache(context, (cached) =>
      withScratch({ upstream }, cached, (scratch) =>
        withCommitCache(scratch, cached, async (cache) => {
          const patches = attempt.results.map(({ patch }) => {
            return readPatch(patch, patch.position, loadPatch(database, patch.digest))
          })
          const tools = { scratch, cache, prepared: preparedQueues(scratch, cached, false) }
          return await mailFor({ attempt, patches, position, mended }, tools, context)
        }),
      ),
    )
  })
}

async function attemptFor(database: Connection, request: PatchRequest, context: JobContext): Promise<RecordedAttempt> {
  const attempt = loadAttempt(database, await chooseAttempt(database, request, context))
  if (!attempt) throw new Error('an attempt that is listed is not there')
  return attempt
}

/** @throws UserError where upstream has no use for it. */
function checkWanted({ id, results, target }: RecordedAttempt, position: number): void {
  const { patch, upstream, verdict, landing } = elementAt(results, position - 1)
  const [commit] = upstream.commits
  if (verdict.kind === 'upstreamed')
    throw new UserError(
      `${target.ref} has ${patch.name} already${commit ? `, as ${commit.sha.slice(0, 12)}` : ''}`,
      `there is nothing to send: "rebaseline show @${id} ${position}" has the proof`,
    )
  if (verdict.kind === 'droppable' || landing.kind === 'noop')
    throw new UserError(
      `${patch.name} changes nothing of ${target.ref}: ${verdict.reason ?? 'it is not needed'}`,
      'there is nothing to send',
    )
  if (landing.kind === 'unreadable')
    throw new UserError(`${patch.name} cannot be read`, `"rebaseline show @${id} ${position}" says why`)
}

interface WantedPatch {
  attempt: RecordedAttempt
  patches: readonly Patch[]
  position: number
  /** What a person made of it; null where nobody did. */
  mended: readonly MendedFile[] | null
}

interface Tools {
  scratch: Scratch
  cache: CommitCache
  prepared: PreparedQueues
}

async function mailFor(
  { attempt, patches, position, mended }: WantedPatch,
  { scratch, cache, prepared }: Tools,
  { version }: JobContext,
): Promise<Upstreamable> {
  const { base, target, queue } = attempt
  // A branch has moved on since.
  const tip = (await resolveCommit(scratch, target.ref)) ?? target.commit
  const entries = await listTree(scratch, base.commit)
  const settled = settleNames(patches, (path) => entries.has(path))
  const known = prepared.load(queue.revision, base.commit)?.rebuilt
  const rebuilt = known ?? (await rebuildQueue(scratch, entries, { patches: settled }))
  const patch = elementAt(settled, position - 1)
  const tree = await readTargetTree({ scratch, cache }, [patch], { commit: base.commit, entries }, tip)
  const own = elementAt(rebuilt, position - 1)
  const done = mended === null ? own : mendedAs(scratch, own, mended)
  const alone = { patch, rebuilt: done, isLeftOut: false, isMended: mended !== null }
  const { landing, before, changes } = elementAt(await landQueue(scratch, tree, [alone], () => {}), 0)
  if ('conflicts' in landing) throw doesNotLand(patch, landing.conflicts, attempt)
  if (changes.size === 0)
    throw new UserError(`${patch.name} changes nothing of ${target.ref}`, 'there is nothing to send')
  const reader = new ObjectReader(scratch)
  try {
    const notes = notesOn(patch, elementAt(attempt.results, position - 1))
    const diff = await diffOf({ scratch, reader }, { before, changes }, ['--stat', '--summary'])
    return { mail: mailOf(patch, { diff, base: tip, signature: `rebaseline ${version}` }), notes }
  } finally {
    reader.close()
  }
}

function doesNotLand(
  { name, position }: Patch,
  conflicts: readonly Conflict[],
  { target, results }: RecordedAttempt,
): UserError {
  const where = conflicts.map(({ path, hunksFailed, hunks }) => `${path} (${hunksFailed} of ${hunks} hunks)`)
  const { landing } = elementAt(results, position - 1)
  return new UserError(
    `${name} does not land on ${target.ref} by itself: ${where.join(', ')}`,
    landing.kind === 'conflict' ? `mend it first: rebaseline resolve ${position}` : standsOn(landing),
  )
}

function standsOn(landing: Landing): string {
  const others = landing.kind === 'blocked' ? `patch ${landing.by.join(', ')}` : 'patches before it'
  return `it stands on ${others} of the queue: send them first`
}

/** What upstream will ask for. */
function notesOn({ name, header }: Patch, { upstream, verdict }: PatchResult): string[] {
  const { status, revertedBy, commits } = upstream
  const [commit] = commits
  const as = commit ? `, as ${commit.sha.slice(0, 12)}` : ''
  const by = revertedBy === null ? '' : ` by ${revertedBy.slice(0, 12)}`
  const notes: [string, boolean][] = [
    [`was taken${as}, and taken back${by}: say why it is right now`, status === 'reverted'],
    [`is there in part${as}: this is what remains`, status === 'partial'],
    [`may be upstream${as}: look before you send it`, verdict.action === 'review' && status !== 'reverted'],
    ['names no author: git send-email takes whoever sends it', header.author === null],
    ['has no subject: its name stands in for one', header.subject === null],
    ['has no Signed-off-by', !/^[ \t]*signed-off-by:/im.test(header.text)],
  ]
  return notes.flatMap(([what, isSo]) => (isSo ? [`${name} ${what}`] : []))
}
