/**
 * Reads the texts that a patch's fates are told from: what it starts from, what it makes, what the
 * target and a commit have.
 */
import { type ObjectReader, readBlob } from '../git/object-reader.ts'
import type { RebuiltPatch } from '../model/attempt.ts'
import { type ByteString, fromBytes, toBytes } from '../model/bytes.ts'
import { changesOf, type FileChange, type Patch } from '../model/patch.ts'
import { baseName } from '../model/paths.ts'
import { SUBMODULE, submoduleText, type TargetTree, type TreeEntry } from '../model/tree.ts'
import type { CommitSides } from '../patch/hold/commit-file.ts'
import type { FileSides, TreeText } from '../patch/hold/held.ts'
import { EMPTY_TEXT, LineKeys, type Text } from '../patch/hold/text.ts'

/** What a patch starts from, by path, and what it makes of it; null: it is not known. */
export type PatchStart =
  | (Pick<RebuiltPatch, 'sources' | 'changes'> & { rebuild: Pick<RebuiltPatch['rebuild'], 'kind'> })
  | null

/** Files of more bytes are compared by their ids alone. */
const MAX_TEXT = 16 << 20
/** So many lines are kept: a long queue has gigabytes of them. */
const MAX_LINES = 1 << 20

export class SideReader {
  readonly keys = new LineKeys()
  readonly #reader: ObjectReader
  readonly #tree: TargetTree
  readonly #targets = new Map<string, Promise<Text>>()
  /** The last version of each file that was read, by its path and by its base name. */
  readonly #recent = new Map<ByteString, Text>()
  /** By their object ids, the oldest first. */
  readonly #texts = new Map<string, Text>()
  #lines = 0

  constructor(reader: ObjectReader, tree: TargetTree) {
    this.#reader = reader
    this.#tree = tree
  }

  /** The sides of each file of a patch, in their order. */
  async sidesOf(patch: Patch, start: PatchStart): Promise<FileSides[]> {
    return await Promise.all(changesOf(patch).map((change) => this.sidesOfFile(change, start)))
  }

  /**
   * Where the target has a file of the base: under its name, or where upstream moved it; null where
   * it is gone.
   */
  pathInTarget(path: ByteString): ByteString | null {
    if (this.#tree.entries.has(path)) return path
    const moved = this.#tree.renames.get(path)
    return moved !== undefined && this.#tree.entries.has(moved) ? moved : null
  }

  /** The target's file; null where there is none. */
  async target(path: ByteString): Promise<TreeText | null> {
    const entry = this.#tree.entries.get(path)
    if (!entry) return null
    const known = this.#targets.get(entry.blob) ?? this.#text(path, entry)
    this.#targets.set(entry.blob, known)
    return { path, entry, text: await known }
  }

  /**
   * A file before a commit and after it, empty where it is not there; null where neither is a file.
   */
  async commitSides(sha: string, path: ByteString): Promise<CommitSides | null> {
    const [before, after] = await Promise.all([this.#textAt(`${sha}^`, path), this.#textAt(sha, path)])
    return before || after ? { before: before ?? EMPTY_TEXT, after: after ?? EMPTY_TEXT } : null
  }

  /**
   * A file as it was before a commit, under the first of its names that was there; null where none
   * was.
   */
  async textBefore(sha: string, names: Iterable<ByteString>): Promise<Text | null> {
    for (const name of names) {
      const text = await this.#textAt(`${sha}^`, name)
      if (text) return text
    }
    return null
  }

  /** The object id of a file in a commit; null where it is not there. */
  async blobAt(sha: string, path: ByteString): Promise<string | null> {
    return (await this.#reader.read(`${sha}:${path}`))?.sha ?? null
  }

  async #textAt(commit: string, path: ByteString): Promise<Text | null> {
    const object = await this.#reader.read(`${commit}:${path}`)
    return object?.type === 'blob' ? this.#toText(path, object.sha, object.data) : null
  }

  async sidesOfFile(change: FileChange, start: PatchStart): Promise<FileSides> {
    const { oldPath, newPath } = change
    const source = oldPath === null ? null : (start?.sources.get(oldPath) ?? null)
    const after = (newPath === null ? null : start?.changes.get(newPath)?.after) ?? namedBlob(change)
    const named = newPath ?? oldPath ?? ''
    // What a copy is made of stands there all the same: it says nothing of the copy.
    const other = change.operation === 'copy' ? named : (oldPath ?? named)
    const path = this.#tree.entries.has(named) ? named : (this.pathInTarget(named) ?? this.pathInTarget(other))
    const entry = path === null ? null : (this.#tree.entries.get(path) ?? null)
    const isExact = start === null || start.rebuild.kind === 'clean'
    const isSettled = entry !== null && (entry.blob === after?.blob || (isExact && entry.blob === source?.blob))
    const empty = (at: ByteString, one: TreeEntry) => ({ path: at, entry: one, text: EMPTY_TEXT })
    const target = path !== null && entry !== null ? (isSettled ? empty(path, entry) : await this.target(path)) : null
    const before =
      source === null || oldPath === null
        ? null
        : isSettled
          ? empty(oldPath, source)
          : { path: oldPath, entry: source, text: await this.#text(oldPath, source) }
    return {
      ...{ change, before, after, isExact, target },
      base: this.#tree.base.get(named) ?? null,
      oldTarget: oldPath === null ? null : this.pathInTarget(oldPath),
      isMoved: path !== null && path !== named,
    }
  }

  async #text(path: ByteString, entry: TreeEntry): Promise<Text> {
    const known = this.#texts.get(entry.blob)
    if (known) return known
    const isSubmodule = entry.mode === SUBMODULE
    const data = isSubmodule ? toBytes(submoduleText(entry.blob)) : await readBlob(this.#reader, entry.blob)
    return this.#toText(path, entry.blob, data)
  }

  #toText(path: ByteString, blob: string, data: Buffer): Text {
    if (data.length > MAX_TEXT) return EMPTY_TEXT
    const name = baseName(path)
    const text =
      this.#texts.get(blob) ?? this.keys.text(fromBytes(data), this.#recent.get(path) ?? this.#recent.get(name))
    this.#recent.set(path, text).set(name, text)
    this.#keep(blob, text)
    return text
  }

  #keep(blob: string, text: Text): void {
    if (this.#texts.has(blob)) return
    this.#texts.set(blob, text)
    this.#lines += text.lines.length
    for (const [oldest, { lines }] of this.#texts) {
      if (this.#lines <= MAX_LINES) return
      this.#texts.delete(oldest)
      this.#lines -= lines.length
    }
  }
}

/** What the `index` line of a patch names in full is what it makes, wherever it is applied. */
function namedBlob({ newBlob, newMode, oldMode }: FileChange): TreeEntry | null {
  return newBlob !== null && newBlob.length >= 40 ? { mode: newMode ?? oldMode ?? '100644', blob: newBlob } : null
}
