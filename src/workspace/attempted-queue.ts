/** The queue of an attempt, as it was tried. */
import { existsSync } from 'node:fs'
import { UserError } from '../errors.ts'
import type { RecordedAttempt } from '../model/attempt.ts'
import type { PatchQueue } from '../model/queue.ts'
import type { QueueListing, ReadOptions } from '../queue/formats/format.ts'
import { type LocatedQueue, locateQueue } from '../queue/locate.ts'
import { readLocated } from '../queue/read-queue.ts'
import { topOf } from '../queue/write-queue.ts'

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
 * The queue as the attempt tried it: where it is, or in the backup of an export that was killed.
 *
 * @throws UserError where it changed since.
 */
export async function attemptedQueue(attempt: RecordedAttempt, options: ReadOptions): Promise<AttemptedQueue> {
  const { source, revision } = attempt.queue
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
