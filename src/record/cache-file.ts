/** Databases that can be deleted at any time: what is in them is made again. */
import { rmSync } from 'node:fs'
import type { Connection } from './connection.ts'
import { BUSY_TIMEOUT, isBusy } from './patience.ts'
import { openSqlite, sqliteCode } from './sqlite.ts'

/** What such a file holds. */
export interface CacheSchema {
  /** In SQL. */
  schema: string
  /** From 1; counts every change of what is kept, or of how it is computed. */
  version: number
}

/** Opens the file, or makes it: where it is of another version, or damaged, anew. */
export function openCacheFile(path: string, content: CacheSchema): Connection {
  try {
    return open(path, content)
  } catch (error) {
    if (sqliteCode(error) === null || isBusy(error)) throw error
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${path}${end}`, { force: true, recursive: true })
    return open(path, content)
  }
}

function open(path: string, { schema, version }: CacheSchema): Connection {
  const database = openSqlite(path, BUSY_TIMEOUT)
  try {
    database.pragma('trusted_schema = OFF')
    database.pragma('journal_mode = WAL')
    // What is lost with the power can be made again.
    database.pragma('synchronous = OFF')
    const found = database.pragma('user_version', { simple: true })
    if (found !== 0 && found !== version) throw Object.assign(new Error('another version'), { code: 'SQLITE_SCHEMA' })
    if (found === 0) database.exec(`BEGIN IMMEDIATE;${schema}PRAGMA user_version = ${version};COMMIT;`)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}
