/** What of an old queue a new one carries. */
import type { CarriedChange } from '../../model/account.ts'
import type { PatchChange } from '../../model/fate.ts'
import type { HunkRuns } from './hunk-runs.ts'

/** What of an old change the new queue carries; null where it carries none of it. */
export interface Carried extends Pick<CarriedChange, 'fate' | 'lost' | 'gained'> {
  sides: Set<number>
  /** Whether only patches that carry nothing else of the old one have some of its lines there. */
  isStranger: boolean
}

/** One change of an old patch with what carries it. */
export interface HeldChange {
  change: PatchChange
  carried: Carried | null
}

export interface HeldQueue {
  /** By old patch, in the order of its changes. */
  patches: HeldChange[][]
  /** New hunks with a line that no old change accounts for. */
  unaccounted: HunkRuns[]
}
