/** Finds and lists the queue that a commit of its repository has. */
import { UserError } from '../errors.ts'
import { type ByteString, fromBytes, toText } from '../model/bytes.ts'
import { baseName } from '../model/paths.ts'
import type { FormatName } from '../model/queue.ts'
import { baseNamedIn, namesBase } from './base-name.ts'
import { directoryOf, fileNamesIn, isUnread, joinPath, kindAt, type QueueFiles, type QueuePlace } from './files.ts'
import type { QueueFormat, QueueListing } from './formats/format.ts'
import { quilt } from './formats/quilt.ts'
import { MAX_SERIES } from './limits.ts'
import { type LocatedQueue, queueAt } from './locate.ts'
import { NamedFiles } from './named-files.ts'
import type { TreeCache } from './tree-files.ts'
import { type Visit, Visits } from './visits.ts'

/** Where the queue is sought in the repository. */
export interface SoughtQueue {
  /**
   * The file or directory that formats are asked about, from the repository's top; '' for the top,
   * null where only a series counts.
   */
  path: ByteString | null
  /** A series of this name counts, in whatever directory: "series"; null where none does. */
  series: ByteString | null
  /** The directory that holds all that belongs to it; '' for the top. */
  below: ByteString
  /** Where HEAD's commit lists it: where a commit has that, no other list of it counts. */
  list: ByteString | null
  /** The format that HEAD's commit has it in; null where it has none. */
  format: FormatName | null
  /** What HEAD's list is called before its version: "rpm" of rpm_4.20.1.bb; null of others. */
  recipe: ByteString | null
}

/** The queue of one commit. */
export interface PastQueue {
  carried: Visit[]
  /** Listed, and without a part in it. */
  disabled: Visit[]
  /** The upstream release that it says it sits on, and where; null where it says none. */
  base: NamedBase | null
  /** Why it is not the queue that its maintainers meant: conflict markers; null where it is sound. */
  problem: string | null
}

export interface NamedBase {
  name: string
  /** The file that says it. */
  from: string
}

/** The commits of one repository; unchanged lists are read once. */
export class PastQueues {
  readonly #trees: TreeCache
  readonly #sought: SoughtQueue
  readonly #visits: Visits
  readonly #named: NamedFiles
  readonly #listings = new Map<string, ReadListing[]>()
  #failure: string | null = null

  constructor(trees: TreeCache, sought: SoughtQueue) {
    this.#trees = trees
    this.#visits = new Visits(trees)
    this.#sought = sought
    const names = new Set([baseName(sought.series ?? ''), 'changelog'])
    this.#named = new NamedFiles(trees, (name) => names.has(name) || namesBase(name))
  }

  /** Why a queue could not be read that is there; null where all could. */
  get failure(): string | null {
    return this.#failure
  }

