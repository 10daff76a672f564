/** Finds files of commits by their names. */
import type { ByteString } from '../model/bytes.ts'
import { joinPath } from './files.ts'
import type { TreeCache, TreeItems } from './tree-files.ts'

/** The files of commits whose names fit; each tree is looked at once. */
export class NamedFiles {
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
      if ((item.kind === 'file' || item.kind === 'link') && this.#fits(item.name)) found.push(item.name)
      const inside = item.kind === 'directory' ? await this.#trees.itemsOf(item) : null
      if (inside) found.push(...(await this.#below(inside)).map((path) => joinPath(item.name, path)))
    }
    return found
  }
}
