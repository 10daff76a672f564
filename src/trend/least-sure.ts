/** In which order drops are best looked at: those first that rest on least. Pure. */
import type { PatchResult } from '../model/attempt.ts'
import { losesNothing } from '../model/fate.ts'

/** Where less of a patch stands in the target, the drop rests on what history says. */
const STANDS = 0.3

/** A commit is the patch's own by more than one sign, or it is less than this sure. */
const SURE = 0.95

/**
 * The patches that leave with an upstream commit, and whose evidence is not whole. First those with
 * a change that is not accounted for, then those with the least text in the target, then those whose
 * commit is the least sure. What leaves by a person's answer rests on that.
 */
export function leastSure(results: readonly PatchResult[]): PatchResult[] {
  return results
    .filter(({ verdict, overrule }) => verdict.kind === 'upstreamed' && overrule === null)
    .filter((one) => openChanges(one) > 0 || one.upstream.survival < STANDS || one.upstream.confidence < SURE)
    .sort(byEvidence)
}

/** How many changes of a patch would be lost, or may be, if it were dropped. */
export function openChanges({ upstream }: Pick<PatchResult, 'upstream'>): number {
  return upstream.fates.filter((fate) => !losesNothing(fate)).length
}

function byEvidence(one: PatchResult, other: PatchResult): number {
  const [left, right] = [one.upstream, other.upstream]
  return (
    Number(openChanges(other) > 0) - Number(openChanges(one) > 0) ||
    left.survival - right.survival ||
    left.confidence - right.confidence ||
    one.patch.position - other.patch.position
  )
}
