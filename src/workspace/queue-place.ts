/** Which queue a person means, and its attempts in the record. */
import { existsSync, lstatSync } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import { UserError } from '../errors.ts'
import type { JobContext } from '../model/job.ts'
import type { QueueIdentity } from '../model/queue-name.ts'
import { locateQueue, realPath } from '../queue/locate.ts'
import { isPlace } from '../queue/place.ts'
import { type AttemptKey, listAttempts, listWithdrawn, type WithdrawnAttempt } from '../record/attempts.ts'
import type { Connection } from '../record/database.ts'
import { listLives } from '../record/life.ts'
import { namesByPlace } from '../record/queue-names.ts'
import { configOf, placeIn } from './config.ts'
import { identityAt } from './queue-identity.ts'
import type { Place } from './record.ts'
import { seekAbove } from './seek-above.ts'

/**
 * The queue that is meant; null where there is none. @throws UserError where it is neither on disk nor
 * in the record.
 */
export async function queueOf(place: Place, database: Connection, context: JobContext): Promise<QueueIdentity | null> {
  const found = await placeOf(place, knownPlaces(database), context)
  return found === null ? null : await identityAt(found, database, context)
}

/**
 * Where the queue is that is named, else that of the config, else that of the directory one stands in
 * or of one above, up to the top of its repository. A directory without a series is one where the
 * record knows it.
 */
async function placeOf({ queue }: Place, known: readonly string[], context: JobContext): Promise<string | null> {
  if (queue === undefined) return (await statedQueue(context)) ?? seekAbove(context.cwd, new Set(known))
  const path = realPath(resolve(context.cwd, queue))
  if (isPlace(path)) return (await locateQueue(path)).source
  // One that was moved since is known by where it was.
  const former = known.findLast((place) => place === path || place.startsWith(`${path}${sep}`))
  return former ?? (await locateQueue(path)).source
}

/** Where the queues are of which the record has an attempt or a life, oldest attempt first. */
function knownPlaces(database: Connection): string[] {
  const tried = [...listAttempts(database), ...listWithdrawn(database)].map(({ source }) => source)
  return [...tried, ...listLives(database).flatMap(({ queue }) => queue ?? [])]
}

/** The queue that is to be tried. @throws UserError where none is named, and nobody stands in one. */
export async function queueToTry({ queue }: Place, context: JobContext): Promise<string> {
  const { cwd } = context
  if (queue !== undefined) return resolve(cwd, queue)
  const found = (await statedQueue(context)) ?? (await seekAbove(cwd, new Set()))
  if (found !== null) return found
  throw new UserError(
    `${cwd} has no series, and is in no directory that has one`,
    'name the queue with --queue; "--queue ." takes the *.patch files that are here, in the order of their names',
  )
}

/** The queue that the config of the directory one stands in names; null where it names none. */
async function statedQueue(context: JobContext): Promise<string | null> {
  const config = await configOf({}, context)
  if (config === null || config.queue === null) return null
  const { source } = await locateQueue(placeIn(config, 'queue', config.queue, context), config.format?.value ?? null)
  return source
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
  /** Null where none is named and the record knows several, or none. */
  queue: QueueIdentity | null
  attempts: AttemptKey[]
  /** Those that count no more. */
  withdrawn: WithdrawnAttempt[]
}

/** Which attempt is meant; by default the newest of the queue. */
export interface AttemptPlace extends Place {
  /** Its number. */
  attempt?: string
}

/**
 * The attempts of the queue that is meant. Where nobody stands in a queue, that of the attempt that
 * is named is meant, or the record's only one. @throws UserError where it knows several.
 */
export async function attemptsOf(
  database: Connection,
  place: AttemptPlace,
  context: JobContext,
): Promise<QueueAttempts> {
  const all = listAttempts(database)
  const queue = (await queueOf(place, database, context)) ?? (await queueOutside(all, place, database, context))
  const isOwn = ({ source }: AttemptKey) => queue?.places.includes(source) ?? false
  const attempts = all.filter(isOwn)
  if (queue !== null && attempts.length === 0) noteOldRecord(queue.place, place, context)
  return { queue, attempts, withdrawn: listWithdrawn(database).filter(isOwn) }
}