  /** Reads ahead what `at` will ask for. */
  async prepare(commits: readonly { sha: string }[]): Promise<void> {
    await Promise.all(commits.map(({ sha }) => this.#named.in(sha, this.#sought.below)))
  }

  /**
   * Of several queues the one with the most patches; null where the commit has none. Loose patches
   * whose order is a guess count only where no list does. One that cannot be read has no patches.
   */
  async at(commit: string): Promise<PastQueue | null> {
    const best = await this.#bestOf(commit)
    if (!best) return null
    const { queue, read } = best
    const { listing, problem } = read
    const base = (listing && (await this.#baseOf(listing))) ?? (await this.#baseNamed(commit, queue.list))
    if (!listing) return { carried: [], disabled: [], base, problem }
    const visit = await this.#visits.in(commit, queue.list, listing)
    return {
      carried: listing.patches.map((patch) => visit(patch, null)),
      disabled: listing.disabled.flatMap(({ patch, reason }) => (patch ? visit(patch, reason) : [])),
      ...{ base, problem },
    }
  }

  /** Where that queue is, to be read as any other; null where the commit has none. */
  async locate(commit: string): Promise<LocatedQueue | null> {
    return (await this.#bestOf(commit))?.queue ?? null
  }

  async #bestOf(commit: string): Promise<{ queue: LocatedQueue; read: ReadQueue } | null> {
    let best: { queue: LocatedQueue; read: ReadQueue } | null = null
    for (const queue of await this.#queuesOf(commit)) {
      const read = await this.#list(commit, queue)
      if (!best || rankOf(read) > rankOf(best.read)) best = { queue, read }
    }
    return best
  }

  /** Of the names of a base that of a release tells a reader more than a commit's. */
  #baseOf({ base }: QueueListing): NamedBase | null {
    if (base === null || !('names' in base)) return null
    const name = base.names.find((one) => /\d\.\d/.test(one)) ?? base.names[0]
    return name === undefined ? null : { name, from: base.listed.replace(/:\d+$/, '') }
  }

  async #queuesOf(commit: string): Promise<LocatedQueue[]> {
    const files = this.#trees.filesOf(commit)
    const { path, series, format } = this.#sought
    const kind = path === null ? null : await kindAt(files, path)
    const isThere = path !== null && (kind === 'file' || kind === 'directory')
    const place = isThere ? await this.#placeIn(files, { path, kind }) : null
    const found = place && (await queueAt({ files, range: null, ...place }, format))
    const listed = (await this.#named.in(commit, this.#sought.below)).filter(
      (one) => series !== null && `/${one}`.endsWith(`/${series}`) && one !== found?.list,
    )
    const others = listed.map((list) => ({ files, list, reader: quilt, source: files.nameOf(list) }))
    const all = found ? [found, ...others] : others
    const own = all.filter(({ list }) => list === this.#sought.list)
    return own.length > 0 ? own : all
  }

  /** Of several recipes in a directory that of HEAD's name, where it has one version only. */
  async #placeIn(files: QueueFiles, place: Pick<QueuePlace, 'path' | 'kind'>): Promise<typeof place> {
    const { recipe } = this.#sought
    if (recipe === null || place.kind === 'file') return place
    const own = (await fileNamesIn(files, place.path)).filter((name) => recipeIn(name) === recipe)
    return own.length === 1 ? { path: joinPath(place.path, own[0] ?? ''), kind: 'file' } : place
  }

  async #list(commit: string, { files, list, reader }: LocatedQueue): Promise<ReadQueue> {
    const key = `${reader.name} ${list}`
    const known = this.#listings.get(key) ?? []
    this.#listings.set(key, known)
    for (const { seen, read } of known) if (await this.#hasSame(commit, seen)) return read
    const asked = new Set<ByteString>()
    const read = await readList(watched(files, asked), list, reader)
    if (read.listing === null) this.#failure ??= read.problem
    const seen = new Map<ByteString, string | null>()
    for (const path of asked) seen.set(path, await this.#trees.idAt(commit, path))
    known.unshift({ seen, read })
    if (known.length > KEPT) known.pop()
    return read
  }

  async #hasSame(commit: string, seen: ReadListing['seen']): Promise<boolean> {
    for (const [path, id] of seen) if ((await this.#trees.idAt(commit, path)) !== id) return false
    return true
  }

  /** What the files say, those beside the list before others. */
  async #baseNamed(commit: string, list: ByteString): Promise<NamedBase | null> {
    const files = this.#trees.filesOf(commit)
    const paths = (await this.#named.in(commit, this.#sought.below)).filter(namesBase)
    const isNear = (path: ByteString) => `${directoryOf(list)}/`.startsWith(`${directoryOf(path)}/`)
    const isPlain = (path: ByteString) => baseName(path) === 'version'
    const usable = paths.filter((path) => !isPlain(path) || isNear(path) || directoryOf(path) === '')
    const placeOf = (path: ByteString) => (isPlain(path) ? 2 : 0) + (isNear(path) ? 0 : 1)
    for (const path of usable.sort((one, other) => placeOf(one) - placeOf(other))) {
      const read = await files.read(path, MAX_SERIES)
      const name = isUnread(read) ? null : baseNamedIn(path, fromBytes(read))
      if (name !== null) return { name, from: toText(path) }
    }
    return null
  }
}

/** "rpm" of rpm_4.20.1.bb, and of rpm.bb; null of what is no recipe (BitBake User Manual, 3.1). */
export function recipeIn(name: ByteString): ByteString | null {
  return /^([^_]+)(?:_[^/]*)?\.bb$/.exec(name)?.[1] ?? null
}

/** So many versions of a list are remembered: branches take turns. */
const KEPT = 8

/** What was listed, and the ids of all that was read for it, by which it is known again. */
interface ReadListing {
  seen: ReadonlyMap<ByteString, string | null>
  read: ReadQueue
}

/** A list as it was read. */
interface ReadQueue {
  /** Null: it could not be read. */
  listing: QueueListing | null
  /** What is wrong with it. */
  problem: string | null
}

async function readList(files: QueueFiles, list: ByteString, reader: QueueFormat): Promise<ReadQueue> {
  try {
    const listing = await reader.read(files, list, { guards: new Set() })
    const read = await files.read(list, MAX_SERIES)
    const isTorn = !isUnread(read) && MARKERS.test(fromBytes(read))
    return { listing, problem: isTorn ? `conflict markers in ${toText(list)}` : null }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { listing: null, problem: error.message }
  }
}

/** A merge that somebody committed without having mended it (git-merge(1)). */
const MARKERS = /^<{7}(?: .*)?$[\s\S]*^>{7}(?: .*)?$/m

/** Files that tell what was asked of them. */
function watched(files: QueueFiles, seen: Set<ByteString>): QueueFiles {
  return {
    ...files,
    list: (directory) => {
      seen.add(directory)
      return files.list(directory)
    },
    read: (path, limit) => {
      seen.add(path)
      return files.read(path, limit)
    },
  }
}

function rankOf({ listing }: ReadQueue): number {
  if (listing === null) return -2
  return listing.order.startsWith('guessed') ? -1 : listing.patches.length + listing.disabled.length
}
