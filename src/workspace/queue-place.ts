/** Which queue a person means, and its attempts in the record. */
import { existsSync, lstatSync } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import { UserError } from '../errors.ts'
import type { JobContext } from '../model/job.ts'
import { locateQueue, seekQueue } from '../queue/locate.ts'
import { type AttemptKey, listAttempts } from '../record/attempts.ts'
import type { Connection } from '../record/database.ts'
import type { Place } from './record.ts'

/**
 * The queue that is named, else that of the directory one stands in or of one above, up to the top
 * of its repository: where it is. Null where there is none. @throws UserError where a named one is
 * neither on disk nor in the record.
 */
export async function queueOf(
  { queue }: Place,
  { cwd }: JobContext,
  known: readonly AttemptKey[] = [],
): Promise<string | null> {
  if (queue === undefined) return seekAbove(cwd)
  const path = resolve(cwd, queue)
  if (existsSync(path)) return (await locateQueue(path)).source
  // One that was moved since is known by where it was.
  const former = known.findLast(({ source }) => source === path || source.startsWith(`${path}${sep}`))
  if (former) return former.source
  return (await locateQueue(path)).source
}

async function seekAbove(start: string): Promise<string | null> {
  for (let directory = start; ; directory = dirname(directory)) {
    const found = await seekQueue(directory)
    if (found) return found.source
    if (directory === dirname(directory) || existsSync(join(directory, '.git'))) return null
  }
}

/**
 * Says how to read the record that earlier versions kept beside a queue. It is not opened by itself:
 * it may have come with the queue, and be anybody's.
 */
export function noteOldRecord(queue: string, { db }: Place, { record, warn }: JobContext): void {
  const beside = lstatSync(queue, { throwIfNoEntry: false })?.isDirectory() ? queue : dirname(queue)
  const old = join(beside, '.rebaseline', 'rebaseline.db')
  if (db === undefined && record === null && existsSync(old))
    warn(`${old} is not read; if it is yours, name it with --db`)
}

/** The attempts of one queue, oldest first. */
export interface QueueAttempts {
  /** Where the queue is; null where none is named and the record knows several, or none. */
  queue: string | null
  attempts: AttemptKey[]
}

/**
 * The attempts of the queue that is meant. Where nobody stands in a queue, the record's only one is
 * meant. @throws UserError where it knows several.
 */
export async function attemptsOf(database: Connection, place: Place, context: JobContext): Promise<QueueAttempts> {
  const all = listAttempts(database)
  const sources = [...new Set(all.map(({ source }) => source))]
  const queue = (await queueOf(place, context, all)) ?? (sources.length === 1 ? (sources[0] ?? null) : null)
  if (queue === null && sources.length > 1)
    throw new UserError(
      `no queue is here, and the record knows ${sources.length}: ${namesOf(sources)}`,
      'name one with --queue',
    )
  const attempts = all.filter(({ source }) => source === queue)
  if (queue !== null && attempts.length === 0) noteOldRecord(queue, place, context)
  return { queue, attempts }
}

/** What to say where the queue that is meant has no attempt. */
export function noAttempt(database: Connection, queue: string | null): UserError {
  const sources = [...new Set(listAttempts(database).map(({ source }) => source))]
  if (queue === null || sources.length === 0) return new UserError('no attempt is recorded yet', TRY_FIRST)
  return new UserError(`no attempt of ${queue} is recorded`, `${TRY_FIRST}; the record knows ${namesOf(sources)}`)
}

const TRY_FIRST = 'run "rebaseline try" first'

function namesOf(sources: readonly string[]): string {
  const named = sources.slice(0, 5).join(', ')
  return sources.length > 5 ? `${named}, and ${sources.length - 5} more` : named
}

/**
 * The number of the attempt that is named, of whatever queue; else of the newest of the queue that
 * is meant. @throws UserError where there is none.
 */
export async function chooseAttempt(
  database: Connection,
  { attempt, ...place }: Place & { attempt?: string },
  context: JobContext,
): Promise<number> {
  if (attempt === undefined) {
    const { queue, attempts } = await attemptsOf(database, place, context)
    const newest = attempts.at(-1)
    if (newest) return newest.id
    throw noAttempt(database, queue)
  }
  const named = listAttempts(database).find(({ id }) => String(id) === attempt)
  if (named) return named.id
  throw new UserError(`there is no attempt ${attempt}`, '"rebaseline show" lists them all')
}
