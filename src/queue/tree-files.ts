/** The files of a queue in a commit's tree, read through git. */
import type { ObjectReader } from '../git/object-reader.ts'
import { type ByteString, fromBytes, toText } from '../model/bytes.ts'
import type { FileEntry, QueueFiles } from './files.ts'
import { LEADS_OUT, LONGEST_LINK, MOST_LINKS, targetOf } from './links.ts'

/** An entry of a tree, with the id of what it names. */
export interface TreeItem extends FileEntry {
  id: string
}

/** The entries of one tree, by name. */
export type TreeItems = ReadonlyMap<ByteString, TreeItem>

/** So many entries of trees are kept, some forty megabytes. */
const MOST = 600_000

/**
 * Trees and small files that were read once: from one commit to the next most stay the same. Links
 * are followed where they lead to another place of the tree; nothing else can be reached.
 */
export class TreeCache {
  readonly #reader: ObjectReader
  readonly #trees = new Map<string, Promise<TreeItems | null>>()
  /** How many entries the trees have that are kept. */
  #held = 0
  /** By their records: most entries of a tree are those of the one before it. */
  readonly #items = new Map<ByteString, TreeItem>()
  readonly #sizes = new Map<string, Promise<number | undefined>>()
  readonly #blobs = new Map<string, Promise<Uint8Array | null>>()

  constructor(reader: ObjectReader) {
    this.#reader = reader
  }

  /** The files of a commit, or of a tree. */
  filesOf(commit: string): QueueFiles {
    return {
      list: async (directory) => {
        const found = await this.itemsAt(commit, directory)
        return found && [...found.values()].sort((one, other) => (one.name < other.name ? -1 : 1))
      },
      read: async (path, limit) => {
        const found = await this.itemAt(commit, path)
        if (!found) return { because: 'no such file' }
        if (found.kind === 'link') return { because: LEADS_OUT }
        if (found.kind !== 'file') return { because: 'not a regular file' }
        return this.#read(found.id, limit)
      },
      nameOf: (path) => `${commit.slice(0, 12)}:${toText(path)}`,
    }
  }

  /** What a directory of a commit holds; null where there is none. */
  async itemsAt(commit: string, directory: ByteString): Promise<TreeItems | null> {
    if (directory === '') return await this.#tree(`${commit}^{tree}`)
    const item = await this.itemAt(commit, directory)
    return item?.kind === 'directory' ? await this.#tree(item.id) : null
  }

  /** What stands at a path, links followed; a link where that leads out of the tree or nowhere. */
  async itemAt(commit: string, path: ByteString): Promise<TreeItem | null> {
    return await this.#find(commit, path, MOST_LINKS)
  }

  /** The id of what stands at a path, of the top the commit's own; null where nothing does. */
  async idAt(commit: string, path: ByteString): Promise<string | null> {
    return path === '' ? commit : ((await this.itemAt(commit, path))?.id ?? null)
  }

  async #find(commit: string, path: ByteString, links: number): Promise<TreeItem | null> {
    let items = await this.#tree(`${commit}^{tree}`)
    const parts = path.split('/')
    for (const [at, part] of parts.entries()) {
      const item = items?.get(part) ?? null
      if (item?.kind === 'link') {
        const target = await this.#targetOf(item, parts.slice(0, at))
        if (target === null || links === 0) return at === parts.length - 1 ? item : null
        return await this.#find(commit, [target, ...parts.slice(at + 1)].join('/'), links - 1)
      }
      if (at === parts.length - 1 || item === null) return item
      items = item.kind === 'directory' ? await this.#tree(item.id) : null
    }
    return null
  }

  /** The path that a link names; null where that may not be read. */
  async #targetOf({ id }: TreeItem, directory: readonly ByteString[]): Promise<ByteString | null> {
    const read = await this.#read(id, LONGEST_LINK)
    return read instanceof Uint8Array ? targetOf(directory, fromBytes(read)) : null
  }

  /** What a tree of an item holds. */
  itemsOf({ id }: TreeItem): Promise<TreeItems | null> {
    return this.#tree(id)
  }

  #tree(name: string): Promise<TreeItems | null> {
    return once(this.#trees, name, async () => {
      const object = await this.#reader.read(name)
      const items = object?.type === 'tree' ? itemsIn(object.data, object.sha.length / 2, this.#items) : null
      this.#held += items?.size ?? 0
      if (this.#held > MOST) {
        this.#trees.clear()
        this.#items.clear()
        this.#held = 0
      }
      return items
    })
  }

  async #read(id: string, limit: number): Promise<Uint8Array | { because: string }> {
    const size = await once(this.#sizes, id, async () => (await this.#reader.look(id))?.size)
    if (size === undefined) return { because: 'the repository lacks it' }
    if (size > limit) return { because: `larger than ${limit >> 20} MiB` }
    const bytes = await once(this.#blobs, id, async () => (await this.#reader.read(id))?.data ?? null)
    return bytes ?? { because: 'the repository lacks it' }
  }
}

/**
 * The records of a tree object: "mode name", a NUL, and an id of `length` bytes (gitformat-pack).
 * `known`: entries by their records, of which the same are one object.
 */
function itemsIn(data: Buffer, length: number, known: Map<ByteString, TreeItem>): Map<ByteString, TreeItem> {
  const items = new Map<ByteString, TreeItem>()
  for (let from = 0; from < data.length; ) {
    const next = data.indexOf(0, from) + 1 + length
    const record = data.toString('latin1', from, next)
    const item = known.get(record) ?? itemOf(record, data.toString('hex', next - length, next))
    known.set(record, item)
    items.set(item.name, item)
    from = next
  }
  return items
}

function itemOf(record: ByteString, id: string): TreeItem {
  const [blank, end] = [record.indexOf(' '), record.indexOf('\0')]
  return { name: record.slice(blank + 1, end), kind: kindOf(record.slice(0, blank)), id }
}

function kindOf(mode: string): FileEntry['kind'] {
  if (mode.startsWith('100')) return 'file'
  if (mode === '40000') return 'directory'
  return mode === '120000' ? 'link' : 'other'
}

function once<Value>(known: Map<string, Promise<Value>>, key: string, make: () => Promise<Value>): Promise<Value> {
  const value = known.get(key) ?? make()
  known.set(key, value)
  return value
}
