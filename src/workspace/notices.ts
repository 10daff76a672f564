/** Leaves files for other programs in a portfolio's directory, and nowhere else. */
import { closeSync, lstatSync, openSync, readSync, realpathSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { UserError } from '../errors.ts'
import { writeWhole } from '../queue/write-whole.ts'

/** A file that is written anew each time. */
export interface Notice {
  /** Below the directory. */
  path: string
  text: string
  /** How each such file of ours begins: another one is not written over. */
  mark: string
}

/**
 * Writes it whole, or not at all. @throws UserError where that would be outside of the directory, or
 * over somebody else's file.
 */
export function leaveNotice(directory: string, { path, text, mark }: Notice): void {
  const target = join(directory, path)
  checkPlace(directory, target)
  checkOurs(target, mark)
  writeWhole(target, text, 0o600)
}

/** A link may lead anywhere. */
function checkPlace(directory: string, target: string): void {
  const parent = dirname(target)
  if (!lstatSync(parent, { throwIfNoEntry: false }))
    throw new UserError(`${parent} is not there`, 'make the directory, or name another file for the notifications')
  const [home, place] = [realpathSync(directory), realpathSync(parent)]
  if (place !== home && !place.startsWith(home.endsWith(sep) ? home : `${home}${sep}`))
    throw new UserError(
      `${target} leads out of ${directory}`,
      'name a file in the directory of the portfolio for the notifications',
    )
}

function checkOurs(target: string, mark: string): void {
  const stat = lstatSync(target, { throwIfNoEntry: false })
  if (stat === undefined || (stat.isFile() && (stat.size === 0 || startOf(target, mark.length) === mark))) return
  throw new UserError(
    `${target} is there, and no file of notifications`,
    'move it away, or name another file for the notifications',
  )
}

function startOf(path: string, length: number): string {
  const bytes = Buffer.alloc(length)
  const file = openSync(path, 'r')
  try {
    return bytes.subarray(0, readSync(file, bytes, 0, length, 0)).toString('latin1')
  } finally {
    closeSync(file)
  }
}
