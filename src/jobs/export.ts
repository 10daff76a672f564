/** Writes the rebased queue of an attempt, in the format that it came in. */
import { resolve } from 'node:path'
import { UserError } from '../errors.ts'
import { accountOfExport } from '../judge/export-account.ts'
import { mendedResults } from '../judge/mended.ts'
import { type AccountedPatch, isWholeAccount } from '../model/account.ts'
import type { Action, PatchResult, RecordedAttempt } from '../model/attempt.ts'
import { type ByteString, toBytes } from '../model/bytes.ts'
import { elementAt } from '../model/elements.ts'
import type { JobContext } from '../model/job.ts'
import type { Patch } from '../model/patch.ts'
import { type PatchStep, standingSteps } from '../model/resolve.ts'
import { bareListing, readPatch } from '../patch/read/read-patch.ts'
import { rewritePatch } from '../patch/rewrite.ts'
import { locateQueue } from '../queue/locate.ts'
import { writeInPlace, writeNew } from '../queue/write-files.ts'
import { exportQueue, type PatchEdit, writerOf } from '../queue/write-queue.ts'
import { loadMending } from '../record/resolve.ts'
import { type Answer, withPeople } from '../workspace/answers.ts'
import { attemptedQueue, backupOf, placeOfAttempt } from '../workspace/attempted-queue.ts'
import { configOf } from '../workspace/config.ts'
import { attemptAtHand } from '../workspace/desk.ts'
import { type Place, withRecord } from '../workspace/record.ts'

export interface ExportRequest extends Place, Answer {
  /** The number of the attempt; by default the newest of the queue. */
  attempt?: string
  /** Where to write: a new directory; null for the queue's own place. */
  output: string | null
  /** Guards that hold, as for the attempt. */
  guards: readonly string[]
  /** Whether patches that leave are commented out, with the reason. */
  isCommented: boolean
}

/** What an export wrote, or would have written. */
/** A line that names the base from before an export: of the config, or of the queue itself. */
export interface StaleBase {
  at: string
  isConfig: boolean
}

export interface ExportedQueue {
  directory: string
  /** Where the queue was taken from. */
  source: string
  /** Whether it was written: it is not where something of the queue is missing. */
  isWritten: boolean
  /** What became of every change of the queue. */
  patches: AccountedPatch[]
  /** Where the queue is as it was; null where it was not touched. */
  backup: string | null
  /** What names the base from before; null where nothing does. */
  staleBase: StaleBase | null
  attempt: RecordedAttempt
  dropped: string[]
  refreshed: string[]
  unresolved: string[]
  /** Patches whose refreshed form could not be written in their own: they stay as they were. */
  kept: string[]
}

export function exportRebased(request: ExportRequest, context: JobContext): Promise<ExportedQueue> {
  const mode = request.onPurpose.length > 0 ? 'write' : 'read'
  return withRecord(request, mode, context, async (database) => {
    const attempt = await attemptAtHand(database, request, context)
    const source = await placeOfAttempt(attempt, request, database, context)
    writerOf(await locateQueue(source, attempt.queue.format))
    const place = await attemptedQueue(attempt, source, { guards: new Set(request.guards) })
    const { patches } = place.queue
    const mending = loadMending(database, attempt.id)
    if (mending.settled < mending.steps.length)
      throw new UserError('what was mended last has not landed yet', 'run "rebaseline resolve --continue" first')
    const results = mendedResults(attempt.results, mending)
    const steps = standingSteps(mending.steps)
    const edits = patches.map((patch, at) => {
      return editOf(elementAt(results, at), { patch, step: steps.get(patch.position) ?? null, attempt }, request)
    })
    const account = accountOfExport(
      patches.map((patch, at) => {
        const written = writtenOf(patch, elementAt(edits, at))
        return { patch, written, result: elementAt(results, at), step: steps.get(patch.position) ?? null }
      }),
      attempt.target.ref,
    )
    const answered = await withPeople(database, { patches: account }, request, context)
    const isWritten = isWholeAccount({ ...answered, problems: [] })
    const files = await exportQueue(place.located, place.listing, edits, { guards: new Set(request.guards) })
    const output = request.output === null ? null : resolve(context.cwd, request.output)
    const staleBase = output === null && isWritten ? await staleBaseOf(attempt, request, context) : null
    if (isWritten && output !== null) writeNew(output, files)
    else if (isWritten) writeInPlace(place.directory, backupOf(place.directory, attempt), files)
    return {
      directory: output ?? place.directory,
      ...{ source: place.directory, isWritten, staleBase, ...answered },
      backup: output === null ? backupOf(place.directory, attempt) : null,
      attempt,
      ...namesOf(patches, edits, results),
    }
  })
}

