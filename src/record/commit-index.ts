/**
 * The cache of upstream commits and renames: what was read of them once is not read again. A file of
 * its own, beside no record: it can be deleted at any time.
 */
import { rmSync } from 'node:fs'
import Database from 'better-sqlite3'
import { UserError } from '../errors.ts'
import { type ByteString, fromBytes, toBytes } from '../model/bytes.ts'
import type { CommitCache, IndexedCommit } from '../model/history.ts'
import { BUSY_TIMEOUT, writeTo } from './patience.ts'

/** Counts every change of what is kept, or of how it is computed: a cache of another is made anew. */
const VERSION = 1

const SCHEMA = `
CREATE TABLE IF NOT EXISTS upstream_commit (
  sha TEXT PRIMARY KEY,
  parents TEXT NOT NULL,
  subject TEXT NOT NULL,
  author TEXT NOT NULL,
  time INTEGER NOT NULL,
  -- Ids that the message names, with a blank between: what it was cherry-picked from, what it reverts.
  taken_from TEXT NOT NULL,
  reverts TEXT NOT NULL,
  -- NULL: the commit has no diff of its own.
  patch_id TEXT,
  -- Bytes, with a NUL between.
  paths BLOB NOT NULL,
  -- Hashes of 32 bits, in the byte order of the machine that wrote them: of its changed lines, of the sentences of its message, of the
  -- words that it adds more often than it removes.
  lines BLOB NOT NULL,
  message BLOB NOT NULL,
  words BLOB NOT NULL
) STRICT;
-- Where upstream moved files between two commits.
CREATE TABLE IF NOT EXISTS upstream_rename (
  before_commit TEXT NOT NULL,
  after_commit TEXT NOT NULL,
  -- Old and new paths in turn, as bytes, with a NUL between.
  renames BLOB NOT NULL,
  PRIMARY KEY (before_commit, after_commit)
) STRICT, WITHOUT ROWID;
PRAGMA user_version = ${VERSION};`

export interface CommitIndex extends CommitCache {
  close: () => void
}

/** Opens the file, or makes it: where it is of another version, or damaged, anew. */
export function openCommitIndex(path: string): CommitIndex {
  const database = openAnew(path)
  const tell = (error: unknown): never => {
    throw isDamage(error) ? damaged(path) : error
  }
  const guarded = <Result>(work: () => Result): Result => {
    try {
      return work()
    } catch (error) {
      return tell(error)
    }
  }
  return {
    commits: (shas) => guarded(() => loadCommits(database, shas)),
    saveCommits: (commits) => saveCommits(database, commits).catch(tell),
    renames: (before, after) => guarded(() => loadRenames(database, before, after)),
    saveRenames: (before, after, renames) => saveRenames(database, before, after, renames).catch(tell),
    close: () => database.close(),
  }
}

/** sqlite.org/rescode.html */
function isDamage(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(?:CORRUPT|NOTADB)/.test(error.code)
}

function damaged(path: string): UserError {
  return new UserError(`the cache of upstream commits is damaged: ${path}`, 'delete that file: it is made again')
}

