/**
 * The cache of upstream commits and renames: what was read of them once is not read again. A file of
 * its own, beside no record: it can be deleted at any time.
 */
import { UserError } from '../errors.ts'
import { type ByteString, fromBytes, toBytes } from '../model/bytes.ts'
import type { CommitCache, CommitHistory, CommitSpan, HistoryTags } from '../model/commit-history.ts'
import type { IndexedCommit } from '../model/history.ts'
import { openCacheFile } from './cache-file.ts'
import { CachedHistory } from './commit-history.ts'
import { COMMIT_SCHEMA, type CommitRow, fromRow, hashesIn, toRow } from './commit-row.ts'
import type { Connection } from './connection.ts'
import { loadNotes, NOTES_SCHEMA, saveNotes } from './notes-cache.ts'
import { writeTo } from './patience.ts'
import { POSTINGS_SCHEMA, Postings } from './postings.ts'
import { sqliteCode } from './sqlite.ts'

/** Counts every change of what is kept, or of how it is computed: a cache of another is made anew. */
const VERSION = 3

const SCHEMA = `${COMMIT_SCHEMA}${POSTINGS_SCHEMA}${NOTES_SCHEMA}
-- Which commits are between two.
CREATE TABLE upstream_range (
  id INTEGER PRIMARY KEY,
  -- Empty: all of the target's ancestry.
  base TEXT NOT NULL,
  target TEXT NOT NULL,
  -- Their ids, of 32 bits, the oldest commit first.
  commits BLOB NOT NULL,
  -- JSON. NULL: not known.
  tag_version TEXT,
  tags TEXT,
  -- For each commit the index of the first tag that holds it, of 32 bits.
  first_tags BLOB,
  UNIQUE (base, target)
) STRICT;
-- Where upstream moved files between two commits.
CREATE TABLE upstream_rename (
  before_commit TEXT NOT NULL,
  after_commit TEXT NOT NULL,
  -- Old and new paths in turn, as bytes, with a NUL between.
  renames BLOB NOT NULL,
  PRIMARY KEY (before_commit, after_commit)
) STRICT, WITHOUT ROWID;`

/** So many ranges are kept, those that were made last: each has some hundred kilobytes. */
const MOST_RANGES = 50

export interface CommitIndex extends CommitCache {
  close: () => void
}

/** Opens the file, or makes it: where it is of another version, or damaged, anew. */
export function openCommitIndex(path: string): CommitIndex {
  const database = openCacheFile(path, { schema: SCHEMA, version: VERSION })
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
  const guard = (history: CommitHistory): CommitHistory => ({
    count: history.count,
    at: (place) => guarded(() => history.at(place)),
    shas: () => guarded(() => history.shas()),
    placeOf: (sha) => guarded(() => history.placeOf(sha)),
    find: (kind, keys, found) => guarded(() => history.find(kind, keys, found)),
  })
  return {
    commits: (shas) => guarded(() => loadCommits(database, shas)),
    unknown: (shas) => guarded(() => unknownOf(database, shas)),
    saveCommits: (commits) => saveCommits(database, commits).catch(tell),
    history: (span) => {
      const history = guarded(() => loadHistory(database, span))
      return history && guard(history)
    },
    makeHistory: (shas, span) => makeHistory(database, shas, span).then(guard, tell),
    tags: (span, version) => guarded(() => loadTags(database, span, version)),
    saveTags: (span, tags) => saveTags(database, span, tags).catch(tell),
    renames: (before, after) => guarded(() => loadRenames(database, before, after)),
    saveRenames: (before, after, renames) => saveRenames(database, before, after, renames).catch(tell),
    notes: (version) => guarded(() => loadNotes(database, version)),
    saveNotes: (version, commits) => saveNotes(database, version, commits).catch(tell),
    close: () => database.close(),
  }
}

function isDamage(error: unknown): boolean {
  return /^SQLITE_(?:CORRUPT|NOTADB)/.test(sqliteCode(error) ?? '')
}

function damaged(path: string): UserError {
  return new UserError(`the cache of upstream commits is damaged: ${path}`, 'delete that file: it is made again')
}

/**
 * Those of the given commits that are in the index. One statement for all of them takes two thirds
 * of the time of one for each.
 */
function loadCommits(database: Connection, shas: readonly string[]): IndexedCommit[] {
  const select = database.prepare<[string], CommitRow>(
    'SELECT upstream_commit.* FROM json_each(?) JOIN upstream_commit ON upstream_commit.sha = value',
  )
  const rows = select.raw().all(JSON.stringify(shas))
  return rows.map((row) => fromRow(row).commit)
}

