/** Finds one patch of a recorded attempt. */
import { UserError } from '../errors.ts'
import type { RecordedPatch } from '../model/attempt.ts'
import { elementAt } from '../model/elements.ts'
import type { JobContext } from '../model/job.ts'
import { listPatches } from '../record/attempts.ts'
import type { Connection } from '../record/database.ts'
import { loadAttemptAt } from '../record/load-attempt.ts'
import { type AttemptPlace, chooseAttempt } from './queue-place.ts'

/** One patch of an attempt: by its position, its name, or part of it. */
export interface PatchRequest extends AttemptPlace {
  patch: string
}

/** Of the whole attempt only that patch is read. @throws UserError where there is no such patch. */
export async function loadPatchOf(
  database: Connection,
  request: PatchRequest,
  context: JobContext,
): Promise<RecordedPatch> {
  const id = await chooseAttempt(database, request, context)
  const patches = listPatches(database, id)
  const found = loadAttemptAt(database, id, positionOf(patches, id, request.patch))
  if (!found) throw new Error('an attempt that is listed is not there')
  const { results, ...attempt } = found
  return { attempt, result: elementAt(results, 0), patches: patches.length }
}

/** The position of a patch that a person names. @throws UserError where the name fits none, or several. */
export function positionOf(
  patches: readonly { position: number; name: string }[],
  attempt: number,
  wanted: string,
): number {
  const exact = patches.filter(({ name, position }) => name === wanted || String(position) === wanted)
  const found = exact.length > 0 ? exact : patches.filter(({ name }) => name.includes(wanted))
  const [one] = found
  if (one && found.length === 1) return one.position
  if (!one) {
    const other = /^\d+$/.test(wanted) ? `an attempt is written @${wanted}; ` : ''
    throw new UserError(
      `attempt @${attempt} has no patch "${wanted}"`,
      `${other}"rebaseline show @${attempt}" lists its patches`,
    )
  }
  const names = found.slice(0, 5).map(({ name }) => name)
  throw new UserError(
    `"${wanted}" fits ${found.length} patches: ${names.join(', ')}`,
    'give more of the name, or the position',
  )
}
