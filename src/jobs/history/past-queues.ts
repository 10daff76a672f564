/** Finds and lists the queue that a commit of its repository has. */
import { UserError } from '../../errors.ts'
import { type ByteString, fromBytes } from '../../model/bytes.ts'
import { baseName } from '../../model/paths.ts'
import { baseNamedIn, namesBase } from '../../queue/base-name.ts'
import { directoryOf, isUnread, joinPath, kindAt, type QueueFiles } from '../../queue/files.ts'
import type { ListedPatch, QueueListing } from '../../queue/formats/format.ts'
import { quilt } from '../../queue/formats/quilt.ts'
import { MAX_SERIES } from '../../queue/limits.ts'
import { type LocatedQueue, queueAt } from '../../queue/locate.ts'
import type { TreeCache, TreeItems } from '../../queue/tree-files.ts'

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
}

/** The queue of one commit. */
export interface PastQueue {
  carried: Visit[]
  /** Listed, and without a part in it. */
  disabled: Visit[]
  /** The upstream release that it says it sits on; null where it says none. */
  base: string | null
}

/** A patch as one commit lists it. */
export interface Visit {
  patch: ListedPatch
  /** Null where it is no file of the commit. */
  blob: string | null
  isThere: boolean
  /** The same for the same name and content: a commit's id in the name belongs to what a patch is. */
  key: string
}

/** The commits of one repository; unchanged lists are read once. */
export class PastQueues {
  readonly #trees: TreeCache
  readonly #sought: SoughtQueue
  readonly #named: NamedFiles
  readonly #listings = new Map<string, ReadListing[]>()
  /** Of contents that are no files of their own. */
  readonly #numbers = new WeakMap<Uint8Array, number>()
  #numbered = 0
  #failure: string | null = null

