/** How much of a patch can be seen in the target, in words. */
import type { PatchSummary } from '../../model/patch.ts'
import { percent } from '../layout.ts'

/** Of a patch that only takes lines out nothing could stand: a share would say nothing. */
export function standingOf({ added, removed }: PatchSummary, survival: number): string {
  return added === 0 && removed > 0 ? 'it only takes lines out' : `${percent(survival)} of it stands`
}
