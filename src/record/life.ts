/**
 * The life of a queue: its revisions, and what is known of its patches. Nothing of it changes; an
 * import adds what is new.
 */
import { type ByteString, fromBytes, toBytes } from '../model/bytes.ts'
import type { Listing, PatchFacts, QueueLife, QueueRevision } from '../model/life.ts'
import type { Connection } from './database.ts'
import { writeTo } from './patience.ts'

export interface NewLife extends LifeSource {
  /** Branch to the commit at its end. */
  branches: ReadonlyMap<string, string>
  /** Whether these are all branches that the repository has; then others are gone. */
  hasAll: boolean
  head: string | null
  cuts: readonly string[]
  /** What is sought, in words of the importer's own. */
  reading: string
  /** Parents before their children. */
  revisions: readonly QueueRevision[]
  /** By digest. */
  facts: ReadonlyMap<string, PatchFacts>
  contents: ReadonlyMap<string, Uint8Array>
}

export interface LifeSource {
  repository: string
  /** Where its queue is. */
  queue: string
}

/** One transaction: an import is there whole, or not at all. */
export function saveLife(database: Connection, life: NewLife): Promise<void> {
  return writeTo(database, () => {
    const source = saveSource(database, life)
    savePatches(database, life)
    const listings = new Set<Listing>()
    for (const { entries } of life.revisions) for (const listing of entries) listings.add(listing)
    const ids = saveListings(database, listings)
    const insert = database.prepare(`INSERT OR REPLACE INTO imported_revision
      (source_id, sha, parent, time, author, subject, base, base_from, problem, revision, entries)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
    for (const one of life.revisions) {
      const numbers = Uint32Array.from(one.entries.map((listing) => ids.get(listing) ?? 0))
      const { sha, parent, time, author, subject, base, baseFrom, problem, revision } = one
      insert.run(source, sha, parent, time, author, subject, base, baseFrom, problem, revision, bytesOf(numbers))
    }
    saveBranches(database, source, life)
  })
}

/** What was imported last for a queue counts. */
function saveSource(database: Connection, { repository, queue, cuts, reading }: NewLife): number {
  database
    .prepare(`INSERT INTO queue_source (repository, queue, cuts, reading) VALUES (?, ?, ?, ?)
      ON CONFLICT (repository) DO UPDATE SET queue = excluded.queue, cuts = excluded.cuts, reading = excluded.reading`)
    .run(repository, queue, cuts.join(' '), reading)
  return database.prepare('SELECT id FROM queue_source WHERE repository = ?').pluck().get(repository) as number
}

/** A branch that is gone stays in the record, and out of the story. */
function saveBranches(database: Connection, source: number, { branches, hasAll, head }: NewLife): void {
  if (hasAll) database.prepare('UPDATE queue_branch SET gone = 1 WHERE source_id = ?').run(source)
  if (head !== null) database.prepare('UPDATE queue_branch SET head = 0 WHERE source_id = ?').run(source)
  const insert = database.prepare(
    'INSERT OR REPLACE INTO queue_branch (source_id, name, sha, gone, head) VALUES (?, ?, ?, 0, ?)',
  )
  for (const [name, sha] of branches) insert.run(source, name, sha, name === head ? 1 : 0)
}

/**
 * The revisions of a repository that are recorded as they would be read again, by commit; none where
 * the last import read something else.
 */
export function knownRevisions(database: Connection, repository: string, reading: string): Map<string, KnownRevision> {
  const rows = database
    .prepare(`SELECT sha, base, base_from AS baseFrom FROM imported_revision
      JOIN queue_source ON queue_source.id = source_id WHERE repository = ? AND reading = ?`)
    .all(repository, reading) as ({ sha: string } & KnownRevision)[]
  return new Map(rows.map(({ sha, base, baseFrom }) => [sha, { base, baseFrom }]))
}

export type KnownRevision = Pick<QueueRevision, 'base' | 'baseFrom'>

function savePatches(database: Connection, { facts, contents }: NewLife): void {
  const patch = database.prepare('INSERT OR IGNORE INTO patch (digest, content) VALUES (?, ?)')
  const fact = database.prepare('INSERT OR IGNORE INTO patch_facts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
  for (const [digest, content] of contents)
    patch.run(digest, Buffer.from(content.buffer, content.byteOffset, content.byteLength))
  for (const { digest, subject, author, added, removed, files, hunks, paths, lines } of facts.values())
    fact.run(digest, subject, author, added, removed, files, hunks, toBytes(paths.join('\0')), bytesOf(lines))
}

/** The number of every listing. */
function saveListings(database: Connection, listings: ReadonlySet<Listing>): Map<Listing, number> {
  const known = new Map([...loadListings(database)].map(([id, listing]) => [keyOf(listing), id]))
  const insert = database.prepare(
    'INSERT INTO queue_listing (name, digest, section, owner, kind, disabled, reason) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const ids = new Map<Listing, number>()
  for (const listing of listings) {
    const { name, digest, section, owner, kind, disabled, reason } = listing
    const id =
      known.get(keyOf(listing)) ??
      Number(insert.run(name, digest, section, owner, kind, disabled ? 1 : 0, reason).lastInsertRowid)
    known.set(keyOf(listing), id)
    ids.set(listing, id)
  }
  return ids
}

function keyOf({ name, digest, section, owner, kind, disabled, reason }: Listing): string {
  return [name, digest, section, owner, kind, disabled, reason].join('\0')
}

type ListingRow = Omit<Listing, 'disabled'> & { id: number; disabled: number }

function loadListings(database: Connection): Map<number, Listing> {
  const rows = database.prepare('SELECT * FROM queue_listing').all() as ListingRow[]
  return new Map(rows.map(({ id, disabled, ...listing }) => [id, { ...listing, disabled: disabled === 1 }]))
}

interface RevisionRow extends Omit<QueueRevision, 'entries' | 'baseFrom'> {
  source_id: number
  base_from: string | null
  entries: Buffer
}

/** A queue's repository that was imported. */
export interface LifeKey {
  id: number
  repository: string
  /** Where its queue is; null in imports from before that was recorded. */
  queue: string | null
}

/** What was imported, oldest first. */
export function listLives(database: Connection): LifeKey[] {
  return database.prepare('SELECT id, repository, queue FROM queue_source ORDER BY id').all() as LifeKey[]
}

export function loadLife(database: Connection, source: LifeKey): QueueLife {
  const listings = loadListings(database)
  const rows = database.prepare('SELECT * FROM imported_revision WHERE source_id = ?').all(source.id) as RevisionRow[]
  const branches = database
    .prepare('SELECT name, sha, head FROM queue_branch WHERE source_id = ? AND gone = 0')
    .all(source.id) as { name: string; sha: string; head: number }[]
  const cuts = database.prepare('SELECT cuts FROM queue_source WHERE id = ?').pluck().get(source.id) as string
  return {
    ...{ repository: source.repository, queue: source.queue },
    branches: new Map(branches.map(({ name, sha }) => [name, sha])),
    head: branches.find(({ head }) => head === 1)?.name ?? null,
    cuts: cuts.split(' ').filter(Boolean),
    revisions: new Map(rows.map((row) => [row.sha, toRevision(row, listings)])),
    facts: loadFacts(database),
  }
}

function toRevision(
  { source_id: _, base_from: baseFrom, entries, ...row }: RevisionRow,
  listings: ReadonlyMap<number, Listing>,
): QueueRevision {
  const listed: Listing[] = []
  for (const id of numbersIn(entries)) {
    const listing = listings.get(id)
    if (listing) listed.push(listing)
  }
  return { ...row, baseFrom, entries: listed }
}

type FactsRow = Omit<PatchFacts, 'paths' | 'lines'> & { paths: Buffer; lines: Buffer }

function loadFacts(database: Connection): Map<string, PatchFacts> {
  const rows = database.prepare('SELECT * FROM patch_facts').all() as FactsRow[]
  return new Map(rows.map((row) => [row.digest, { ...row, paths: pathsIn(row.paths), lines: numbersIn(row.lines) }]))
}

function pathsIn(bytes: Buffer): ByteString[] {
  return bytes.length === 0 ? [] : fromBytes(bytes).split('\0')
}

function bytesOf(numbers: Uint32Array): Buffer {
  return Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength)
}

/** Copied: a typed array begins at a multiple of its element's size. */
function numbersIn({ buffer, byteOffset, byteLength }: Buffer): Uint32Array {
  return new Uint32Array(buffer.slice(byteOffset, byteOffset + byteLength))
}
