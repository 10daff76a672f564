/** Opens the record and brings its schema up to date. */
import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { getAsset, isSea } from 'node:sea'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { UserError } from '../errors.ts'
import type { Connection } from './connection.ts'
import { BUSY_TIMEOUT, isBusy, patiently } from './patience.ts'
import { openSqlite, sqliteCode } from './sqlite.ts'

export type { Connection } from './connection.ts'

/** "rbsl": a database of ours, for file(1) and for us. */
const APPLICATION_ID = 0x7262736c

/** `amend`: to write to a record that is there. `write`: also to make it. */
export type Access = 'read' | 'amend' | 'write'

/**
 * Made where it is missing, if it is to be written. @throws UserError where the file is no record of
 * ours, or of a newer version.
 */
export async function openDatabase(path: string, access: Access): Promise<Connection> {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (stat && !stat.isFile()) throw new UserError(`${path} is no regular file`, 'name another file with --db')
  if (!stat && access !== 'write') {
    throw new UserError(
      `there is no record at ${path}`,
      'try a queue first, "rebaseline try --help" says how; or name its database with --db',
    )
  }
  mkdirSync(dirname(path), { recursive: true })
  await refuseJournal(path)
  if (!stat) makePrivateFile(path)
  try {
    return await patiently(() => configure(connect(path), path))
  } catch (error) {
    if (!stat && /^SQLITE_(?:FULL|IOERR)/.test(sqliteCode(error) ?? '')) removeEmpty(path)
    if (access === 'read' && isUnwritable(error) && isWhole(path)) return openCopy(path)
    if (sqliteCode(error) && !isBusy(error)) throw damaged(path, error as Error)
    throw error
  }
}

/** Nobody else can read it from its beginning; another process may have made it meanwhile. */
function makePrivateFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', PRIVATE))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== 'EEXIST')
      throw new UserError(`${path} cannot be made: ${message}`, 'check the permissions, or name another file with --db')
  }
}

/** A record that the disk had no room for is none. */
function removeEmpty(path: string): void {
  if (statSync(path).size > 0) return
  for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true })
}

