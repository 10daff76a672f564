import { lstatSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The record beside a queue: `source` is its series file, or the directory of its patches. */
export function defaultDatabase(source: string): string {
  const directory = lstatSync(source, { throwIfNoEntry: false })?.isDirectory() ? source : dirname(source)
  return join(directory, '.rebaseline', 'rebaseline.db')
}

/** The options that make another command find the same record, with a blank in front, as one would type them in a shell. */
export function locatorOf({ db, queue }: { db?: string; queue: string }): string {
  if (db !== undefined) return ` --db ${shellWord(db)}`
  return queue === '.' ? '' : ` --queue ${shellWord(queue)}`
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
