import type { ConflictRegion } from '../model/region.ts'
import type { ByteString } from './bytes.ts'
import type { UpstreamFinding } from './finding.ts'
import type { Overrule } from './overrule.ts'
import type { PatchSummary } from './patch.ts'
import type { Found, QueueSummary } from './queue.ts'
import type { Suggestion } from './suggestion.ts'
import type { TreeEntry } from './tree.ts'

/** How a patch went when the queue was rebuilt on its own base. */
export type Rebuild =
  /** Every hunk where it says. */
  | { kind: 'clean' }
  /** Some hunk stood elsewhere; `lines` is the farthest. */
  | { kind: 'offset'; lines: number }
  /** Some hunk only with reduced context, as patch(1) does it by default. */
  | { kind: 'fuzz'; lines: number }
  /** The queue does not apply on its base here: nothing of the patch is in the rebuilt queue. */
  | { kind: 'failed'; reason: string; hint: string }
  /** Missing, malformed, unsafe, or with the wrong strip level: nothing of it is used. */
  | { kind: 'unreadable'; reason: string; hint: string }

/**
 * One patch on the base. `commit` holds it; for a patch that did not apply it is that of the patch
 * before, `parent`.
 */
export interface RebuiltPatch {
  rebuild: Rebuild
  parent: string
  commit: string
  /** The files that it changes on its base, before and after; null where there is none. */
  changes: ReadonlyMap<ByteString, FileStep>
  /** Files that it renames, old to new. */
  renames: ReadonlyMap<ByteString, ByteString>
  /** Files that it makes as copies of others, new to old. */
  copies: ReadonlyMap<ByteString, ByteString>
  /**
   * What every path that it names held before it, whether it applied or not; null where there was
   * no file.
   */
  sources: ReadonlyMap<ByteString, TreeEntry | null>
}

/** What is known of a queue on its base, whatever it is tried on. */
export interface PreparedQueue {
  /** In the order of the queue. */
  rebuilt: readonly RebuiltPatch[]
  /** git patch-id of the rebuilt patches, by position. */
  patchIds: ReadonlyMap<number, string>
  /** The patches that undo each other, each with its counterpart, by position. */
  cancelled: ReadonlyMap<number, number>
}

/** Queues that were rebuilt before; any of them can be lost at any time. */
export interface PreparedQueues {
  /** Null where the queue was not rebuilt on the base yet. `queue`: its revision. */
  load: (queue: string, base: string) => PreparedQueue | null
  save: (queue: string, base: string, prepared: PreparedQueue) => Promise<void>
}

/** What a patch makes of one file. */
export interface FileStep {
  before: TreeEntry | null
  after: TreeEntry | null
}

export interface Conflict {
  path: ByteString
  /** The hunks of the patch for this path that need a person, of all its hunks there. */
  hunksFailed: number
  hunks: number
  /** Why, in words: "both changed", "deleted upstream", "not in the target". */
  reason: string
  /**
   * The file with diff3 conflict markers, where there is one to look at; in a result only what is
   * around the conflicts.
   */
  marked: ByteString | null
  /** Whether upstream deleted the file, and did not move it. */
  isGone: boolean
  /** In the order of the file; none where there is nothing to merge. */
  regions: ConflictRegion[]
  /** Who brought it, those first that changed the most telling lines. */
  culprits: Culprit[]
  /** Null where nothing can be suggested. */
  suggestion: Suggestion | null
}

/** An upstream commit between base and target that changed what a patch needs. */
export interface Culprit {
  sha: string
  subject: string
  author: string
  /** Committer date, ISO 8601 in UTC. */
  date: string
  /** The first release tag that holds it; null where none does yet. */
  firstTag: string | null
  /** Lines of the conflict that it changed; 0 for one that deleted, moved or changed the file as a whole. */
  lines: number
}

