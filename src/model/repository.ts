/** A git repository that holds a queue as commits, opened beside the upstream. */
import type { ByteString } from './bytes.ts'

/** A commit and its parents. */
export interface CommitNode {
  sha: string
  parents: string[]
}

/** A commit as a patch. Texts are in UTF-8, whatever encoding the commit has. */
export interface CommitText {
  sha: string
  /** The subject as git format-patch(1) makes a file name of it: "Fix-the-valve". */
  stem: ByteString
  /** "Name <mail>". */
  author: ByteString
  date: ByteString
  subject: ByteString
  body: ByteString
  /** Against its parent; a root adds all its files. Empty where nothing changes. */
  diff: ByteString
}

/** A merge, and whether some of its text stands in none of its parents. */
export interface MergeText {
  sha: string
  subject: ByteString
  isMended: boolean
}

export interface QueueRepository {
  /** The commit that a branch, a tag or an expression names (gitrevisions(7)); null: there is none. */
  resolve: (name: string) => Promise<string | null>
  /** What `tips` hold and `without` do not, parents before their children (git-rev-list(1)). */
  list: (tips: readonly string[], without: readonly string[]) => Promise<CommitNode[]>
  /** The newest of some commits, of which no other holds it. */
  newest: (commits: readonly string[]) => Promise<string>
  /** The commits as patches, in the same order; none of them is a merge. */
  read: (commits: readonly string[]) => Promise<CommitText[]>
  readMerges: (merges: readonly string[]) => Promise<MergeText[]>
  /** A file of a commit's tree; null where there is none. */
  readFile: (commit: string, path: string) => Promise<Uint8Array | null>
  /** What the upstream's branches and tags name. */
  upstream: readonly string[]
}
