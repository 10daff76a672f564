/** Where the work trees are in which people mend patches. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { UserError } from '../errors.ts'
import type { RecordedAttempt } from '../model/attempt.ts'
import type { JobContext } from '../model/job.ts'
import type { Connection } from '../record/database.ts'
import { loadAttempt } from '../record/load-attempt.ts'
import { takeLock } from '../record/lock.ts'
import { attemptsOpen } from '../record/resolve.ts'
import { makePrivate } from './private.ts'
import { type AttemptPlace, attemptsOf, chooseAttempt } from './queue-place.ts'
import { type Place, recordPath } from './record.ts'

/**
 * A directory of the tool's own, below the user's: one for each attempt of a record. It keeps the
 * name that the queue had when the first patch was opened there.
 */
export async function deskOf(
  { id, called }: Pick<RecordedAttempt, 'id' | 'called'>,
  place: Place,
  context: JobContext,
): Promise<string> {
  const desks = desksOf(context)
  const end = `-attempt-${id}${await suffixOf(place, context)}`
  const known = existsSync(desks) ? readdirSync(desks).find((name) => name.endsWith(end)) : undefined
  return join(desks, known ?? `${called.replace(/[^\w.+-]/g, '_')}${end}`)
}

/**
 * The attempt that is named, or in whose work tree one stands, or of which a patch is open; else the
 * newest of the queue.
 */
export async function attemptAtHand(
  database: Connection,
  place: AttemptPlace,
  context: JobContext,
): Promise<RecordedAttempt> {
  const named = place.attempt ?? (await attemptHere(place, context))
  const { attempts } = named === null ? await attemptsOf(database, place, context) : { attempts: [] }
  const open = new Set(attemptsOpen(database))
  const wanted = named ?? attempts.findLast(({ id }) => open.has(id))?.id
  const at = wanted === undefined ? place : { ...place, attempt: String(wanted) }
  const attempt = loadAttempt(database, await chooseAttempt(database, at, context))
  if (attempt) return attempt
  throw new Error('an attempt that is listed is not there')
}

/** The attempt in whose work tree one stands; null where one stands somewhere else. */
async function attemptHere(place: Place, context: JobContext): Promise<string | null> {
  const below = relative(desksOf(context), context.cwd)
  const [name = ''] = below.split(sep)
  const [, id = null, suffix = ''] = /-attempt-(\d+)(-[0-9a-f]{8})?$/.exec(name) ?? []
  return id !== null && suffix === (await suffixOf(place, context)) ? id : null
}

function desksOf({ state }: JobContext): string {
  return join(state, 'resolve')
}

/** Tells the records apart; the user's own needs none. */
async function suffixOf(place: Place, context: JobContext): Promise<string> {
  const path = await recordPath(place, context)
  if (path === join(context.state, 'record.db')) return ''
  return `-${createHash('sha256').update(path).digest('hex').slice(0, 8)}`
}

/** Keeps others away from a work tree for as long as `use` needs it. @throws UserError where one is at it. */
export async function atDesk<Result>(
  directory: string,
  context: JobContext,
  use: () => Promise<Result>,
): Promise<Result> {
  makePrivate(context.state)
  makePrivate(desksOf(context))
  const release = takeLock(`${directory}.lock`)
  if (!release) throw new UserError(`another rebaseline works in ${directory}`, 'wait until it is done')
  try {
    return await use()
  } finally {
    release()
  }
}

export function clearDesk(directory: string): void {
  rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
}
