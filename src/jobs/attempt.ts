/** Attempts written as documents, and withdrawn where they were made by mistake. */
import { UserError } from '../errors.ts'
import type { JobContext } from '../model/job.ts'
import { documentOf } from '../record/attempt-document.ts'
import { listAttempts, loadPatch, saveWord } from '../record/attempts.ts'
import type { Connection } from '../record/database.ts'
import { loadAttempt } from '../record/load-attempt.ts'
import { type AttemptPlace, attemptsOf, chooseAttempt, findAttempt } from '../workspace/queue-place.ts'
import { type Place, withRecord } from '../workspace/record.ts'

export interface ExportRequest extends AttemptPlace {
  /** `all`: of all queues. `queue`: all of the queue that is meant. `one`: the one that is meant. */
  which: 'all' | 'queue' | 'one'
}

/** Hands out one document after the other, a line each. */
export function exportAttempts(
  request: ExportRequest,
  context: JobContext,
  write: (line: string) => void,
): Promise<void> {
  return withRecord(request, 'read', context, async (database) => {
    for (const id of await idsOf(database, request, context)) {
      const attempt = loadAttempt(database, id)
      if (!attempt) throw new Error('an attempt that is listed is not there')
      const { startedAt, durationMs, toolVersion } = attempt
      const digests = new Set(attempt.results.map(({ patch }) => patch.digest))
      const contents = new Map([...digests].map((digest) => [digest, loadPatch(database, digest)]))
      write(`${documentOf({ attempt, timing: { startedAt, durationMs, toolVersion }, contents }).text}\n`)
    }
  })
}

async function idsOf(database: Connection, request: ExportRequest, context: JobContext): Promise<number[]> {
  if (request.which === 'one') return [await chooseAttempt(database, request, context)]
  const ofQueue = async () => (await attemptsOf(database, request, context)).attempts
  const chosen = request.which === 'all' ? listAttempts(database) : await ofQueue()
  return chosen.map(({ id }) => id)
}

/** @throws UserError where there is no such attempt that counts. */
export function withdraw(
  { reason, by, ...place }: Place & { attempt: string; reason: string; by: string },
  context: JobContext,
): Promise<number> {
  return withRecord(place, 'amend', context, async (database) => {
    const id = await chooseAttempt(database, place, context)
    await saveWord(database, { id, answer: 'withdrawn', reason, by, at: new Date(context.now()).toISOString() })
    return id
  })
}

/** Takes a withdrawal back. @throws UserError where there is no such attempt that is withdrawn. */
export function restore(
  { by, ...place }: Place & { attempt: string; by: string },
  context: JobContext,
): Promise<number> {
  return withRecord(place, 'amend', context, async (database) => {
    const found = await findAttempt(database, place, context)
    const { id } = found
    if (!('reason' in found))
      throw new UserError(`attempt @${id} is not withdrawn`, 'it counts: there is nothing to restore')
    await saveWord(database, { id, answer: 'restored', reason: '', by, at: new Date(context.now()).toISOString() })
    return id
  })
}
