/** The life of a patch queue: its revisions, as its own git history holds them. */

/**
 * What kind of burden a patch is. `backport`: taken from upstream, it will fall away by itself.
 * `waiting`: meant for upstream, or sent there. `debt`: carried forward from release to release.
 */
export const BURDENS = ['backport', 'waiting', 'debt'] as const
export type Burden = (typeof BURDENS)[number]

/** What is known of a patch's content, whatever it is called. */
export interface PatchFacts {
  digest: string
  subject: string | null
  author: string | null
  added: number
  removed: number
  files: number
  hunks: number
  paths: string[]
  /** Hashes of its changed lines, see `hashLine`. */
  lines: Uint32Array
}

/** One line of a series that names a patch. */
export interface Listing {
  name: string
  /** Null: the series lists a file that is not there. */
  digest: string | null
  section: string
  owner: string | null
  kind: Burden
  /** Listed, and without a part in the queue; `reason`: why, in words ("commented out", "guard x86"). */
  disabled: boolean
  reason: string | null
}

/** The queue as one commit of its repository has it. */
export interface QueueRevision {
  sha: string
  /** Null: it has no parent, or none that was imported. */
  parent: string | null
  /** Committer time, seconds since 1970. */
  time: number
  author: string
  subject: string
  /** The upstream release that it sits on; null where nothing says it. */
  base: string | null
  /** What says it: "kettle.spec", "tag v3.1-1", "the commit's message". */
  baseFrom: string | null
  /** Why it cannot be told as the queue of its time: "conflict markers in series"; null where it can. */
  problem: string | null
  /** "sha256:…", as of a queue that was read from disk. */
  revision: string
  entries: Listing[]
}

/** A queue's repository, as far as it was imported. */
export interface QueueLife {
  repository: string
  /** Where its queue is; null in imports from before that was recorded. */
  queue: string | null
  /** Branch to the commit at its end; those that are gone from the repository are left out. */
  branches: ReadonlyMap<string, string>
  /** The branch that the repository's HEAD names; null where none is known. */
  head: string | null
  /** Commits whose parents a shallow clone has left out: nothing is known from before. */
  cuts: readonly string[]
  revisions: ReadonlyMap<string, QueueRevision>
  /** By digest. */
  facts: ReadonlyMap<string, PatchFacts>
}

/** The revisions that lead to a branch's end, by first parents, oldest first. */
export function revisionsOf(life: QueueLife, branch: string): QueueRevision[] {
  const line = new Set<QueueRevision>()
  for (let sha = life.branches.get(branch); sha !== undefined; ) {
    const revision = life.revisions.get(sha)
    // No history of git's goes in a circle; a record of somebody else's making may.
    if (!revision || line.has(revision)) break
    line.add(revision)
    sha = revision.parent ?? undefined
  }
  return [...line].reverse()
}
