/**
 * The target with the patches that landed so far, as its files' blob ids: no tree is written until
 * somebody wants to look.
 */
import type { ByteString } from '../model/bytes.ts'
import { parentsOf } from '../model/paths.ts'
import type { TargetTree, TreeChanges, TreeEntries, TreeEntry } from '../model/tree.ts'

export class TargetState {
  readonly #tree: TargetTree
  readonly #changed: Map<ByteString, TreeEntry | null>
  readonly #layout: Layout

  constructor(tree: TargetTree, layout = new Layout(tree.entries), changed: TreeChanges = new Map()) {
    this.#tree = tree
    this.#layout = layout
    this.#changed = new Map(changed)
  }

  at(path: ByteString): TreeEntry | null {
    const changed = this.#changed.get(path)
    return changed === undefined ? (this.#tree.entries.get(path) ?? null) : changed
  }

  /** For trying something that may not stay. */
  copy(): TargetState {
    return new TargetState(this.#tree, this.#layout, this.#changed)
  }

  apply(changes: TreeChanges): void {
    for (const [path, entry] of changes) this.#changed.set(path, entry)
  }

  /** Whether the base has a file: if it is not here, upstream deleted or moved it. */
  isInBase(path: ByteString): boolean {
    return this.#tree.base.has(path)
  }

  /** What upstream renamed a file to that is not here any more; null where it did not. */
  whereabouts(path: ByteString): ByteString | null {
    // A file that the queue itself created has no rename of its own, but goes where its directory
    // went.
    const renamed = this.#tree.renames.get(path) ?? this.movedDirectory(path)
    return renamed !== null && this.at(renamed) !== null ? renamed : null
  }

  /**
   * Where a new file belongs if upstream moved all of its directory: to where most of the files in
   * it went.
   */
  movedDirectory(path: ByteString): ByteString | null {
    const directory = directoryOf(path)
    if (directory === '' || this.#layout.firstBelow(directory) !== null) return null
    const counts = new Map<ByteString, number>()
    for (const [from, to] of this.#tree.renames) {
      if (directoryOf(from) === directory) counts.set(directoryOf(to), (counts.get(directoryOf(to)) ?? 0) + 1)
    }
    const [most] = [...counts].sort((left, right) => right[1] - left[1])
    return most === undefined || most[0] === directory ? null : `${most[0]}${path.slice(directory.length)}`
  }

  /**
   * Files that stand where a new file needs a directory, or below where it needs its name, but for
   * those that are `leaving`.
   */
  inTheWayOf(path: ByteString, leaving: ReadonlySet<ByteString>): ByteString[] {
    const near = [...parentsOf(path), ...this.#layout.allBelow(path)]
    return near.filter((other) => !leaving.has(other) && this.at(other) !== null)
  }
}

/** The directories of the target, made when first asked for. */
class Layout {
  readonly #entries: TreeEntries
  #firstBelow: Map<ByteString, ByteString> | null = null

  constructor(entries: TreeEntries) {
    this.#entries = entries
  }

  /** All files below a directory. */
  allBelow(directory: ByteString): ByteString[] {
    if (this.firstBelow(directory) === null) return []
    return [...this.#entries.keys()].filter((path) => path.startsWith(`${directory}/`))
  }

  /** Some file below a directory; null where the target has no such directory. */
  firstBelow(directory: ByteString): ByteString | null {
    if (!this.#firstBelow) {
      this.#firstBelow = new Map()
      for (const file of this.#entries.keys()) for (const parent of parentsOf(file)) this.#firstBelow.set(parent, file)
    }
    return this.#firstBelow.get(directory) ?? null
  }
}

function directoryOf(path: ByteString): ByteString {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}
