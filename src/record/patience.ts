/** Waits for other programs that write to the same database, so that signals are heard meanwhile. */
import { setTimeout } from 'node:timers/promises'
import type { Connection } from './connection.ts'
import { sqliteCode } from './sqlite.ts'

/** Milliseconds that SQLite itself waits, in which nothing else happens in the process. */
export const BUSY_TIMEOUT = 200
/** Milliseconds between two attempts, and how long they go on. */
const PAUSE = 50
const PATIENCE = 30_000

/** Does it again and again while the database is locked. @throws what it throws at last. */
export async function patiently<Result>(work: () => Result): Promise<Result> {
  for (let waited = 0; ; waited += PAUSE + BUSY_TIMEOUT) {
    try {
      return work()
    } catch (error) {
      if (!isBusy(error) || waited >= PATIENCE) throw error
    }
    await setTimeout(PAUSE)
  }
}

/** SQLITE_BUSY and what is kin to it. */
export function isBusy(error: unknown): boolean {
  return sqliteCode(error)?.startsWith('SQLITE_BUSY') ?? false
}

/** Writes in one transaction, which is there whole or not at all. */
export function writeTo<Result>(database: Connection, write: () => Result): Promise<Result> {
  const transaction = database.transaction(write)
  return patiently(() => transaction.immediate())
}
