import { lstatSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UserError } from '../errors.ts'
import { shellPath } from '../report/sanitize.ts'

/**
 * The record beside a queue: `source` is its series file, or the directory of its patches. @throws
 * UserError where somebody else made what is there, or it leads elsewhere: a queue from a stranger
 * could come with it.
 */
export function defaultDatabase(source: string): string {
  const directory = lstatSync(source, { throwIfNoEntry: false })?.isDirectory() ? source : dirname(source)
  const place = join(directory, '.rebaseline')
  if (lstatSync(place, { throwIfNoEntry: false }) && !isOwn(place))
    throw new UserError(`${place} is no directory of yours`, 'remove it, or name the record with --db')
  return join(place, 'rebaseline.db')
}

/** Whether it is a directory, not a link to one, and the user's. */
export function isOwn(directory: string): boolean {
  const stat = lstatSync(directory, { throwIfNoEntry: false })
  return stat?.isDirectory() === true && (!process.getuid || stat.uid === process.getuid())
}

/**
 * The options that make another command find the same record, with a blank in front, as one would
 * type them in a shell.
 */
export function locatorOf({ db, queue }: { db?: string; queue: string }): string {
  if (db !== undefined) return ` --db ${shellPath(db)}`
  return queue === '.' ? '' : ` --queue ${shellPath(queue)}`
}