/** `isCopy`: of a record that is only read, with nothing beside it. */
function configure(database: Connection, path: string, isCopy = false): Connection {
  try {
    checkOwner(database, path)
    database.pragma('trusted_schema = OFF')
    database.pragma('cell_size_check = ON')
    database.pragma('foreign_keys = ON')
    database.pragma(`journal_mode = ${isCopy ? 'MEMORY' : 'WAL'}`)
    database.pragma('synchronous = FULL')
    migrate(database, path)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** Of a first run at the same time it is there for a moment only. */
const PATIENCE = 40

/**
 * A record keeps a write-ahead log. A rollback journal is left behind by a first run that was
 * killed; or it came with somebody's record, and SQLite would do what it says: delete the file that
 * it names as its master journal (sqlite.org/fileformat.html, 3).
 */
async function refuseJournal(path: string): Promise<void> {
  const isThere = () => lstatSync(`${path}-journal`, { throwIfNoEntry: false }) !== undefined
  for (let waited = 0; waited < PATIENCE && isThere(); waited++) await setTimeout(50)
  if (isThere())
    throw new UserError(
      `${path}-journal is of a write that was cut off, or of somebody else's making`,
      'remove it; if the record does not open then, restore it from a backup',
    )
}

function isUnwritable(error: unknown): boolean {
  return /^SQLITE_(?:READONLY|CANTOPEN)/.test(sqliteCode(error) ?? '')
}

/** Nothing of it is left in a write-ahead log (sqlite.org/wal.html). */
function isWhole(path: string): boolean {
  return (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) === 0
}

/**
 * The record of somebody else, or on a medium that cannot be written: a database with a write-ahead
 * log is never only read. Its copy is nobody's from the beginning, and gone when it is closed.
 */
function openCopy(path: string): Connection {
  const bytes = readFileSync(path)
  // File format versions (sqlite.org/fileformat.html, 1.3): 2 asks for a write-ahead log.
  bytes.fill(1, 18, 20)
  const directory = mkdtempSync(join(tmpdir(), 'rebaseline-'))
  try {
    const copy = join(directory, 'record.db')
    writeFileSync(copy, bytes)
    return configure(connect(copy), path, true)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function connect(path: string): Connection {
  try {
    return openSqlite(path, BUSY_TIMEOUT)
  } catch (error) {
    if (error instanceof UserError) throw error
    const { message } = error as Error
    throw new UserError(`${path} cannot be opened: ${message}`, 'check the permissions, or name another file with --db')
  }
}

function damaged(path: string, error: Error): UserError {
  if (sqliteCode(error) === 'SQLITE_FULL')
    return new UserError(
      `${path} cannot be opened: the disk is full`,
      'make room, and run again; what was recorded before is whole',
    )
  if (/readonly|unable to open/i.test(error.message))
    return new UserError(`${path} cannot be written`, 'make it and its directory writable, or copy it')
  return new UserError(
    `${path} cannot be used: ${error.message}`,
    'restore it from a backup, or start a new record with --db',
  )
}

function checkOwner(database: Connection, path: string): void {
  const owner = database.pragma('application_id', { simple: true })
  const tables = database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get()
  if (owner !== APPLICATION_ID && tables !== 0) {
    throw new UserError(`${path} is a database of something else`, 'name another file with --db')
  }
}

/**
 * db/migrations holds the schema, one numbered file per step; `user_version` counts the steps
 * taken.
 */
function migrate(database: Connection, path: string): void {
  const steps = readMigrations()
  const version = () => database.pragma('user_version', { simple: true }) as number
  if (version() > steps.length) {
    throw new UserError(
      `${path} was written by a newer rebaseline`,
      'update rebaseline, or name another file with --db',
    )
  }
  const upgrade = database.transaction(() => {
    // Another process may have taken the steps while this one waited for the lock.
    for (const step of steps.slice(version())) database.exec(step)
    database.pragma(`application_id = ${APPLICATION_ID}`)
    database.pragma(`user_version = ${steps.length}`)
  })
  if (version() < steps.length) {
    if (version() > 0) backUp(database, version())
    // A table that others refer to is made anew under its name (sqlite.org/lang_altertable.html, 7).
    database.pragma('foreign_keys = OFF')
    upgrade.immediate()
    database.pragma('foreign_keys = ON')
  }
  checkSchema(database, path, steps)
}

/** Keeps the record as it was before its schema changes: "record.db.before-6" beside it. */
function backUp(database: Connection, version: number): void {
  const copy = `${database.name}.before-${version + 1}`
  if (existsSync(copy)) return
  database.prepare('VACUUM INTO ?').run(copy)
  chmodSync(copy, PRIVATE)
}

/** The record of a person is nobody else's. */
const PRIVATE = 0o600

/**
 * A trigger or view that came with somebody's file could change what is recorded: the schema must
 * be ours to the letter.
 */
function checkSchema(database: Connection, path: string, steps: readonly string[]): void {
  const ours = openSqlite(':memory:', 0)
  for (const step of steps) ours.exec(step)
  const expected = schemaOf(ours)
  ours.close()
  if (schemaOf(database) !== expected) {
    throw new UserError(
      `the schema of ${path} was changed by something else`,
      'restore it from a backup, or start a new record with --db',
    )
  }
}

function schemaOf(database: Connection): string {
  const rows = database
    .prepare("SELECT type, name, sql FROM sqlite_schema WHERE name NOT GLOB 'sqlite_*' ORDER BY type, name")
    .all()
  return JSON.stringify(rows)
}

function readMigrations(): string[] {
  if (isSea()) return JSON.parse(getAsset('migrations.json', 'utf8')) as string[]
  const directory = migrationsDirectory()
  return readdirSync(directory)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => readFileSync(join(directory, name), 'utf8'))
}

/** The bundle and the sources stand at different depths below the package. */
function migrationsDirectory(): string {
  let directory = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(directory, 'db', 'migrations'))) {
    const parent = dirname(directory)
    if (parent === directory) throw new Error('db/migrations is missing from this installation')
    directory = parent
  }
  return join(directory, 'db', 'migrations')
}
