/** What is used of a database: the part of better-sqlite3 that Node's own can do as well. */

export interface Connection {
  /** The file. */
  readonly name: string
  prepare: <Parameters extends unknown[] = unknown[], Row = unknown>(sql: string) => Statement<Parameters, Row>
  exec: (sql: string) => unknown
  /** The rows that it answers; `simple`: the first column of the first one. */
  pragma: (text: string, options?: { simple: boolean }) => unknown
  /** The work, done whole or not at all; `immediate` waits for who writes before it begins. */
  transaction: <Given extends unknown[], Result>(work: (...given: Given) => Result) => Transaction<Given, Result>
  close: () => unknown
}

export interface Statement<Parameters extends unknown[], Row> {
  run: (...parameters: Parameters) => Written
  get: (...parameters: Parameters) => Row | undefined
  all: (...parameters: Parameters) => Row[]
  /** Answers the first column of a row in place of the row. */
  pluck: () => this
  /** Answers the columns of a row as a list. */
  raw: () => this
}

export interface Written {
  changes: number | bigint
  lastInsertRowid: number | bigint
}

export interface Transaction<Given extends unknown[], Result> {
  (...given: Given): Result
  immediate: (...given: Given) => Result
}

/** `busyTimeout`: milliseconds to wait for others. @throws an error whose code begins with SQLITE_ */
export type OpenSqlite = (path: string, busyTimeout: number) => Connection
