/** The files of a queue in a commit's tree, read through git. */
import type { ObjectReader } from '../git/object-reader.ts'
import { type ByteString, fromBytes, toText } from '../model/bytes.ts'
import type { FileEntry, QueueFiles } from './files.ts'

interface TreeItem extends FileEntry {
  id: string
}

/** Trees and small files that were read once: from one commit to the next most stay the same. */
export class TreeCache {
  readonly #reader: ObjectReader
  readonly #trees = new Map<string, Promise<TreeItem[] | null>>()
  readonly #blobs = new Map<string, Promise<Uint8Array | null>>()

  constructor(reader: ObjectReader) {
    this.#reader = reader
  }

  /** The files of a commit, or of a tree. */
  filesOf(commit: string): QueueFiles {
    const find = (path: ByteString) => this.#find(commit, path)
    return {
      list: async (directory) => {
        const found =
          directory === '' ? await this.#tree(`${commit}^{tree}`) : await this.#treeOf(await find(directory))
        return found?.map(({ name, kind }) => ({ name, kind })) ?? null
      },
      read: async (path, limit) => {
        const found = await find(path)
        if (!found) return { because: 'no such file' }
        if (found.kind === 'link') return { because: 'a symbolic link' }
        if (found.kind !== 'file') return { because: 'not a regular file' }
        return this.#read(found.id, limit)
      },
      nameOf: (path) => `${commit.slice(0, 12)}:${toText(path)}`,
    }
  }

  /** The id of the blob or tree of a path; null where there is none. */
  async idOf(commit: string, path: ByteString): Promise<string | null> {
    return (await this.#find(commit, path))?.id ?? null
  }

  async #find(commit: string, path: ByteString): Promise<TreeItem | null> {
    let items = await this.#tree(`${commit}^{tree}`)
    const parts = path.split('/')
    for (const [depth, part] of parts.entries()) {
      const item = items?.find(({ name }) => name === part) ?? null
      if (depth === parts.length - 1) return item
      items = await this.#treeOf(item)
    }
    return null
  }

  #treeOf(item: TreeItem | null): Promise<TreeItem[] | null> {
    return item?.kind === 'directory' ? this.#tree(item.id) : Promise.resolve(null)
  }

  #tree(name: string): Promise<TreeItem[] | null> {
    return once(this.#trees, name, async () => {
      const object = await this.#reader.read(name)
      return object?.type === 'tree' ? itemsIn(object.data, object.sha.length / 2) : null
    })
  }

  async #read(id: string, limit: number): Promise<Uint8Array | { because: string }> {
    const size = (await this.#reader.look(id))?.size
    if (size === undefined) return { because: 'the repository lacks it' }
    if (size > limit) return { because: `larger than ${limit >> 20} MiB` }
    const bytes = await once(this.#blobs, id, async () => (await this.#reader.read(id))?.data ?? null)
    return bytes ?? { because: 'the repository lacks it' }
  }
}

/** The records of a tree object: "mode name", a NUL, and an id of `length` bytes (gitformat-pack). */
function itemsIn(data: Buffer, length: number): TreeItem[] {
  const items: TreeItem[] = []
  for (let from = 0; from < data.length; ) {
    const blank = data.indexOf(32, from)
    const end = data.indexOf(0, blank)
    const mode = data.toString('latin1', from, blank)
    const id = data.toString('hex', end + 1, end + 1 + length)
    items.push({ name: fromBytes(data.subarray(blank + 1, end)), kind: kindOf(mode), id })
    from = end + 1 + length
  }
  // git sorts a directory as if it ended with a slash.
  return items.sort((one, other) => (one.name < other.name ? -1 : 1))
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
