/** Locks that a process holds while it lives, against other containers, too. */
import { existsSync } from 'node:fs'
import { openSqlite, sqliteCode } from './sqlite.ts'

/** Lets the lock go. */
export type Release = () => void

/**
 * Takes the lock of a file, which is made where it is missing; null where another holds it, or has
 * taken the file away in the meantime. The lock is SQLite's own, by fcntl(2): the system lets it go
 * when the process ends, and process ids say nothing where several containers share a directory.
 */
export function takeLock(file: string): Release | null {
  const connection = openSqlite(file, 0)
  try {
    // Nothing is ever written: no journal is needed beside it.
    connection.pragma('journal_mode = MEMORY')
    connection.exec('BEGIN EXCLUSIVE')
    if (existsSync(file)) return () => connection.close()
  } catch (error) {
    if (!sqliteCode(error)) throw error
  }
  connection.close()
  return null
}
