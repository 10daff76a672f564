/** Why patches left a queue, as far as it is known. Pure. */
import type { FlowingPatch } from './shrinkage.ts'

/** What the newest attempt that drops a patch said of it, by the patch's digest. */
export type Outcomes = ReadonlyMap<string, { verdict: string; commit: string | null }>

/** Why a patch left, with its evidence. */
export type DepartureReason =
  /** An attempt found it upstream. */
  | { kind: 'upstream'; commit: string | null }
  /** An attempt found that it is not needed. */
  | { kind: 'needless' }
  /** Its lines are in other patches of the queue: their ids. */
  | { kind: 'merged'; into: number }
  | { kind: 'split'; into: readonly number[] }
  /** It is still listed, and takes no part: why, in words. */
  | { kind: 'disabled'; reason: string }
  /** The commit that took it out says that upstream has it; nothing proves it. */
  | { kind: 'said-upstream' }
  /** Nothing says why. */
  | { kind: 'unsaid' }

export const REASONS = ['upstream', 'needless', 'merged', 'split', 'disabled', 'said-upstream', 'unsaid'] as const

/** Words of a commit that say so of the patches that it takes out. */
const SAYS_UPSTREAM =
  /\b(?:upstream(?:ed)?|included|merged|backports?|applied|released|part of|in (?:the )?(?:new )?(?:release|version|tarball))\b/i

export function reasonOf({ lineage, listing, departure }: FlowingPatch, outcomes: Outcomes): DepartureReason {
  const outcome = outcomes.get(listing.digest ?? '')
  if (outcome?.verdict === 'upstreamed') return { kind: 'upstream', commit: outcome.commit }
  if (outcome) return { kind: 'needless' }
  if (!departure) return { kind: 'disabled', reason: lineage.listing.reason ?? 'commented out' }
  if (departure.splitInto.length > 0) return { kind: 'split', into: departure.splitInto }
  if (departure.mergedInto !== null) return { kind: 'merged', into: departure.mergedInto }
  return { kind: SAYS_UPSTREAM.test(departure.message) ? 'said-upstream' : 'unsaid' }
}