/** Where a config, or else the queue itself, says a base that is not the attempt's target. */
async function staleBaseOf(
  { base, target }: RecordedAttempt,
  place: Place,
  context: JobContext,
): Promise<StaleBase | null> {
  if (base.commit === target.commit) return null
  const config = await configOf(place, context)
  if (config?.base) {
    const isStale = config.base.value !== target.ref
    return isStale ? { at: `${config.file}:${config.base.line}`, isConfig: true } : null
  }
  const [, at] = /^stated \((.+)\)$/s.exec(base.found) ?? []
  return at === undefined ? null : { at, isConfig: false }
}

/** The names of the patches of an attempt for which one thing is to be done, in their order. */
export function listPatchesTo(
  action: Action,
  request: Place & { attempt?: string },
  context: JobContext,
): Promise<string[]> {
  return withRecord(request, 'read', context, async (database) => {
    const attempt = await attemptAtHand(database, request, context)
    const results = mendedResults(attempt.results, loadMending(database, attempt.id))
    return results.filter(({ verdict }) => verdict.action === action).map(({ patch }) => patch.name)
  })
}

function editOf(
  { verdict, landing, suggested, upstream }: PatchResult,
  { patch, step, attempt }: { patch: Patch; step: PatchStep | null; attempt: RecordedAttempt },
  { isCommented }: ExportRequest,
): PatchEdit {
  const { ref } = attempt.target
  if (verdict.action === 'drop') {
    const [commit] = upstream.commits
    const isUpstream = verdict.kind === 'upstreamed' && commit
    const why = isUpstream ? `upstream as ${commit.sha.slice(0, 12)}` : (verdict.reason ?? verdict.kind)
    // Why a person gave it up stands nowhere else.
    return { kind: 'dropped', reason: isCommented || step?.kind === 'dropped' ? `${why}, in ${ref}` : null }
  }
  if (['conflicting', 'blocked', 'invalid'].includes(verdict.kind))
    return { kind: 'unresolved', reason: `${verdict.kind} on ${ref}: it is as it was` }
  if (landing.kind === 'noop') return { kind: 'unresolved', reason: `${verdict.reason}, on ${ref}` }
  if (suggested === null || !isMoved(landing)) return { kind: 'same' }
  const refreshed = readPatch(bareListing(patch.name), patch.position, toBytes(suggested))
  const bytes = rewritePatch(patch, refreshed)
  if (bytes !== null) return { kind: 'refreshed', bytes }
  // It does what its own text has no room for.
  if (!patch.reversed) return { kind: 'refreshed', bytes: withPrefixes(suggested, patch.strip) }
  const isMended = step?.kind === 'resolved'
  return isMended ? { kind: 'unresolved', reason: 'mended, and written backwards: write it forward' } : { kind: 'same' }
}

/** A patch as it is written; null where it leaves. */
function writtenOf(patch: Patch, edit: PatchEdit): Patch | null {
  if (edit.kind === 'dropped') return null
  return edit.kind === 'refreshed' ? readPatch(patch, patch.position, toBytes(edit.bytes)) : patch
}

/** A git diff with as many directories in front of its names as the queue strips. */
function withPrefixes(diff: ByteString, strip: number): ByteString {
  if (strip === 1) return diff
  const prefix = (side: string) => (strip === 0 ? '' : `${side}/`.repeat(strip))
  let isHead = false
  const lines = diff.split('\n').map((line) => {
    if (line.startsWith('diff --git ')) isHead = true
    else if (line.startsWith('@@ ')) isHead = false
    if (!isHead || !/^(?:diff --git|---|\+\+\+) /.test(line)) return line
    return line.replace(/ ([ab])\//g, (_, side: string) => ` ${prefix(side)}`)
  })
  return lines.join('\n')
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
