import type { ByteString } from './bytes.ts'

/** A file in a tree: its octal mode, and the id of its content. */
export interface TreeEntry {
  mode: string
  blob: string
}

/** The files of a tree by path. */
export type TreeEntries = ReadonlyMap<ByteString, TreeEntry>

/** Files that a tree gets; null takes the path out. */
export type TreeChanges = ReadonlyMap<ByteString, TreeEntry | null>

/** The target's files, the base's, and where upstream moved files between them, old to new. */
export interface TargetTree {
  base: TreeEntries
  entries: TreeEntries
  renames: ReadonlyMap<ByteString, ByteString>
}

export function sameEntry(left: TreeEntry | null, right: TreeEntry | null): boolean {
  return left === right || (left !== null && right !== null && left.blob === right.blob && left.mode === right.mode)
}

/** The mode of what is another repository's commit, and no file. */
export const SUBMODULE = '160000'