function openAnew(path: string): Database.Database {
  try {
    return open(path)
  } catch (error) {
    if (!(error instanceof Database.SqliteError) || error.code.startsWith('SQLITE_BUSY')) throw error
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${path}${end}`, { force: true, recursive: true })
    return open(path)
  }
}

function open(path: string): Database.Database {
  const database = new Database(path, { timeout: BUSY_TIMEOUT })
  try {
    database.pragma('trusted_schema = OFF')
    database.pragma('journal_mode = WAL')
    // What is lost with the power can be read again.
    database.pragma('synchronous = OFF')
    const version = database.pragma('user_version', { simple: true })
    if (version !== 0 && version !== VERSION) throw new Database.SqliteError('another version', 'SQLITE_SCHEMA')
    if (version === 0) database.exec(`BEGIN IMMEDIATE;${SCHEMA}COMMIT;`)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}
/** A row of the table, column by column: objects with names would take twice the time. */
type CommitRow = [
  ...[sha: string, parents: string, subject: string, author: string, time: number, takenFrom: string, reverts: string],
  ...[patchId: string | null, paths: Buffer, lines: Buffer, message: Buffer, words: Buffer],
]

/**
 * Those of the given commits that are in the index. One statement for all of them takes two thirds
 * of the time of one for each.
 */
function loadCommits(database: Database.Database, shas: readonly string[]): IndexedCommit[] {
  const select = database.prepare(
    'SELECT upstream_commit.* FROM json_each(?) JOIN upstream_commit ON upstream_commit.sha = value',
  )
  return (select.raw().all(JSON.stringify(shas)) as CommitRow[]).map(fromRow)
}

/**
 * Files that upstream renamed between two commits, old to new; null where nobody has looked yet.
 */
function loadRenames(database: Database.Database, before: string, after: string): Map<ByteString, ByteString> | null {
  const select = database.prepare('SELECT renames FROM upstream_rename WHERE before_commit = ? AND after_commit = ?')
  const bytes = select.pluck().get(before, after) as Buffer | undefined
  if (!bytes) return null
  const paths = bytes.length === 0 ? [] : fromBytes(bytes).split('\0')
  return new Map(paths.flatMap((path, at) => (at % 2 === 0 ? [[path, paths[at + 1] ?? ''] as const] : [])))
}

function saveRenames(
  database: Database.Database,
  before: string,
  after: string,
  renames: ReadonlyMap<ByteString, ByteString>,
): Promise<void> {
  const insert = database.prepare('INSERT OR IGNORE INTO upstream_rename VALUES (?, ?, ?)')
  return writeTo(database, () => {
    insert.run(before, after, toBytes([...renames].flat().join('\0')))
  })
}

/** One transaction: an interrupted run keeps the batches before it. */
function saveCommits(database: Database.Database, commits: readonly IndexedCommit[]): Promise<void> {
  const insert = database.prepare('INSERT OR IGNORE INTO upstream_commit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  return writeTo(database, () => {
    for (const commit of commits) insert.run(...toRow(commit))
  })
}

function toRow(commit: IndexedCommit) {
  const { sha, parents, subject, author, time, takenFrom, reverts, patchId, paths } = commit
  const lists = [parents, takenFrom, reverts].map((list) => list.join(' '))
  const [lines, message, words] = [commit.lines, commit.message, commit.words].map((hashes) =>
    Buffer.from(hashes.buffer, hashes.byteOffset, hashes.byteLength),
  )
  return [
    sha,
    lists[0],
    subject,
    author,
    time,
    lists[1],
    lists[2],
    patchId,
    toBytes(paths.join('\0')),
    lines,
    message,
    words,
  ]
}

function fromRow(row: CommitRow): IndexedCommit {
  const [sha, parents, subject, author, time, takenFrom, reverts, patchId, pathBytes, lines, message, words] = row
  const paths = fromBytes(pathBytes)
  return {
    ...{
      sha,
      parents: wordsIn(parents),
      subject,
      author,
      time,
      takenFrom: wordsIn(takenFrom),
      reverts: wordsIn(reverts),
    },
    ...{
      patchId,
      paths: paths === '' ? [] : paths.split('\0'),
      lines: hashesIn(lines),
      message: hashesIn(message),
      words: hashesIn(words),
    },
  }
}

function wordsIn(list: string): string[] {
  return list === '' ? [] : list.split(' ')
}

/** Copied only where it must be: a typed array begins at a multiple of its element's size. */
function hashesIn({ buffer, byteOffset, byteLength }: Buffer): Uint32Array {
  if (byteOffset % Uint32Array.BYTES_PER_ELEMENT === 0)
    return new Uint32Array(buffer, byteOffset, byteLength / Uint32Array.BYTES_PER_ELEMENT)
  return new Uint32Array(buffer.slice(byteOffset, byteOffset + byteLength))
}
