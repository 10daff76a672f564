/** Finds the patches that the lists of commits name, in the trees of these. */
import type { ByteString } from '../model/bytes.ts'
import { baseName } from '../model/paths.ts'
import { directoryOf, joinPath } from './files.ts'
import type { ListedPatch, QueueListing } from './formats/format.ts'
import type { TreeCache, TreeItem, TreeItems } from './tree-files.ts'

/** A patch as one commit lists it. */
export interface Visit {
  patch: ListedPatch
  /** Why it takes no part; null where it does. */
  disabled: string | null
  /** Null where it is no file of the commit. */
  blob: string | null
  isThere: boolean
  /** The same for the same name and content: a commit's id in the name belongs to what a patch is. */
  key: string
}

/** The visits to patches of one repository. */
export class Visits {
  readonly #trees: TreeCache
  /** The last visit of each name: most commits list most patches as the one before. */
  readonly #last = new Map<string, Visit>()
  /** Of contents that are no files of their own. */
  readonly #numbers = new WeakMap<Uint8Array, number>()
  #numbered = 0

  constructor(trees: TreeCache) {
    this.#trees = trees
  }

  /** What finds the blobs of the patches that a list of a commit has. */
  async in(
    commit: string,
    list: ByteString,
    { patches, disabled }: QueueListing,
  ): Promise<(patch: ListedPatch, disabled: string | null) => Visit> {
    const directories = new Map<ByteString, TreeItems | null>()
    const look = async (directory: ByteString) => {
      if (!directories.has(directory)) directories.set(directory, await this.#trees.itemsAt(commit, directory))
    }
    for (const { content } of patches) if (content.kind === 'file') await look(directoryWith(content))
    for (const { patch } of disabled) {
      if (patch?.content.kind !== 'file') continue
      const own = directoryWith(patch.content)
      await Promise.all([look(own), look(directoryOf(own))])
    }
    const links = new Map<ByteString, TreeItem | null>()
    for (const [directory, items] of directories)
      for (const { name, kind } of items?.values() ?? [])
        if (kind === 'link')
          links.set(joinPath(directory, name), await this.#trees.itemAt(commit, joinPath(directory, name)))
    return (patch, disabled) => {
      const { content, name } = patch
      if (content.kind !== 'file') {
        const number = content.kind === 'bytes' ? this.#numberOf(content.bytes) : null
        return { patch, disabled, blob: null, isThere: number !== null, key: `${number}\0${name}` }
      }
      const [own, base] = [directoryWith(content), baseName(content.name)]
      const linked = links.size === 0 ? undefined : links.get(joinPath(own, base))
      const itemIn = (directory: ByteString) => directories.get(directory)?.get(base)
      // A list that moved down a directory comments out what has yet to follow it.
      const item = linked ?? itemIn(own) ?? (disabled === null ? undefined : itemIn(directoryOf(own)))
      const isPatch = item?.kind === 'file' && joinPath(content.directory, content.name) !== list
      const blob = isPatch ? item.id : null
      return this.#visit(patch, disabled, blob)
    }
  }

  /** One object for all commits in a row that list a file the same. */
  #visit(patch: ListedPatch, disabled: string | null, blob: string | null): Visit {
    const last = this.#last.get(patch.name)
    if (last && last.blob === blob && last.disabled === disabled && isListedSame(last.patch, patch)) return last
    const visit = { patch, disabled, blob, isThere: blob !== null, key: `${blob}\0${patch.name}` }
    this.#last.set(patch.name, visit)
    return visit
  }

  #numberOf(content: Uint8Array): number {
    const number = this.#numbers.get(content) ?? ++this.#numbered
    this.#numbers.set(content, number)
    return number
  }
}

/** Whether two lines of a list say the same of a patch of one name, wherever they stand. */
function isListedSame(one: ListedPatch, other: ListedPatch): boolean {
  if (one === other) return true
  const isTakenSame = one.strip === other.strip && one.reversed === other.reversed && one.directory === other.directory
  return isTakenSame && one.section === other.section && one.owner === other.owner && one.comment === other.comment
}

/** Where the file of a patch stands. */
function directoryWith({ directory, name }: { directory: ByteString; name: ByteString }): ByteString {
  return name.includes('/') ? directoryOf(joinPath(directory, name)) : directory
}
