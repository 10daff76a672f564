/**
 * The door to SQLite: better-sqlite3 where it could be built, and Node's own where that is there.
 */
import { createRequire } from 'node:module'
import { isSea } from 'node:sea'
import { UserError } from '../errors.ts'
import type { Connection, OpenSqlite } from './connection.ts'
import { openerOfNode } from './node-sqlite.ts'

interface Driver {
  name: string
  open: OpenSqlite
}

// What was not built is not there to be imported.
const load = createRequire(import.meta.url)
let loaded: Driver | null = null

export const openSqlite: OpenSqlite = (path, busyTimeout) => driver().open(path, busyTimeout)

/** Which SQLite is spoken to: "3.53.2, of better-sqlite3". */
export function sqliteVersion(): string {
  const database = openSqlite(':memory:', 0)
  const version = database.prepare('SELECT sqlite_version()').pluck().get()
  database.close()
  return `${version}, of ${driver().name}`
}

/** sqlite.org/rescode.html: what SQLite itself said of a failure, as "SQLITE_FULL"; null of others. */
export function sqliteCode(error: unknown): string | null {
  const { code } = (error ?? {}) as { code?: unknown }
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : null
}

function driver(): Driver {
  loaded ??= betterSqlite() ?? nodeSqlite()
  if (loaded) return loaded
  throw new UserError(
    `no SQLite: better-sqlite3 was not built for this Node (${process.version}), and Node has its own from 22.16 on`,
    'take Node 22.16 or newer, or the single executable of rebaseline, which needs no Node; or install g++, make and python3, and install rebaseline again',
  )
}

/** Null where it was not built, or for another Node. */
function betterSqlite(): Driver | null {
  // The executable loads nothing from the directories that it happens to lie in.
  if (isSea()) return null
  try {
    const Database = load('better-sqlite3') as typeof import('better-sqlite3')
    new Database(':memory:').close()
    return { name: 'better-sqlite3', open: (path, timeout) => new Database(path, { timeout }) as Connection }
  } catch {
    return null
  }
}

function nodeSqlite(): Driver | null {
  const open = openerOfNode()
  return open && { name: 'node:sqlite', open }
}