function unknownOf(database: Connection, shas: readonly string[]): string[] {
  const select = database.prepare<[string], string>(
    'SELECT value FROM json_each(?) WHERE value NOT IN (SELECT sha FROM upstream_commit) ORDER BY key',
  )
  return select.pluck().all(JSON.stringify(shas))
}

function loadHistory(database: Connection, { base, target }: CommitSpan): CommitHistory | null {
  const select = database.prepare<[string, string], Buffer>(
    'SELECT commits FROM upstream_range WHERE base = ? AND target = ?',
  )
  const ids = select.pluck().get(base ?? '', target)
  return ids ? new CachedHistory(database, hashesIn(ids)) : null
}

async function makeHistory(
  database: Connection,
  shas: readonly string[],
  span: CommitSpan | null,
): Promise<CommitHistory> {
  // One transaction each: an interrupted run keeps the segments before it.
  while (await writeTo(database, () => addSegment(database)));
  const select = database.prepare<[string], number>(
    'SELECT upstream_commit.id FROM json_each(?) AS wanted JOIN upstream_commit ON sha = wanted.value ORDER BY wanted.key',
  )
  const ids = Uint32Array.from(select.pluck().all(JSON.stringify(shas)))
  if (span) await writeTo(database, () => saveRange(database, span, ids))
  return new CachedHistory(database, ids)
}

/** Whether there was one to add: of commits that are in none yet. */
function addSegment(database: Connection): boolean {
  const postings = new Postings(database)
  const newest = database.prepare<[], number>('SELECT coalesce(max(id), 0) FROM upstream_commit').pluck().get()
  const segment = postings.next(newest ?? 0)
  if (!segment) return false
  const select = database.prepare<[number], CommitRow>('SELECT * FROM upstream_commit WHERE id = ?').raw()
  postings.save(segment, rowsOf(segment.first, segment.last))
  return true

  // One by one: no other statement runs while one is being read from.
  function* rowsOf(first: number, last: number) {
    for (let id = first; id <= last; id++) {
      const row = select.get(id)
      if (row) yield fromRow(row)
    }
  }
}

function saveRange(database: Connection, { base, target }: CommitSpan, ids: Uint32Array): void {
  const insert = database.prepare('INSERT OR REPLACE INTO upstream_range (base, target, commits) VALUES (?, ?, ?)')
  const { lastInsertRowid } = insert.run(base ?? '', target, Buffer.from(ids.buffer))
  database.prepare('DELETE FROM upstream_range WHERE id <= ?').run(Number(lastInsertRowid) - MOST_RANGES)
}

function loadTags(database: Connection, { base, target }: CommitSpan, version: string): HistoryTags | null {
  const select = database.prepare<[string, string, string], { tags: string; first: Buffer }>(
    'SELECT tags, first_tags AS first FROM upstream_range WHERE base = ? AND target = ? AND tag_version = ?',
  )
  const row = select.get(base ?? '', target, version)
  return row ? { version, tags: JSON.parse(row.tags) as string[], first: hashesIn(row.first) } : null
}

function saveTags(
  database: Connection,
  { base, target }: CommitSpan,
  { version, tags, first }: HistoryTags,
): Promise<void> {
  const update = database.prepare(
    'UPDATE upstream_range SET tag_version = ?, tags = ?, first_tags = ? WHERE base = ? AND target = ?',
  )
  return writeTo(database, () => {
    update.run(version, JSON.stringify(tags), Buffer.from(first.buffer), base ?? '', target)
  })
}

/**
 * Files that upstream renamed between two commits, old to new; null where nobody has looked yet.
 */
function loadRenames(database: Connection, before: string, after: string): Map<ByteString, ByteString> | null {
  const select = database.prepare('SELECT renames FROM upstream_rename WHERE before_commit = ? AND after_commit = ?')
  const bytes = select.pluck().get(before, after) as Buffer | undefined
  if (!bytes) return null
  const paths = bytes.length === 0 ? [] : fromBytes(bytes).split('\0')
  return new Map(paths.flatMap((path, at) => (at % 2 === 0 ? [[path, paths[at + 1] ?? ''] as const] : [])))
}

function saveRenames(
  database: Connection,
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
function saveCommits(database: Connection, commits: readonly IndexedCommit[]): Promise<void> {
  const insert = database.prepare(
    `INSERT OR IGNORE INTO upstream_commit VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  return writeTo(database, () => {
    for (const commit of commits) insert.run(...toRow(commit))
  })
}
