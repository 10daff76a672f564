/** The upstream's commits, as they are asked and kept. */
import type { ByteString } from './bytes.ts'
import type { KeyKind } from './commit-keys.ts'
import type { IndexedCommit } from './history.ts'
import type { NotedCommit } from './upstream-notes.ts'

/**
 * The commits between base and target, oldest first, each known by its place from 0. They are asked,
 * not loaded: a range may have a million.
 */
export interface CommitHistory {
  readonly count: number
  /** The same object whenever it is asked for. */
  at: (place: number) => IndexedCommit
  /** The ids of all of them. */
  shas: () => string[]
  /** Null for a commit that is not among them. */
  placeOf: (sha: string) => number | null
  /** Tells of each of some keys every commit that holds it, once, in no particular order. */
  find: (kind: KeyKind, keys: Iterable<number>, found: (key: number, place: number) => void) => void
}

/** A range of which no commit is known: of releases alone. */
export const EMPTY_HISTORY: CommitHistory = {
  count: 0,
  at: (place) => {
    throw new Error(`the range has no commit at ${place}`)
  },
  shas: () => [],
  placeOf: () => null,
  find: () => {},
}

/** What was read of upstream commits once; it can be lost at any time. */
export interface CommitCache {
  /** Those of the given commits that it knows, in whatever order. */
  commits: (shas: readonly string[]) => IndexedCommit[]
  /** Those of the given commits that it does not know, in their order. */
  unknown: (shas: readonly string[]) => string[]
  saveCommits: (commits: readonly IndexedCommit[]) => Promise<void>
  /** The commits between two, which `makeHistory` was told of; null where it was not. */
  history: (span: CommitSpan) => CommitHistory | null
  /**
   * The given commits, as far as it knows them, ready to be asked. `span`: what they are all the
   * commits of, for the next time; null: some may be lacking.
   */
  makeHistory: (shas: readonly string[], span: CommitSpan | null) => Promise<CommitHistory>
  /** The first tags of a history that it knows; null where it was not told of these tags. */
  tags: (span: CommitSpan, version: string) => HistoryTags | null
  saveTags: (span: CommitSpan, tags: HistoryTags) => Promise<void>
  /** Files that upstream renamed between two commits, old to new; null where nobody has looked yet. */
  renames: (before: string, after: string) => Map<ByteString, ByteString> | null
  saveRenames: (before: string, after: string, renames: ReadonlyMap<ByteString, ByteString>) => Promise<void>
  /** What all messages of a set of branches and tags say; null where nobody has read it yet. */
  notes: (version: string) => NotedCommit[] | null
  saveNotes: (version: string, commits: readonly NotedCommit[]) => Promise<void>
}

/** In which tag each commit of a history first appeared. */
export interface HistoryTags {
  /** Another one for every other set of tags. */
  version: string
  tags: string[]
  /** For each place the index of its tag; of a commit that is in none, their number. */
  first: Uint32Array
}

/** The commits in the target's ancestry that are not in the base's. */
export interface CommitSpan {
  /** Null: all of the target's ancestry. */
  base: string | null
  target: string
}
