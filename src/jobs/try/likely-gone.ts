/** What speaks for a patch being in the target, where only releases are known. */
import { readReleaseNotes } from '../../evidence/release-notes.ts'
import type { Scratch } from '../../git/scratch.ts'
import { likelyGone } from '../../judge/releases.ts'
import type { Release } from '../../model/attempt.ts'
import type { TargetTree } from '../../model/tree.ts'
import type { UpstreamRange } from '../../upstream/history.ts'
import type { Trial } from './trial.ts'

/** The patches in conflict for which something speaks, with what that is, in words. */
export async function findLikelyGone(
  scratch: Scratch,
  { base, target, range, tree }: { base: Release; target: Release; range: UpstreamRange; tree: TargetTree },
  trials: readonly Trial[],
): Promise<Map<Trial, string>> {
  const failing = trials.filter(({ landed: { landing } }) => 'conflicts' in landing)
  if (range.detail !== 'releases' || failing.length === 0) return new Map()
  const notes = await readReleaseNotes(scratch, tree)
  const timeOf = (release: Release) => range.tags.find(({ commit }) => commit === release.commit)?.time ?? 0
  const facts = { target: target.ref, times: { base: timeOf(base), target: timeOf(target) } }
  return new Map(
    failing.flatMap((trial) => {
      const { patch, landed, finding } = trial
      const reason = likelyGone({ ...facts, patch, landing: landed.landing, finding, noted: notes.find(patch) })
      return reason === null ? [] : [[trial, reason] as const]
    }),
  )
}
