/**
 * Node's own SQLite (nodejs.org/api/sqlite.html), answering as better-sqlite3 does: but for a text
 * with a NUL in it, which Node 22 cuts there when it is read, and Node 24 no more.
 */
import { createRequire } from 'node:module'
import type { Connection, OpenSqlite, Statement, Transaction, Written } from './connection.ts'

/** What is used of it; the types of the oldest Node do not know it. */
interface DatabaseSync {
  readonly isTransaction: boolean
  prepare: (sql: string) => StatementSync
  exec: (sql: string) => void
  close: () => void
}

interface StatementSync {
  run: (...parameters: unknown[]) => Written
  get: (...parameters: unknown[]) => object | undefined
  all: (...parameters: unknown[]) => object[]
  setReturnArrays: (isWanted: boolean) => void
  setAllowUnknownNamedParameters: (isWanted: boolean) => void
}

interface Module {
  DatabaseSync: new (path: string) => DatabaseSync
  StatementSync: { prototype: Partial<StatementSync> }
}

/** Null where this Node has none, or one that cannot do what is needed (before 22.16). */
export function openerOfNode(): OpenSqlite | null {
  const module = loadModule()
  if (!module?.StatementSync.prototype.setReturnArrays) return null
  return (path, busyTimeout) => {
    const database = told(() => new module.DatabaseSync(path))
    const connection = new NodeConnection(path, database)
    connection.pragma(`busy_timeout = ${busyTimeout}`)
    return connection
  }
}

/** Without the warning that it may change: which Node has what we need is known. */
function loadModule(): Module | null {
  const { emitWarning } = process
  process.emitWarning = () => {}
  try {
    return createRequire(import.meta.url)('node:sqlite') as Module
  } catch {
    return null
  } finally {
    process.emitWarning = emitWarning
  }
}

class NodeConnection implements Connection {
  readonly name: string
  readonly #database: DatabaseSync

  constructor(name: string, database: DatabaseSync) {
    this.name = name
    this.#database = database
  }

  prepare<Parameters extends unknown[], Row>(sql: string): Statement<Parameters, Row> {
    return new NodeStatement<Parameters, Row>(told(() => this.#database.prepare(sql)))
  }

  exec(sql: string): void {
    told(() => this.#database.exec(sql))
  }

  pragma(text: string, { simple } = { simple: false }): unknown {
    const statement = this.prepare(`PRAGMA ${text}`)
    return simple ? statement.pluck().get() : statement.all()
  }

  transaction<Given extends unknown[], Result>(work: (...given: Given) => Result): Transaction<Given, Result> {
    const whole =
      (begin: string) =>
      (...given: Given) =>
        this.#whole(begin, () => work(...given))
    return Object.assign(whole('BEGIN'), { immediate: whole('BEGIN IMMEDIATE') })
  }

  close(): void {
    this.#database.close()
  }

  #whole<Result>(begin: string, work: () => Result): Result {
    const { open, keep, undo } = this.#database.isTransaction ? PART : { ...WHOLE, open: begin }
    this.exec(open)
    try {
      const result = work()
      this.exec(keep)
      return result
    } catch (error) {
      // SQLite itself takes some back: where the disk is full, for one.
      if (this.#database.isTransaction) this.exec(undo)
      throw error
    }
  }
}

const WHOLE = { keep: 'COMMIT', undo: 'ROLLBACK' }
/** A transaction in another: of its own it takes back only what it did (sqlite.org/lang_savepoint.html). */
const PART = { open: 'SAVEPOINT part', keep: 'RELEASE part', undo: 'ROLLBACK TO part; RELEASE part' }

class NodeStatement<Parameters extends unknown[], Row> implements Statement<Parameters, Row> {
  readonly #statement: StatementSync
  #shape: (row: object) => unknown = (row) => withBuffers(row)

  constructor(statement: StatementSync) {
    this.#statement = statement
    statement.setAllowUnknownNamedParameters(true)
  }

  run(...parameters: Parameters): Written {
    return told(() => this.#statement.run(...parameters.map(toBound)))
  }

  get(...parameters: Parameters): Row | undefined {
    const row = told(() => this.#statement.get(...parameters.map(toBound)))
    return row && (this.#shape(row) as Row)
  }

  all(...parameters: Parameters): Row[] {
    return told(() => this.#statement.all(...parameters.map(toBound))).map(this.#shape) as Row[]
  }

  pluck(): this {
    this.#statement.setReturnArrays(true)
    this.#shape = (row) => toBuffer((row as unknown[])[0])
    return this
  }

  raw(): this {
    this.#statement.setReturnArrays(true)
    this.#shape = (row) => (row as unknown[]).map(toBuffer)
    return this
  }
}

const NO_BYTES = new Uint8Array(1).subarray(1)

/** A parameter, or several by their names. No bytes without memory behind them are NULL to Node 22. */
function toBound(value: unknown): unknown {
  if (value instanceof Uint8Array) return value.length === 0 ? NO_BYTES : value
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, toBound(one)]))
}

function withBuffers(row: object): object {
  const columns = row as Record<string, unknown>
  for (const name in columns) columns[name] = toBuffer(columns[name])
  return row
}

function toBuffer(value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value
}

/** sqlite.org/rescode.html: the primary result codes, by their numbers. */
const CODES = [
  ...['OK', 'ERROR', 'INTERNAL', 'PERM', 'ABORT', 'BUSY', 'LOCKED', 'NOMEM', 'READONLY', 'INTERRUPT', 'IOERR'],
  ...['CORRUPT', 'NOTFOUND', 'FULL', 'CANTOPEN', 'PROTOCOL', 'EMPTY', 'SCHEMA', 'TOOBIG', 'CONSTRAINT', 'MISMATCH'],
  ...['MISUSE', 'NOLFS', 'AUTH', 'FORMAT', 'RANGE', 'NOTADB'],
]

/** The work's result; an error of SQLite's carries its code by name. */
function told<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    // The byte below is the primary code of an extended one.
    const { errcode } = error as { errcode?: number }
    const name = errcode === undefined ? undefined : CODES[errcode & 0xff]
    if (name) Object.assign(error as Error, { code: `SQLITE_${name}` })
    throw error
  }
}
