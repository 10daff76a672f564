/** Finds one patch of a recorded attempt. */
import { UserError } from '../errors.ts'
import type { RecordedAttempt } from '../model/attempt.ts'
import type { JobContext } from '../model/job.ts'
import { listPatches } from '../record/attempts.ts'
import type { Connection } from '../record/database.ts'
import { loadAttemptAt } from '../record/load-attempt.ts'
import { chooseAttempt } from './queue-place.ts'
import type { Place } from './record.ts'

/** One patch of an attempt: by its position, its name, or part of it. */
export interface PatchRequest extends Place {
  /** The number of the attempt; by default the newest of the queue. */
  attempt?: string
  patch: string
}

/** The attempt with that patch as its only result. @throws UserError where there is no such patch. */
export function loadPatchOf(database: Connection, request: PatchRequest, context: JobContext): RecordedAttempt {
  const id = chooseAttempt(database, request, context)
  const attempt = loadAttemptAt(database, id, positionOf(database, id, request.patch))
  if (!attempt) throw new Error('an attempt that is listed is not there')
  return attempt
}

/** @throws UserError where the name fits none, or several. */
function positionOf(database: Connection, attempt: number, wanted: string): number {
  const patches = listPatches(database, attempt)
  const exact = patches.filter(({ name, position }) => name === wanted || String(position) === wanted)
  const found = exact.length > 0 ? exact : patches.filter(({ name }) => name.includes(wanted))
  const [one] = found
  if (one && found.length === 1) return one.position
  if (!one)
    throw new UserError(`attempt ${attempt} has no patch "${wanted}"`, `"rebaseline show ${attempt}" lists them all`)
  const names = found.slice(0, 5).map(({ name }) => name)
  throw new UserError(
    `"${wanted}" fits ${found.length} patches: ${names.join(', ')}`,
    'give more of the name, or the position',
  )
}
