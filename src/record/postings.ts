/**
 * Which commits hold which keys: the index of the commits of a cache, in segments of commits that
 * follow each other.
 */
import { KEY_KINDS, type KeyKind, keysOf } from '../model/commit-keys.ts'
import type { IndexedCommit } from '../model/history.ts'
import type { Connection, Statement } from './connection.ts'

export const POSTINGS_SCHEMA = `
CREATE TABLE upstream_segment (
  -- Ids of its first commit and of its last.
  first INTEGER PRIMARY KEY,
  last INTEGER NOT NULL
) STRICT;
CREATE TABLE upstream_posting (
  segment INTEGER NOT NULL REFERENCES upstream_segment,
  kind INTEGER NOT NULL,
  -- The smallest key in it.
  key INTEGER NOT NULL,
  -- Keys of 32 bits in their order, then for each how far behind the segment's first commit the one
  -- is that holds it, of 16 bits; in the byte order of the machine that wrote them.
  postings BLOB NOT NULL,
  PRIMARY KEY (segment, kind, key)
) STRICT, WITHOUT ROWID;`

/** A commit's distance from the first of its segment has 16 bits. */
const MAX_SEGMENT = 1 << 13
/** So many postings are read at once; a row of them fits in a page of the database beside others. */
const ROW = 160
const POSTING_BYTES = Uint32Array.BYTES_PER_ELEMENT + Uint16Array.BYTES_PER_ELEMENT

/** `key`: the smallest in it. */
interface PostingRow {
  key: number
  postings: Buffer
}

/** Commits by their ids, from the first to the last. */
export interface Segment {
  first: number
  last: number
}

export class Postings {
  readonly #database: Connection
  readonly #row: Statement<[number, number, number], PostingRow>
  readonly #after: Statement<[number, number, number], number | null>
  readonly #segments: Statement<[], Segment>

  constructor(database: Connection) {
    this.#database = database
    this.#row = database.prepare(
      'SELECT key, postings FROM upstream_posting WHERE segment = ? AND kind = ? AND key <= ? ORDER BY key DESC LIMIT 1',
    )
    this.#after = database
      .prepare<[number, number, number], number | null>(
        'SELECT min(key) FROM upstream_posting WHERE segment = ? AND kind = ? AND key > ?',
      )
      .pluck()
    this.#segments = database.prepare<[], Segment>('SELECT first, last FROM upstream_segment ORDER BY first')
  }

  segments(): Segment[] {
    return this.#segments.all()
  }

  /**
   * The segment that is to be made next, of commits that are in none, and of those of segments
   * before it that are no greater: many small ones would have to be asked. Null where all are in one.
   */
  next(newest: number): Segment | null {
    const segments = this.segments()
    let first = (segments.at(-1)?.last ?? 0) + 1
    if (first > newest) return null
    const last = Math.min(newest, first + MAX_SEGMENT - 1)
    for (const before of segments.reverse()) {
      const isGreater = before.last - before.first > last - first
      if (isGreater || last - before.first >= MAX_SEGMENT) break
      first = before.first
    }
    return { first, last }
  }

  /** Within a transaction. `commits`: those of the segment, in the order of their ids. */
  save({ first, last }: Segment, commits: Iterable<{ id: number; commit: IndexedCommit }>): void {
    const gone = { first, last }
    this.#database.prepare('DELETE FROM upstream_posting WHERE segment BETWEEN $first AND $last').run(gone)
    this.#database.prepare('DELETE FROM upstream_segment WHERE first BETWEEN $first AND $last').run(gone)
    this.#database.prepare('INSERT INTO upstream_segment VALUES (?, ?)').run(first, last)
    const insert = this.#database.prepare('INSERT INTO upstream_posting VALUES (?, ?, ?, ?)')
    const lists = KEY_KINDS.map(() => new PostingList())
    for (const { id, commit } of commits) {
      const keys = keysOf(commit)
      for (const [kind, name] of KEY_KINDS.entries()) lists[kind]?.add(keys[name], id - first)
    }
    for (const [kind, list] of lists.entries())
      for (const { key, postings } of list.rows()) insert.run(first, kind, key, postings)
  }

  /** Tells of each key every commit of a segment that holds it, by its id. `keys`: in their order. */
  find({ first }: Segment, kind: KeyKind, keys: Uint32Array, found: (key: number, id: number) => void): void {
    const number = KEY_KINDS.indexOf(kind)
    let last: number | null = null
    for (let next = 0; next < keys.length; ) {
      const row = this.#row.get(first, number, keys[next] ?? 0)
      if (!row || row.key === last) {
        // In front of the first row, or between two: no key up to the next row is held.
        const after = this.#after.get(first, number, keys[next] ?? 0) ?? null
        if (after === null) return
        next = lowerBound(keys, after)
        continue
      }
      last = row.key
      const { held, offsets } = readRow(row.postings)
      const greatest = held[held.length - 1] ?? 0
      // What is greater may be in a later row.
      do {
        const key = keys[next++] ?? 0
        for (let at = lowerBound(held, key); held[at] === key; at++) found(key, first + (offsets[at] ?? 0))
      } while ((keys[next] ?? Number.POSITIVE_INFINITY) <= greatest)
    }
  }
}

/** Keys and the commits that hold them, as numbers that sort by the key first. */
class PostingList {
  #postings = new Float64Array(1024)
  #count = 0

  add(keys: Iterable<number>, offset: number): void {
    for (const key of keys) {
      if (this.#count === this.#postings.length) {
        const larger = new Float64Array(2 * this.#count)
        larger.set(this.#postings)
        this.#postings = larger
      }
      this.#postings[this.#count++] = key * MAX_SEGMENT + offset
    }
  }

  /** All of one key are in one row. */
  *rows(): Generator<{ key: number; postings: Buffer }> {
    const sorted = this.#postings.subarray(0, this.#count).sort()
    const held = sorted.filter((posting, at) => posting !== sorted[at - 1])
    const keyAt = (at: number) => Math.floor((held[at] ?? 0) / MAX_SEGMENT)
    for (let from = 0; from < held.length; ) {
      let to = Math.min(from + ROW, held.length)
      while (to < held.length && keyAt(to) === keyAt(to - 1)) to++
      const keys = Uint32Array.from({ length: to - from }, (_, at) => keyAt(from + at))
      const offsets = Uint16Array.from({ length: to - from }, (_, at) => (held[from + at] ?? 0) % MAX_SEGMENT)
      const postings = Buffer.concat([keys, offsets].map(({ buffer }) => Buffer.from(buffer)))
      yield { key: keyAt(from), postings }
      from = to
    }
  }
}

function readRow({ buffer, byteOffset, byteLength }: Buffer): { held: Uint32Array; offsets: Uint16Array } {
  const count = byteLength / POSTING_BYTES
  const isAligned = byteOffset % Uint32Array.BYTES_PER_ELEMENT === 0
  const [bytes, from] = isAligned ? [buffer, byteOffset] : [buffer.slice(byteOffset, byteOffset + byteLength), 0]
  return {
    held: new Uint32Array(bytes, from, count),
    offsets: new Uint16Array(bytes, from + count * Uint32Array.BYTES_PER_ELEMENT, count),
  }
}

/** The first place in a sorted list of which the number is no smaller. */
export function lowerBound(sorted: Uint32Array, wanted: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  return low
}
