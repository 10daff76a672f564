/** Directories that nobody else may enter. */
import { lstatSync, mkdirSync } from 'node:fs'
import { UserError } from '../errors.ts'

/**
 * Makes a directory, unless it is there. @throws UserError where it is somebody else's, or no
 * directory: others can write beside it, as in /dev/shm.
 */
export function makePrivate(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  if (!isOursOrFree(directory)) {
    throw new UserError(
      `${directory} belongs to somebody else`,
      'name another place (--db, XDG_STATE_HOME, XDG_CACHE_HOME), or have its owner changed',
    )
  }
}

/** Whether nobody else has put something at a path. */
export function isOursOrFree(directory: string): boolean {
  const stat = lstatSync(directory, { throwIfNoEntry: false })
  return stat === undefined || (stat.isDirectory() && (!process.getuid || stat.uid === process.getuid()))
}
