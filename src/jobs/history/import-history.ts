/**
 * Reads every past revision of a queue out of its own git repository, by blob id, and records it.
 */
import { UserError } from '../../errors.ts'
import { type LoggedCommit, readCommitLog } from '../../git/commit-log.ts'
import { ObjectReader } from '../../git/object-reader.ts'
import type { Scratch } from '../../git/scratch.ts'
import { type ByteString, toText } from '../../model/bytes.ts'
import type { Listing, QueueRevision } from '../../model/life.ts'
import type { Progress } from '../../model/progress.ts'
import { namesBase } from '../../queue/base-name.ts'
import { burdenOf } from '../../queue/burden.ts'
import { revisionOf } from '../../queue/revision.ts'
import { passesGuards, type Series, type SeriesEntry } from '../../queue/series.ts'
import type { Connection } from '../../record/database.ts'
import { saveLife } from '../../record/life.ts'
import { BlobCache } from './blob-cache.ts'

export interface ImportSource {
  /** Where the queue's repository is, and the queue. */
  repository: string
  queue: string
  /** Branch to the commit at its end. */
  heads: ReadonlyMap<string, string>
  /** The series' file name, whatever directory it was in over the years. */
  series: string
}

export interface Imported {
  commits: number
  /** Patches listed by all revisions together, commented-out ones not counted. */
  visits: number
  blobs: number
}

/** The files that a commit has, as far as they may belong to a queue. */
type Files = ReadonlyMap<ByteString, string>

export async function importHistory(
  scratch: Scratch,
  database: Connection,
  { repository, queue, series, heads }: ImportSource,
  progress: Progress,
): Promise<Imported> {
  progress('reading the log')
  const log = await readCommitLog(scratch, [...heads.values()])
  const reader = new ObjectReader(scratch)
  try {
    const blobs = new BlobCache(reader)
    const states = new FileStates(log)
    const found: Found[] = []
    for (const [done, commit] of log.entries()) {
      if (done % 100 === 0) progress('reading revisions', done, log.length)
      const listed = await findQueue(states.after(commit), series, blobs)
      if (listed) found.push({ commit, ...listed })
    }
    if (found.length === 0)
      throw new UserError(`no commit of ${repository} holds a file "${series}"`, 'name the series file with --series')
    await blobs.fetch(found)
    const listings = new Listings(blobs)
    const revisions: QueueRevision[] = []
    for (const one of found) revisions.push(await toRevision(one, blobs, listings))
    progress('recording')
    await saveLife(database, { repository, queue, branches: heads, revisions, ...blobs.read() })
    const visits = revisions.reduce((sum, { entries }) => sum + entries.filter(({ disabled }) => !disabled).length, 0)
    return { commits: revisions.length, visits, blobs: blobs.patchCount }
  } finally {
    reader.close()
  }
}

/**
 * Every commit's files, from what each changed against its first parent; of thousands of commits
 * only those that later ones build on are kept.
 */
class FileStates {
  readonly #states = new Map<string, Map<ByteString, string>>()
  /** How many commits that are still to come build on one. */
  readonly #children = new Map<string, number>()

  constructor(log: readonly LoggedCommit[]) {
    for (const { parent } of log) if (parent !== null) this.#children.set(parent, (this.#children.get(parent) ?? 0) + 1)
  }

  /**
   * To be asked once for each commit, parents first. What it returns changes with the next call.
   */
  after({ sha, parent, changes }: LoggedCommit): Files {
    const before = this.#states.get(parent ?? '') ?? new Map<ByteString, string>()
    const left = (this.#children.get(parent ?? '') ?? 0) - 1
    this.#children.set(parent ?? '', left)
    if (left <= 0) this.#states.delete(parent ?? '')
    const files = left <= 0 ? before : new Map(before)
    for (const { path, blob } of changes) {
      if (blob === null) files.delete(path)
      else files.set(path, blob)
    }
    if ((this.#children.get(sha) ?? 0) > 0) this.#states.set(sha, files)
    return files
  }
}

interface FoundQueue {
  series: Series
  /** The blobs of what the series lists, by name; and the files that may name the base. */
  blobs: ReadonlyMap<ByteString, string>
  bases: readonly (readonly [path: ByteString, blob: string])[]
}

type Found = FoundQueue & { commit: LoggedCommit }

/**
 * The queue of a commit: the series by that name that lists the most patches, wherever it is. Null
 * where there is none.
 */
async function findQueue(files: Files, name: string, cache: BlobCache): Promise<FoundQueue | null> {
  let best: { directory: ByteString; series: Series } | null = null
  for (const [path, blob] of files) {
    if (path !== name && !path.endsWith(`/${name}`)) continue
    const series = await cache.series(blob)
    if (best && sizeOf(series) <= sizeOf(best.series)) continue
    // With a slash behind; empty at the top.
    best = { directory: path.slice(0, path.length - name.length), series }
  }
  if (!best) return null
  const { directory, series } = best
  const blobs = new Map<ByteString, string>()
  for (const entry of [...series.entries, ...series.disabled]) {
    const blob = files.get(directory + entry.name)
    if (blob !== undefined) blobs.set(entry.name, blob)
  }
  return { series, blobs, bases: [...files].filter(([path]) => namesBase(path)) }
}

function sizeOf({ entries, disabled }: Series): number {
  return entries.length + disabled.length
}

async function toRevision(found: Found, blobs: BlobCache, listings: Listings): Promise<QueueRevision> {
  const { commit, series, bases } = found
  const active = series.entries.filter((entry) => passesGuards(entry, new Set(), false))
  const carried = await listings.read(found, active, false)
  const disabled = await listings.read(found, series.disabled, true)
  const parts = carried.map(({ name, digest }, at) => {
    return { name, digest, strip: active[at]?.strip ?? 1, reversed: active[at]?.reversed ?? false, directory: '' }
  })
  const { sha, parent, time, author, subject } = commit
  return {
    ...{ sha, parent, time, author, subject },
    base: await baseOf(bases, blobs),
    revision: revisionOf(parts),
    // A comment that looks like a patch but names no file is none.
    entries: [...carried, ...disabled.filter(({ digest }) => digest !== null)],
  }
}

/**
 * What series list, one object for all revisions that list the same: a queue of hundreds changes by
 * a few from one to the next.
 */
class Listings {
  readonly #blobs: BlobCache
  readonly #known = new Map<string, Listing>()

  constructor(blobs: BlobCache) {
    this.#blobs = blobs
  }

  async read({ blobs }: FoundQueue, entries: readonly SeriesEntry[], disabled: boolean): Promise<Listing[]> {
    const listings: Listing[] = []
    for (const entry of entries) {
      const blob = blobs.get(entry.name)
      const key = `${blob}\0${entry.name}\0${entry.section}\0${entry.owner}\0${disabled}`
      const known = this.#known.get(key) ?? (await this.#make(entry, blob, disabled))
      this.#known.set(key, known)
      listings.push(known)
    }
    return listings
  }

  async #make(entry: SeriesEntry, blob: string | undefined, disabled: boolean): Promise<Listing> {
    const patch = blob === undefined ? null : await this.#blobs.patch(blob, entry)
    return {
      name: toText(entry.name),
      digest: patch?.digest ?? null,
      section: entry.section,
      owner: entry.owner,
      kind: burdenOf(entry.section, patch?.header ?? { references: [], claims: [] }),
      disabled,
    }
  }
}

async function baseOf(bases: FoundQueue['bases'], blobs: BlobCache): Promise<string | null> {
  for (const [path, blob] of bases) {
    const base = await blobs.base(path, blob)
    if (base !== null) return base
  }
  return null
}
