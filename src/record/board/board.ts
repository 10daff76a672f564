/**
 * A board: what the dashboard shows of a record, ready to be read.
 * Every page is a few rows of it. A file of its own in the cache; it can be deleted at any time.
 */
import { rmSync } from 'node:fs'
import type { Connection, Statement } from '../connection.ts'
import { BUSY_TIMEOUT } from '../patience.ts'
import { openSqlite, sqliteCode } from '../sqlite.ts'
import { BOARD_SCHEMA, BOARD_VERSION } from './schema.ts'

/** A record, and what is drawn of it. */
export interface Board {
  record: Connection
  /** Written here alone. */
  drawn: Connection
}

/** Has SQLite refuse every write through a connection. */
export function onlyRead(connection: Connection): void {
  connection.pragma('query_only = ON')
}

/** Made anew where it is missing, damaged, or of another version. */
export function openBoard(path: string): Connection {
  try {
    return open(path)
  } catch (error) {
    const code = sqliteCode(error)
    if (code === null || code.startsWith('SQLITE_BUSY')) throw error
    clearAway(path)
    return open(path)
  }
}

function clearAway(path: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${path}${end}`, { force: true, recursive: true })
}

function open(path: string): Connection {
  const database = openSqlite(path, BUSY_TIMEOUT)
  try {
    database.pragma('trusted_schema = OFF')
    database.pragma('journal_mode = WAL')
    // What is lost with the power can be drawn again.
    database.pragma('synchronous = OFF')
    const version = database.pragma('user_version', { simple: true })
    if (version !== 0 && version !== BOARD_VERSION)
      throw Object.assign(new Error('another version'), { code: 'SQLITE_SCHEMA' })
    if (version === 0) database.exec(`BEGIN IMMEDIATE;${BOARD_SCHEMA}PRAGMA user_version = ${BOARD_VERSION};COMMIT;`)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

const REMEMBERED = new WeakMap<Connection, { state: string; values: Map<string, unknown> }>()

/** What is dear to add up, kept until anybody changes the database. */
export function remembered<Value>(connection: Connection, name: string, compute: () => Value): Value {
  const version = connection.pragma('data_version', { simple: true })
  const state = `${version} ${statement(connection, 'SELECT total_changes()').pluck().get()}`
  const known = REMEMBERED.get(connection)
  const values = known?.state === state ? known.values : new Map<string, unknown>()
  if (!values.has(name)) values.set(name, compute())
  REMEMBERED.set(connection, { state, values })
  return values.get(name) as Value
}

/** In SQL: one of a list that is bound as JSON. */
export const AMONG = '(SELECT value FROM json_each(?))'

const STATEMENTS = new WeakMap<Connection, Map<string, Statement<unknown[], unknown>>>()

/** A statement, prepared once for a connection. */
export function statement(connection: Connection, sql: string): Statement<unknown[], unknown> {
  const known = STATEMENTS.get(connection) ?? new Map<string, Statement<unknown[], unknown>>()
  STATEMENTS.set(connection, known)
  const prepared = known.get(sql) ?? connection.prepare(sql)
  known.set(sql, prepared)
  return prepared
}

/** All rows of a statement. */
export function rowsOf<Row>(connection: Connection, sql: string, ...values: readonly unknown[]): Row[] {
  return statement(connection, sql).all(...values) as Row[]
}

/** The first row of a statement; undefined where there is none. */
export function rowOf<Row>(connection: Connection, sql: string, ...values: readonly unknown[]): Row | undefined {
  return statement(connection, sql).get(...values) as Row | undefined
}