/** The queue that is meant by who stands in none. @throws UserError where the record knows several. */
async function queueOutside(
  all: readonly AttemptKey[],
  { attempt }: AttemptPlace,
  database: Connection,
  context: JobContext,
): Promise<QueueIdentity | null> {
  const named = all.find(({ id }) => String(id) === attempt)
  const known = distinctQueues(all, database)
  const [only, ...others] = known
  const place = named?.source ?? only
  if (place === undefined) return null
  if (named || others.length === 0) return await identityAt(place, database, context)
  throw new UserError(
    `no queue is here, and the record knows ${known.length}: ${namesOf(known)}`,
    'name one with --queue',
  )
}

/** Of each queue the place of its newest attempt. */
export function distinctQueues(all: readonly AttemptKey[], database: Connection): string[] {
  const names = namesByPlace(database)
  const keyOf = (source: string) => (names.has(source) ? `name ${names.get(source)}` : `place ${source}`)
  return [...new Map(all.map(({ source }) => [keyOf(source), source])).values()]
}

/** What to say where the queue that is meant has no attempt. */
export function noAttempt(database: Connection, queue: QueueIdentity | null): UserError {
  const withdrawn = listWithdrawn(database).filter(({ source }) => queue?.places.includes(source))
  if (withdrawn.length > 0)
    return new UserError(
      `all attempts of ${queue?.place} are withdrawn: ${withdrawn.map(({ id }) => `@${id}`).join(', ')}`,
      `${TRY_FIRST}; "rebaseline attempt restore @${withdrawn.at(-1)?.id}" brings the last back`,
    )
  const known = distinctQueues(listAttempts(database), database)
  if (queue === null || known.length === 0) return new UserError('no attempt is recorded yet', TRY_FIRST)
  return new UserError(
    `no attempt of ${queue.place} is recorded`,
    `${TRY_FIRST}; or name with --queue one that the record knows, also by where it was: ${namesOf(known)}`,
  )
}

const TRY_FIRST = 'try it first: "rebaseline try --help" says how'

function namesOf(sources: readonly string[]): string {
  const named = sources.slice(0, 5).join(', ')
  return sources.length > 5 ? `${named}, and ${sources.length - 5} more` : named
}

/** The number of the attempt that is meant. @throws UserError where there is none that counts. */
export async function chooseAttempt(
  database: Connection,
  { attempt, ...place }: AttemptPlace,
  context: JobContext,
): Promise<number> {
  if (attempt === undefined) {
    const { queue, attempts } = await attemptsOf(database, place, context)
    const newest = attempts.at(-1)
    if (newest) return newest.id
    throw noAttempt(database, queue)
  }
  const named = await findAttempt(database, { ...place, attempt }, context)
  if (!('reason' in named)) return named.id
  const { id, reason, by, at } = named
  throw new UserError(
    `attempt @${id} was withdrawn by ${by} on ${at.slice(0, 10)}: ${reason}`,
    `"rebaseline attempt restore @${id}" brings it back`,
  )
}

/**
 * The attempt of a number, withdrawn or not. @throws UserError where there is none, or it is of
 * another queue than the one that is meant.
 */
export async function findAttempt(
  database: Connection,
  { attempt, ...place }: Place & { attempt: string },
  context: JobContext,
): Promise<AttemptKey | WithdrawnAttempt> {
  const known = [...listAttempts(database), ...listWithdrawn(database)]
  const named = known.find(({ id }) => String(id) === attempt)
  if (!named) throw new UserError(`there is no attempt @${attempt}`, '"rebaseline show" lists them all')
  const queue = await queueOf(place, database, context)
  if (queue === null || queue.places.includes(named.source)) return named
  throw new UserError(`attempt @${attempt} is of another queue: ${named.source}`, `say --queue ${named.source}`)
}
