/** Which patches to send upstream first: what that saves at a rebase, and what it costs. */
import type { Base, Release } from './attempt.ts'
import { type HygieneFault, PATCH_CLASSES, type PatchAge, type PatchClass } from './audit.ts'
import type { PatchSummary } from './patch.ts'

/** Patches with about as many hunks, at all rebases that were tried. */
export interface Peers {
  /** Whose they are: of its queue, or of all queues of the portfolio where that has too few. */
  of: 'queue' | 'portfolio'
  /** Hunks; `most` null: without a limit. */
  least: number
  most: number | null
  /** How often one of them was carried to a rebase, and how often it was in conflict there. */
  tried: number
  conflicts: number
}

/** What is known of a patch at rebases, and what follows from it. */
export interface ConflictRate {
  /** Rebases that had it, and those at which it was in conflict. */
  tried: number
  conflicts: number
  peers: Peers
  /** Conflicts a rebase, 0..1: its own, with as many as its peers would have at two rebases more. */
  rate: number
}

/** A patch that upstream could take. */
export interface PlannedPatch
  extends Pick<PatchSummary, 'position' | 'name' | 'section' | 'owner' | 'author' | 'added' | 'removed' | 'files'> {
  /** What its queue is called. */
  queue: string
  digest: string
  class: PatchClass
  hunks: number
  /** Null where no rebase is known. */
  saves: ConflictRate | null
  /** Days of work that its conflicts take at a rebase; null where no effort tells it. */
  days: number | null
  /** Upstream commits from base to target that change its files; null where they are not known. */
  heat: number | null
  /** Null where no history is known. */
  age: Pick<PatchAge, 'days' | 'isAtLeast'> | null
  /** Whether it is to be mended before it can be sent. */
  isConflicting: boolean
  lacks: HygieneFault[]
  /** Earlier patches that must be sent with it, and later ones that stand on it: by name. */
  along: string[]
  bears: string[]
}

/** A patch of a portfolio, with all queues that carry the very same. */
export interface SharedPatch extends PlannedPatch {
  /** The others that carry it. */
  alsoIn: string[]
  /** Conflicts a rebase, of all of them; null where nothing is known. */
  savesInAll: number | null
}

/** A rebase of the past, at which the first patches of a plan made before it are counted. */
export interface PlanCheck {
  base: string
  target: string
  /** Patches that could have been sent, and those of them that were in conflict. */
  patches: number
  conflicts: number
  /** How many are taken of each order. */
  first: number
  /** How many of these were in conflict: of the plan, of the longest patches, and of the oldest. */
  planned: number
  longest: number
  oldest: number
}

/** Why a patch that stays is not to be sent: its class, a question that comes first, or a fix of upstream's own. */
export const OTHER_KINDS = [...PATCH_CLASSES, 'question', 'security-fix'] as const
export type OtherKind = (typeof OTHER_KINDS)[number]

/** What one queue has to send. */
export interface QueuePlan {
  queue: string
  source: string
  /** The attempt's number. */
  attempt: number
  base: Base
  target: Release
  /** Rebases that the rates rest on, the attempt with them. */
  rebases: number
  /** Days of work a conflict, by the median of past rebases, the least and the most; null where no effort tells it. */
  daysPerConflict: { days: number; low: number; high: number } | null
  /** The best first. */
  patches: PlannedPatch[]
  /** How many stay that are not to be sent, by why. */
  others: [OtherKind, number][]
  checks: PlanCheck[]
}

/** The plans of queues, and their patches together, the best first. */
export interface ToldPlan {
  plans: QueuePlan[]
  patches: SharedPatch[]
}
