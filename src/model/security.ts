/** What an audit says of security: fixes carried, undone and missing, and what upstream mended later. */
import type { QueueComparison } from './queue-comparison.ts'
import type { MendKind } from './upstream-notes.ts'

/** A fix by the advisory that it answers. */
export interface AdvisoryFix {
  /** "XSA-410", "CVE-2022-33746", "GHSA-…". */
  id: string
  /** Other ids of the same fix. */
  aliases: string[]
}

/** A fix that the queue carries. */
export interface CarriedFix extends AdvisoryFix {
  /** Names of the patches. */
  patches: string[]
  /** Upstream's commits that these are, in every copy. */
  commits: string[]
  /** Whether the target has the change; null where that is not certain. */
  inTarget: boolean | null
  /** Whether nothing of the fix is lacking; null where no commit of it is known. */
  whole: boolean | null
}

/** A fix of the base that a patch of the queue takes back. */
export interface UndoneFix extends AdvisoryFix {
  patches: string[]
}

/** A fix that upstream has, and neither the base nor the queue. */
export interface MissingFix extends AdvisoryFix {
  commits: string[]
  /** On the base's own branch, or only on the way to the target. */
  where: 'base-stable' | 'target'
  /** Whether what it mends stands in the base with the queue; null where that is not certain. */
  affects: boolean | null
  because: string
}

/** What a list of advisories is found to be wrong about, or could not say. */
export interface AdvisoryNotes {
  problems: { file: string; why: string }[]
  /** The list says one thing, the upstream's history another. */
  disputed: { id: string; why: string }[]
}

export interface SecurityAudit {
  carried: CarriedFix[]
  undone: UndoneFix[]
  missing: MissingFix[]
  advisories: AdvisoryNotes
}

/**
 * `open`: upstream mended what the queue carries, and the queue lacks it. `reverted`: upstream took
 * it back. `included`: the queue has it all the same. `irrelevant`: what it mends is not carried.
 */
export const FOLLOW_UP_STATES = ['open', 'reverted', 'included', 'irrelevant'] as const
export type FollowUpState = (typeof FOLLOW_UP_STATES)[number]

/** How a commit goes onto the base with the whole queue. */
export const APPLIES = ['clean', 'offset', 'merged', 'conflict'] as const
export type Applies = (typeof APPLIES)[number]

/** A commit that mends one that the queue carries. */
export interface FollowUp {
  commit: string
  subject: string
  /** The commit that it mends. */
  names: string
  /** The patch that is this commit, or what led to it. */
  patch: string
  kind: MendKind
  applies: Applies
  state: FollowUpState
}

/** How a commit after the base is known to be fit for it. */
export const CANDIDATE_KINDS = ['marked', 'own-branch', 'branches'] as const

/**
 * A commit after the base that could be backported to it. `marked`: its message says so.
 * `own-branch`: the base's own branch has it. `branches`: other branches have it.
 */
export interface Candidate {
  commit: string
  subject: string
  kind: (typeof CANDIDATE_KINDS)[number]
  because: string
}

/** What is said beside the patches where security is asked for. */
export interface SecurityReport {
  security: SecurityAudit
  followUps: FollowUp[]
  candidates: Candidate[]
  /** Null where no other queue was named. */
  against: QueueComparison | null
}
