import { lstatSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The record beside a queue: `source` is its series file, or the directory of its patches. */
export function defaultDatabase(source: string): string {
  const directory = lstatSync(source, { throwIfNoEntry: false })?.isDirectory() ? source : dirname(source)
  return join(directory, '.rebaseline', 'rebaseline.db')
}