/** The fact of how one patch went in one attempt. */
export type Landing =
  /** Applied where it says. */
  | { kind: 'clean' }
  /**
   * Applied; some hunk moved, by so many lines at most. By its context alone where a merge was not
   * possible.
   */
  | { kind: 'offset'; lines: number; by: 'merge' | 'context' }
  /** Applied by reduced context; only where no three-way merge was possible. */
  | { kind: 'fuzz'; lines: number }
  /** Applied by a three-way merge (renamed and moved files followed). */
  | { kind: 'merged' }
  /** Changed nothing: all of it is in the target already. */
  | { kind: 'noop' }
  /** Needs a person. */
  | { kind: 'conflict'; conflicts: Conflict[] }
  /** Lands once the patches at these positions are in place: tried. */
  | { kind: 'blocked'; conflicts: Conflict[]; by: number[] }
  /** Not tried: the target has it, or nobody needs it, so it was taken out first. */
  | { kind: 'withheld' }
  /** The patch file is missing, malformed or unsafe; its rebuild says why. */
  | { kind: 'unreadable' }

export const VERDICTS = ['applies', 'conflicting', 'blocked', 'upstreamed', 'droppable', 'invalid'] as const
export type VerdictKind = (typeof VERDICTS)[number]

/**
 * What a person does about it. `wait`: nothing of its own, it waits for the patches it is blocked
 * by.
 */
export const ACTIONS = ['drop', 'review', 'rework', 'wait', 'refresh', 'keep', 'repair'] as const
export type Action = (typeof ACTIONS)[number]

/** What the maintainer is told. */
export interface Verdict {
  kind: VerdictKind
  action: Action
  /** Why, where the landing alone does not say it. */
  reason: string | null
}

/** Why a patch is not needed any more, though upstream has not taken it. */
export type Needless =
  /** Everything that it changes was deleted upstream, and went nowhere else. */
  | { kind: 'obsolete' }
  /**
   * Another patch of the queue, at this position, and it undo each other: the queue leaves the same
   * files without the two.
   */
  | { kind: 'cancelled'; with: number }
  /** It changes nothing. */
  | { kind: 'empty' }

/** Everything that is said of one patch. */
export interface PatchResult {
  patch: PatchSummary
  rebuild: Rebuild
  landing: Landing
  upstream: UpstreamFinding
  verdict: Verdict
  /**
   * What remains to be carried of a patch that the target may hold in part: a patch for the target;
   * null where that was not asked.
   */
  residual: ByteString | null
  /**
   * The patch as it lands where it does not apply as it is, with all suggestions for its conflicts
   * in place; null where there is none.
   */
  suggested: ByteString | null
  /** The person's answer that decided; null where none did. */
  overrule: Overrule | null
}

export interface Release {
  /** As given, or the tag that was found. */
  ref: string
  commit: string
}

/**
 * How a base is found that nobody gives or states: by the blobs of its files, by the version that
 * the queue names, by the stack that it is on, by where two histories part, by trying.
 */
export const BASE_FOUND = ['given', 'blobs', 'version', 'stack', 'merge-base', 'search'] as const

export interface Base extends Release {
  found: (typeof BASE_FOUND)[number] | Found
}

/** One ordered application of one queue revision onto one target. */
export interface Attempt {
  queue: QueueSummary
  /** Where the upstream repository is: a path or a URL. */
  upstream: string
  base: Base
  target: Release
  /** In the order of the queue. */
  results: PatchResult[]
}

/** When an attempt was made, and by what. */
export interface Timing {
  /** ISO 8601, UTC. */
  startedAt: string
  durationMs: number
  /** The version of rebaseline. */
  toolVersion: string
}

/** An attempt as the record holds it. */
export interface RecordedAttempt extends Attempt, Timing {
  id: number
  /** What its queue is called. */
  called: string
}

/** An attempt without what came of each patch. */
export type AttemptFacts = Omit<RecordedAttempt, 'results'>

/** What an attempt says of one patch. */
export interface RecordedPatch {
  attempt: AttemptFacts
  result: PatchResult
  /** How many patches the queue has. */
  patches: number
}

export type Summary = Record<VerdictKind, number>

/** An attempt without its patches. */
export interface AttemptSummary extends Pick<RecordedAttempt, 'id' | 'startedAt' | 'durationMs' | 'base' | 'target'> {
  /** Of the queue: attempts of the same revision can be compared patch by patch. */
  revision: string
  upstream: string
  patches: number
  summary: Summary
}

export function summarize(results: readonly { verdict: Verdict }[]): Summary {
  const summary: Summary = { applies: 0, conflicting: 0, blocked: 0, upstreamed: 0, droppable: 0, invalid: 0 }
  for (const { verdict } of results) summary[verdict.kind]++
  return summary
}
