import { type ByteString, fromBytes } from './bytes.ts'

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

/** What stands for a submodule's commit in a diff: git-diff(1), --submodule=short. */
export function submoduleText(commit: string): ByteString {
  return `Subproject commit ${commit}\n`
}

const SUBMODULE_TEXT = /^Subproject commit ([0-9a-f]{40}|[0-9a-f]{64})\n$/

export function isSubmoduleText(text: ByteString): boolean {
  return SUBMODULE_TEXT.test(text)
}

/** The commit that such a text names. */
export function submoduleCommit(text: Uint8Array): string {
  const [, commit] = SUBMODULE_TEXT.exec(fromBytes(text)) ?? []
  if (commit === undefined) throw new Error('a submodule is one line with the id of a commit')
  return commit
}
