/** The queue of an attempt, as it was tried. */
import { existsSync } from 'node:fs'
import { UserError } from '../errors.ts'
import type { RecordedAttempt } from '../model/attempt.ts'
import type { JobContext } from '../model/job.ts'
import type { PatchQueue } from '../model/queue.ts'
import type { QueueListing, ReadOptions } from '../queue/formats/format.ts'
import { type LocatedQueue, locateQueue } from '../queue/locate.ts'
import { isPlace } from '../queue/place.ts'
import { readLocated } from '../queue/read-queue.ts'
import { topOf } from '../queue/write-queue.ts'
import type { Connection } from '../record/database.ts'
import { placesOf } from '../record/queue-names.ts'
import { queueOf } from './queue-place.ts'
import type { Place } from './record.ts'

export interface AttemptedQueue {
  located: LocatedQueue
  listing: QueueListing
  /** The directory that holds the queue's list and its patches. */
  directory: string
  queue: PatchQueue
}

/** Where an export in place leaves the queue as it was. */
export function backupOf(directory: string, { id }: Pick<RecordedAttempt, 'id'>): string {
  return `${directory}.before-attempt-${id}`
}

/**
 * Where the queue of an attempt is opened: the attempt may have been made where it was before, or in
 * another checkout.
 */
export async function placeOfAttempt(
  { queue: { source } }: RecordedAttempt,
  place: Place,
  database: Connection,
  context: JobContext,
): Promise<string> {
  const meant = await queueOf(place, database, context)
  if (meant?.places.includes(source) && isPlace(meant.place)) return meant.place
  return isPlace(source) ? source : (placesOf(database, source).findLast(isPlace) ?? source)
}

/**
 * The queue as the attempt tried it: at `source`, or in the backup of an export that was killed.
 *
 * @throws UserError where it changed since.
 */
export async function attemptedQueue(
  attempt: RecordedAttempt,
  source: string,
  options: ReadOptions,
): Promise<AttemptedQueue> {
  const { revision } = attempt.queue
  const located = await locateQueue(source, attempt.queue.format)
  const listing = await located.reader.read(located.files, located.list, options)
  const directory = located.files.nameOf(await topOf(located, listing))
  const queue = await readLocated(located, options)
  if (queue.revision === revision) return { located, listing, directory, queue }
  const backup = source.replace(directory, backupOf(directory, attempt))
  if (existsSync(backup)) {
    const saved = await locateQueue(backup, attempt.queue.format)
    const before = await readLocated(saved, options)
    if (before.revision === revision)
      return {
        located: saved,
        listing: await saved.reader.read(saved.files, saved.list, options),
        directory,
        queue: before,
      }
  }
  throw new UserError(
    `${source} is another queue than attempt @${attempt.id} tried`,
    'try it again, and go on with that attempt; guards are given again with --guard',
  )
}