  constructor(trees: TreeCache, sought: SoughtQueue) {
    this.#trees = trees
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
   * whose order is a guess count only where no list does.
   */
  async at(commit: string): Promise<PastQueue | null> {
    let best: { queue: LocatedQueue; listing: QueueListing } | null = null
    for (const queue of await this.#queuesOf(commit)) {
      const listing = await this.#list(commit, queue)
      if (listing && (!best || rankOf(listing) > rankOf(best.listing))) best = { queue, listing }
    }
    if (!best) return null
    const { queue, listing } = best
    const base = listing.base && 'names' in listing.base ? listing.base.names[0] : null
    const visit = await this.#visitor(commit, queue, listing)
    return {
      carried: listing.patches.map(visit),
      disabled: listing.disabled.flatMap(({ patch }) => (patch ? visit(patch) : [])),
      base: base ?? (await this.#baseNamed(commit)),
    }
  }

  async #queuesOf(commit: string): Promise<LocatedQueue[]> {
    const files = this.#trees.filesOf(commit)
    const { path, series } = this.#sought
    const kind = path === null ? null : await kindAt(files, path)
    const isThere = path !== null && (kind === 'file' || kind === 'directory')
    const found = isThere ? await queueAt({ files, path, kind, range: null }) : null
    const listed = (await this.#named.in(commit, this.#sought.below)).filter(
      (one) => series !== null && `/${one}`.endsWith(`/${series}`) && one !== found?.list,
    )
    const others = listed.map((list) => ({ files, list, reader: quilt, source: files.nameOf(list) }))
    return found ? [found, ...others] : others
  }

  async #list(commit: string, { files, list, reader }: LocatedQueue): Promise<QueueListing | null> {
    const key = `${reader.name} ${list}`
    const known = this.#listings.get(key) ?? []
    this.#listings.set(key, known)
    for (const { seen, listing } of known) if (await this.#hasSame(commit, seen)) return listing
    const asked = new Set<ByteString>()
    const listing = await reader.read(watched(files, asked), list, { guards: new Set() }).catch((error: unknown) => {
      if (!(error instanceof UserError)) throw error
      this.#failure ??= error.message
      return null
    })
    const seen = new Map<ByteString, string | null>()
    for (const path of asked) seen.set(path, await this.#trees.idAt(commit, path))
    known.unshift({ seen, listing })
    if (known.length > KEPT) known.pop()
    return listing
  }

  async #hasSame(commit: string, seen: ReadListing['seen']): Promise<boolean> {
    for (const [path, id] of seen) if ((await this.#trees.idAt(commit, path)) !== id) return false
    return true
  }

  /** What finds the blobs of patches. */
  async #visitor(
    commit: string,
    { list }: LocatedQueue,
    { patches, disabled }: QueueListing,
  ): Promise<(patch: ListedPatch) => Visit> {
    const directories = new Map<ByteString, TreeItems | null>()
    for (const { content } of [...patches, ...disabled.flatMap(({ patch }) => patch ?? [])]) {
      const directory = content.kind === 'file' ? directoryWith(content) : null
      if (directory !== null && !directories.has(directory))
        directories.set(directory, await this.#trees.itemsAt(commit, directory))
    }
    return (patch) => {
      const { content } = patch
      const { name } = patch
      if (content.kind !== 'file') {
        const number = content.kind === 'bytes' ? this.#numberOf(content.bytes) : null
        return { patch, blob: null, isThere: number !== null, key: `${number}\0${name}` }
      }
      const item = directories.get(directoryWith(content))?.get(baseName(content.name))
      const isPatch = item?.kind === 'file' && joinPath(content.directory, content.name) !== list
      const blob = isPatch ? item.id : null
      return { patch, blob, isThere: blob !== null, key: `${blob}\0${name}` }
    }
  }

  #numberOf(content: Uint8Array): number {
    const number = this.#numbers.get(content) ?? ++this.#numbered
    this.#numbers.set(content, number)
    return number
  }

  async #baseNamed(commit: string): Promise<string | null> {
    const files = this.#trees.filesOf(commit)
    for (const path of await this.#named.in(commit, this.#sought.below)) {
      const read = namesBase(path) ? await files.read(path, MAX_SERIES) : null
      const base = read && !isUnread(read) ? baseNamedIn(path, fromBytes(read)) : null
      if (base !== null) return base
    }
    return null
  }
}

/** So many versions of a list are remembered: branches take turns. */
const KEPT = 8

/** What was listed, and the ids of all that was read for it, by which it is known again. */
interface ReadListing {
  seen: ReadonlyMap<ByteString, string | null>
  /** Null: it could not be read. */
  listing: QueueListing | null
}

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

/** Where the file of a patch stands. */
function directoryWith({ directory, name }: { directory: ByteString; name: ByteString }): ByteString {
  return name.includes('/') ? directoryOf(joinPath(directory, name)) : directory
}

function rankOf({ patches, disabled, order }: QueueListing): number {
  return order.startsWith('guessed') ? -1 : patches.length + disabled.length
}

/** The files of commits whose names fit; each tree is looked at once. */
class NamedFiles {
  readonly #trees: TreeCache
  readonly #fits: (name: ByteString) => boolean
  readonly #known = new WeakMap<TreeItems, Promise<ByteString[]>>()

  constructor(trees: TreeCache, fits: (name: ByteString) => boolean) {
    this.#trees = trees
    this.#fits = fits
  }

  /** Their paths, from a directory of a commit downwards. */
  async in(commit: string, directory: ByteString): Promise<ByteString[]> {
    const items = await this.#trees.itemsAt(commit, directory)
    const below = items ? await this.#below(items) : []
    return below.map((path) => joinPath(directory, path))
  }

  #below(items: TreeItems): Promise<ByteString[]> {
    const known = this.#known.get(items) ?? this.#walk(items)
    this.#known.set(items, known)
    return known
  }

  async #walk(items: TreeItems): Promise<ByteString[]> {
    const found: ByteString[] = []
    for (const item of items.values()) {
      if (item.kind === 'file' && this.#fits(item.name)) found.push(item.name)
      const inside = item.kind === 'directory' ? await this.#trees.itemsOf(item) : null
      if (inside) found.push(...(await this.#below(inside)).map((path) => joinPath(item.name, path)))
    }
    return found
  }
}
