/** The commits of a range, as they are asked in the cache. */
import type { CommitHistory } from '../model/commit-history.ts'
import { type KeyKind, shaKey } from '../model/commit-keys.ts'
import type { IndexedCommit } from '../model/history.ts'
import { type CommitRow, fromRow } from './commit-row.ts'
import type { Connection, Statement } from './connection.ts'
import { lowerBound, Postings, type Segment } from './postings.ts'

export class CachedHistory implements CommitHistory {
  readonly #database: Connection
  readonly #ids: Uint32Array
  readonly #postings: Postings
  readonly #row: Statement<[number], CommitRow>
  /** By id; of a commit that is not in the range -1. */
  readonly #places: Int32Array
  readonly #sortedIds: Uint32Array
  readonly #atOnce: (work: () => void) => void
  readonly #commits = new Map<number, IndexedCommit>()
  readonly #placeOf = new Map<string, number>()

  /** `ids`: of the commits in the cache, in the order of the range. */
  constructor(database: Connection, ids: Uint32Array) {
    this.#database = database
    this.#ids = ids
    this.#postings = new Postings(database)
    this.#row = database.prepare<[number], CommitRow>('SELECT * FROM upstream_commit WHERE id = ?').raw()
    const newest = ids.reduce((most, id) => Math.max(most, id), 0)
    this.#places = new Int32Array(newest + 1).fill(-1)
    for (const [place, id] of ids.entries()) this.#places[id] = place
    this.#sortedIds = ids.slice().sort()
    this.#atOnce = database.transaction((work: () => void) => work())
  }

  get count(): number {
    return this.#ids.length
  }

  at(place: number): IndexedCommit {
    const known = this.#commits.get(place)
    if (known) return known
    const row = this.#row.get(this.#ids[place] ?? 0)
    if (!row) throw new Error(`the range has no commit at ${place}`)
    const { commit } = fromRow(row)
    this.#commits.set(place, commit)
    this.#placeOf.set(commit.sha, place)
    return commit
  }

  shas(): string[] {
    const select = this.#database.prepare<[string], string>(
      'SELECT sha FROM json_each(?) AS wanted JOIN upstream_commit ON upstream_commit.id = wanted.value ORDER BY wanted.key',
    )
    return select.pluck().all(JSON.stringify([...this.#ids]))
  }

  placeOf(sha: string): number | null {
    if (!this.#placeOf.has(sha)) {
      const near: number[] = []
      this.find('sha', [shaKey(sha)], (_, place) => near.push(place))
      for (const place of near) this.at(place)
    }
    return this.#placeOf.get(sha) ?? null
  }

  find(kind: KeyKind, keys: Iterable<number>, found: (key: number, place: number) => void): void {
    const sorted = Uint32Array.from(keys).sort()
    const wanted = sorted.filter((key, at) => key !== sorted[at - 1])
    const tell = (key: number, id: number) => {
      const place = this.#places[id] ?? -1
      if (place >= 0) found(key, place)
    }
    // Another program may put segments together at any time.
    this.#atOnce(() => {
      for (const segment of this.#postings.segments())
        if (this.#isAsked(segment)) this.#postings.find(segment, kind, wanted, tell)
    })
  }

  /** Whether a commit of a segment is in the range. */
  #isAsked({ first, last }: Segment): boolean {
    const id = this.#sortedIds[lowerBound(this.#sortedIds, first)]
    return id !== undefined && id <= last
  }
}
