/**
 * A board: what the dashboard shows of a record, ready to be read.
 * Every page is a few rows of it. A file of its own in the cache; it can be deleted at any time.
 */
import { openCacheFile } from '../cache-file.ts'
import type { Connection, Statement } from '../connection.ts'
import { BOARD_SCHEMA, BOARD_START, BOARD_VERSION } from './schema.ts'

/** A record, and what is drawn of it. */
export interface Board {
  record: Connection
  /** Written here alone. */
  drawn: Connection
}

/** Takes all off a board that is drawn on it. */
export function wipeBoard(drawn: Connection): void {
  const tables = drawn.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'words*'`).pluck()
  drawn.pragma('defer_foreign_keys = ON')
  for (const table of tables.all() as string[]) drawn.exec(`DELETE FROM ${table}`)
  drawn.exec(`INSERT INTO words (words) VALUES ('delete-all')`)
  drawn.exec(BOARD_START)
}

/** Has SQLite refuse every write through a connection. */
export function onlyRead(connection: Connection): void {
  connection.pragma('query_only = ON')
}

/** Made anew where it is missing, damaged, or of another version. */
export function openBoard(path: string): Connection {
  return openCacheFile(path, { schema: BOARD_SCHEMA, version: BOARD_VERSION })
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
