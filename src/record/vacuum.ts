/** Makes a database file small: SQLite writes it anew, without the room that nothing uses. */
import { statSync } from 'node:fs'
import { UserError } from '../errors.ts'
import type { Connection } from './connection.ts'
import { patiently } from './patience.ts'

/** Bytes of the file, and of its write-ahead log. */
export interface Sizes {
  before: number
  now: number
}

/** What is recorded stays as it is. @throws UserError where the file is damaged: it is left alone. */
export async function vacuum(database: Connection): Promise<Sizes> {
  const said = database.pragma('quick_check(1)', { simple: true })
  if (said !== 'ok')
    throw new UserError(`${database.name} is damaged, and left as it is: ${said}`, 'restore it from a backup')
  const before = sizeOf(database.name)
  await patiently(() => database.exec('VACUUM'))
  // Where others read it, the log is emptied by whoever closes it last.
  database.pragma('wal_checkpoint(TRUNCATE)')
  return { before, now: sizeOf(database.name) }
}

function sizeOf(file: string): number {
  const sizes = [file, `${file}-wal`].map((path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0)
  return sizes.reduce((sum, size) => sum + size, 0)
}
