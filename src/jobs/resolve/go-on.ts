/** Lands what was mended, takes the sure suggestions, and opens the next patch. */
import { readFile } from '../../attempt/files.ts'
import { UserError } from '../../errors.ts'
import { ObjectReader } from '../../git/object-reader.ts'
import { mendedResults } from '../../judge/mended.ts'
import type { RecordedAttempt } from '../../model/attempt.ts'
import { elementAt } from '../../model/elements.ts'
import {
  type MendedFile,
  type NoteFacts,
  type PatchStep,
  type ResolveStep,
  standingSteps,
  type Technique,
} from '../../model/resolve.ts'
import type { TreeEntry } from '../../model/tree.ts'
import type { LocatedQueue } from '../../queue/locate.ts'
import type { Connection } from '../../record/database.ts'
import { loadMending, saveState, saveSteps } from '../../record/resolve.ts'
import type { AttemptPlace } from '../../workspace/queue-place.ts'
import { type LandedAgain, type LandingTools, landAgain, type MendingPlace, outcomesOf } from './land-again.ts'
import { openFilesOf, openPatch, showLanded } from './open-patch.ts'
import { nextToMend } from './status.ts'

/** What a person wants done. */
export type ResolveVerb =
  /** A patch by its name or position; null for the best one. */
  | { kind: 'open'; patch: string | null }
  | { kind: 'continue' }
  /** The open patch, or the one that is named. */
  | { kind: 'skip'; patch: string | null; reason: string | null }
  | { kind: 'drop'; patch: string | null; reason: string }
  /** The sure suggestions: of one patch, or of all. */
  | { kind: 'accept-sure'; patch: string | null }
  | { kind: 'abort' }
  | { kind: 'status' }

export interface ResolveRequest extends AttemptPlace {
  verb: ResolveVerb
  /** Guards that hold, as for the attempt. */
  guards: readonly string[]
  writeNote: (facts: NoteFacts, record: string | null) => string
}

/** What is mended, and where. */
export interface Task {
  database: Connection
  attempt: RecordedAttempt
  directory: string
  request: ResolveRequest
  /** The record, where a command must name it. */
  record: string | null
}

/** A task with all that it needs to land patches. */
export interface MendingJob extends Task {
  tools: LandingTools
  place: MendingPlace
  located: LocatedQueue
  /** Whose steps they are, and when they are taken. */
  facts: Pick<PatchStep, 'by' | 'at'>
}

/**
 * Opens the patch at a position, or else the best one; where none is left, the work tree shows the
 * whole queue. @throws UserError where that patch is not in conflict.
 */
export async function openNext(job: MendingJob, landed: readonly LandedAgain[], wanted: number | null): Promise<void> {
  const { database, attempt, directory, place, tools, facts, request, record } = job
  const mending = loadMending(database, attempt.id)
  const outcomes = outcomesOf(landed, attempt)
  const results = mendedResults(attempt.results, { ...mending, outcomes })
  const order = nextToMend(results, standingSteps(mending.steps))
  const settled = mending.steps.length
  if (wanted !== null && !order.includes(wanted)) {
    await saveState(database, attempt.id, { settled, outcomes, open: mending.open })
    const { patch, verdict, landing } = elementAt(results, wanted - 1)
    const waits = landing.kind === 'blocked' ? `it waits for ${landing.by.join(', ')}` : `it is ${verdict.kind}`
    throw new UserError(
      `${patch.name} is not in conflict by itself: ${waits}`,
      '"rebaseline resolve" opens the next one',
    )
  }
  // What was open stays so, where its work tree has to be made again.
  const before = mending.open && order.includes(mending.open.position) ? mending.open.position : null
  const position = wanted ?? before ?? order[0]
  const writeNote = (told: NoteFacts) => request.writeNote(told, record)
  const desk = { scratch: tools.scratch, directory, now: facts.at, writeNote }
  const open = position === undefined ? null : await openPatch(desk, place, landed, position)
  if (open === null && settled > 0) await showLanded(desk, place, landed)
  await saveState(database, attempt.id, { settled, outcomes, open })
}

/**
 * Takes the suggestions of all patches that have sure ones for all their conflicts, and again of
 * those that come into conflict then; each once. Returns how the queue lands with them.
 */
export async function acceptSure(
  job: MendingJob,
  landed: readonly LandedAgain[],
  wanted: number | null,
): Promise<readonly LandedAgain[]> {
  const { database, attempt, place, tools } = job
  const accepted = new Set<number>()
  for (let now = landed; ; ) {
    const { steps } = loadMending(database, attempt.id)
    const standing = standingSteps(steps)
    const next: ResolveStep[] = []
    for (const one of now) {
      const { position } = one.patch
      const isMeant = wanted === null ? standing.get(position)?.kind !== 'skipped' : position === wanted
      if (!isMeant || accepted.has(position) || one.landed.landing.kind !== 'conflict') continue
      const taken = await takeSure(job, now, one)
      if (taken)
        next.push({
          kind: 'resolved',
          position,
          technique: taken.technique,
          seconds: 0,
          files: taken.files,
          ...job.facts,
        })
      if (taken) accepted.add(position)
    }
    if (next.length === 0) return now
    await saveSteps(database, attempt.id, next)
    now = await landAgain(place, [...steps, ...(next as PatchStep[])], tools)
  }
}

/** What a patch does with its suggestions; null where one is missing, or not sure. */
async function takeSure(
  { place, tools: { scratch } }: MendingJob,
  landed: readonly LandedAgain[],
  one: LandedAgain,
): Promise<{ files: MendedFile[]; technique: Technique } | null> {
  const open = await openFilesOf(scratch, place, landed, one)
  if (!open.every(({ suggestion }) => suggestion?.sure)) return null
  const reader = new ObjectReader(scratch)
  const read = async (entry: TreeEntry | null | undefined) => (entry ? await readFile(reader, entry) : null)
  try {
    const { changes, before } = one.landed.unmerged ?? { changes: new Map(), before: new Map() }
    const clean = [...changes].map(async ([path, entry]): Promise<MendedFile> => {
      return { path, before: await read(before.get(path)), after: await read(entry) }
    })
    const mended = open.map(({ path, ours, placed }) => ({ path, before: ours, after: placed }))
    const isRemembered = open.some(({ suggestion }) => suggestion?.reasons.includes('remembered'))
    return {
      files: [...(await Promise.all(clean)), ...mended],
      technique: isRemembered ? 'remembered' : 'suggestion',
    }
  } finally {
    reader.close()
  }
}
