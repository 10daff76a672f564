import type { CarriedPatch } from '../../evidence/suggestions.ts'
import type { Needless, RebuiltPatch } from '../../model/attempt.ts'
import type { UpstreamFinding } from '../../model/finding.ts'
import type { Overrule } from '../../model/overrule.ts'
import type { Patch } from '../../model/patch.ts'

/** One patch on its way through an attempt, as far as it is sought upstream. */
export interface SoughtPatch {
  patch: Patch
  rebuilt: RebuiltPatch
  finding: UpstreamFinding
  /** The person's answer that counts here; null where there is none. */
  overrule: Overrule | null
  /** The position of the patch that undoes it; null where none does. */
  cancelledBy: number | null
}

/** The same, and all that is known of it. */
export interface Trial extends SoughtPatch, CarriedPatch {}

/** What is said of a patch that changes nothing, or that another of the queue undoes. */
export function needlessInQueue({ patch, cancelledBy }: SoughtPatch): Needless | null {
  if (patch.content.kind === 'readable' && patch.files === 0) return { kind: 'empty' }
  return cancelledBy === null ? null : { kind: 'cancelled', with: cancelledBy }
}
