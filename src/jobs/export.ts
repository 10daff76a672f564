/** Writes the rebased queue of an attempt, in the format that it came in. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { UserError } from '../errors.ts'
import type { Action, PatchResult, RecordedAttempt } from '../model/attempt.ts'
import { toBytes } from '../model/bytes.ts'
import { elementAt } from '../model/elements.ts'
import type { JobContext } from '../model/job.ts'
import type { Patch } from '../model/patch.ts'
import { bareListing, readPatch } from '../patch/read/read-patch.ts'
import { rewritePatch } from '../patch/rewrite.ts'
import type { QueueListing } from '../queue/formats/format.ts'
import { type LocatedQueue, locateQueue } from '../queue/locate.ts'
import { readLocated } from '../queue/read-queue.ts'
import { writeInPlace, writeNew } from '../queue/write-files.ts'
import { exportQueue, type PatchEdit, topOf } from '../queue/write-queue.ts'
import { loadAttempt } from '../record/load-attempt.ts'
import { chooseAttempt } from '../workspace/queue-place.ts'
import { type Place, withRecord } from '../workspace/record.ts'

export interface ExportRequest extends Place {
  /** The number of the attempt; by default the newest of the queue. */
  attempt?: string
  /** Where to write: a new directory; null for the queue's own place. */
  output: string | null
  /** Guards that hold, as for the attempt. */
  guards: readonly string[]
  /** Whether patches that leave are commented out, with the reason. */
  isCommented: boolean
}

/** What an export wrote. */
export interface ExportedQueue {
  directory: string
  /** Where the queue is as it was; null where it was not touched. */
  backup: string | null
  attempt: RecordedAttempt
  dropped: string[]
  refreshed: string[]
  unresolved: string[]
  /** Patches whose refreshed form could not be written in their own: they stay as they were. */
  kept: string[]
}

export function exportRebased(request: ExportRequest, context: JobContext): Promise<ExportedQueue> {
  return withRecord(request, 'read', context, async (database) => {
    const attempt = loadAttempt(database, await chooseAttempt(database, request, context))
    if (!attempt) throw new Error('an attempt that is listed is not there')
    const place = await placeOf(attempt, request)
    const edits = place.patches.map((patch, at) => editOf(patch, elementAt(attempt.results, at), attempt, request))
    const files = await exportQueue(place.located, place.listing, edits, { guards: new Set(request.guards) })
    const output = request.output === null ? null : resolve(context.cwd, request.output)
    if (output !== null) writeNew(output, files)
    else writeInPlace(place.directory, backupOf(place.directory, attempt), files)
    return {
      directory: output ?? place.directory,
      backup: output === null ? backupOf(place.directory, attempt) : null,
      attempt,
      ...namesOf(place.patches, edits, attempt.results),
    }
  })
}

/** The names of the patches of an attempt for which one thing is to be done, in their order. */
export function listPatchesTo(
  action: Action,
  request: Place & { attempt?: string },
  context: JobContext,
): Promise<string[]> {
  return withRecord(request, 'read', context, async (database) => {
    const attempt = loadAttempt(database, await chooseAttempt(database, request, context))
    const results = attempt?.results ?? []
    return results.filter(({ verdict }) => verdict.action === action).map(({ patch }) => patch.name)
  })
}

interface ExportPlace {
  located: LocatedQueue
  listing: QueueListing
  /** The directory that holds the queue's list and its patches. */
  directory: string
  patches: readonly Patch[]
}

function backupOf(directory: string, { id }: RecordedAttempt): string {
  return `${directory}.before-attempt-${id}`
}

/**
 * The queue as the attempt tried it: where it is, or in the backup of an export that was killed.
 *
 * @throws UserError where it changed since.
 */
async function placeOf(attempt: RecordedAttempt, { guards }: ExportRequest): Promise<ExportPlace> {
  const { source, revision } = attempt.queue
  const located = await locateQueue(source, attempt.queue.format)
  const options = { guards: new Set(guards) }
  const listing = await located.reader.read(located.files, located.list, options)
  const directory = located.files.nameOf(await topOf(located, listing))
  const own = await readLocated(located, options)
  if (own.revision === revision) return { located, listing, directory, patches: own.patches }
  const backup = source.replace(directory, backupOf(directory, attempt))
  if (existsSync(backup)) {
    const saved = await locateQueue(backup, attempt.queue.format)
    const { revision: before, patches } = await readLocated(saved, options)
    if (before === revision)
      return { located: saved, listing: await saved.reader.read(saved.files, saved.list, options), directory, patches }
  }
  throw new UserError(
    `${source} is another queue than attempt ${attempt.id} tried`,
    'try it again, and export that; guards are given again with --guard',
  )
}

function editOf(
  patch: Patch,
  { verdict, landing, suggested, upstream }: PatchResult,
  { target }: RecordedAttempt,
  { isCommented }: ExportRequest,
): PatchEdit {
  if (verdict.action === 'drop') {
    const [commit] = upstream.commits
    const why =
      verdict.kind === 'upstreamed' && commit
        ? `upstream as ${commit.sha.slice(0, 12)}`
        : (verdict.reason ?? verdict.kind)
    return { kind: 'dropped', reason: isCommented ? `${why}, in ${target.ref}` : null }
  }
  if (['conflicting', 'blocked', 'invalid'].includes(verdict.kind))
    return { kind: 'unresolved', reason: `${verdict.kind} on ${target.ref}: it is as it was` }
  if (suggested === null || !isMoved(landing)) return { kind: 'same' }
  const refreshed = readPatch(bareListing(patch.name), patch.position, toBytes(suggested))
  const bytes = rewritePatch(patch, refreshed)
  return bytes === null ? { kind: 'same' } : { kind: 'refreshed', bytes }
}

/** Whether a patch lands, and not as it is written. */
function isMoved({ kind }: PatchResult['landing']): boolean {
  return kind === 'offset' || kind === 'merged' || kind === 'fuzz'
}

function namesOf(
  patches: readonly Patch[],
  edits: readonly PatchEdit[],
  results: readonly PatchResult[],
): Pick<ExportedQueue, 'dropped' | 'refreshed' | 'unresolved' | 'kept'> {
  const those = (fits: (edit: PatchEdit, result: PatchResult) => boolean) =>
    patches.filter((_, at) => fits(elementAt(edits, at), elementAt(results, at))).map(({ name }) => name)
  return {
    dropped: those(({ kind }) => kind === 'dropped'),
    refreshed: those(({ kind }) => kind === 'refreshed'),
    unresolved: those(({ kind }) => kind === 'unresolved'),
    kept: those(({ kind }, { landing }) => kind === 'same' && isMoved(landing)),
  }
}
