/**
 * The life of a queue: its revisions, and what is known of its patches. Nothing of it changes; an
 * import adds what is new.
 */
import { type ByteString, fromBytes, toBytes } from '../model/bytes.ts'
import type { Listing, PatchFacts, QueueLife, QueueRevision } from '../model/life.ts'
import type { Connection } from './database.ts'
import { writeTo } from './patience.ts'

export interface NewLife {
  repository: string
  /** Where its queue is. */
  queue: string
  branches: ReadonlyMap<string, string>
  /** Parents before their children. */
  revisions: readonly QueueRevision[]
  /** By digest. */
  facts: ReadonlyMap<string, PatchFacts>
  contents: ReadonlyMap<string, Uint8Array>
}

/** One transaction: an import is there whole, or not at all. */
export function saveLife(database: Connection, life: NewLife): Promise<void> {
  return writeTo(database, () => {
    const source = sourceOf(database, life)
    savePatches(database, life)
    const listings = new Set<Listing>()
    for (const { entries } of life.revisions) for (const listing of entries) listings.add(listing)
    const ids = saveListings(database, listings)
    const insert = database.prepare('INSERT OR IGNORE INTO imported_revision VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
    for (const { sha, parent, time, author, subject, base, revision, entries } of life.revisions) {
      const numbers = Uint32Array.from(entries.map((listing) => ids.get(listing) ?? 0))
      insert.run(source, sha, parent, time, author, subject, base, revision, bytesOf(numbers))
    }
    const branch = database.prepare('INSERT OR REPLACE INTO queue_branch VALUES (?, ?, ?)')
    for (const [name, sha] of life.branches) branch.run(source, name, sha)
  })
}

/** What was imported last for a queue counts. */
function sourceOf(database: Connection, { repository, queue }: NewLife): number {
  database
    .prepare(
      'INSERT INTO queue_source (repository, queue) VALUES (?, ?) ON CONFLICT (repository) DO UPDATE SET queue = excluded.queue',
    )
    .run(repository, queue)
  return database.prepare('SELECT id FROM queue_source WHERE repository = ?').pluck().get(repository) as number
}

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
    'INSERT INTO queue_listing (name, digest, section, owner, kind, disabled) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const ids = new Map<Listing, number>()
  for (const listing of listings) {
    const { name, digest, section, owner, kind, disabled } = listing
    const id =
      known.get(keyOf(listing)) ??
      Number(insert.run(name, digest, section, owner, kind, disabled ? 1 : 0).lastInsertRowid)
    known.set(keyOf(listing), id)
    ids.set(listing, id)
  }
  return ids
}

function keyOf({ name, digest, section, owner, kind, disabled }: Listing): string {
  return [name, digest, section, owner, kind, disabled].join('\0')
}

type ListingRow = Omit<Listing, 'disabled'> & { id: number; disabled: number }

function loadListings(database: Connection): Map<number, Listing> {
  const rows = database.prepare('SELECT * FROM queue_listing').all() as ListingRow[]
  return new Map(rows.map(({ id, disabled, ...listing }) => [id, { ...listing, disabled: disabled === 1 }]))
}

interface RevisionRow extends Omit<QueueRevision, 'entries'> {
  source_id: number
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
  const branches = database.prepare('SELECT name, sha FROM queue_branch WHERE source_id = ?').raw().all(source.id)
  return {
    repository: source.repository,
    branches: new Map(branches as [string, string][]),
    revisions: new Map(rows.map((row) => [row.sha, toRevision(row, listings)])),
    facts: loadFacts(database),
  }
}

function toRevision(
  { source_id: _, entries, ...row }: RevisionRow,
  listings: ReadonlyMap<number, Listing>,
): QueueRevision {
  return { ...row, entries: [...numbersIn(entries)].flatMap((id) => listings.get(id) ?? []) }
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
