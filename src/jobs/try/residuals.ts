import { residualOf } from '../../attempt/residual.ts'
import { ObjectReader } from '../../git/object-reader.ts'
import type { Scratch } from '../../git/scratch.ts'
import type { ByteString } from '../../model/bytes.ts'
import type { TargetTree } from '../../model/tree.ts'
import type { Trial } from './trial.ts'

/** What remains of the patches that may be upstream in part, and are carried over. */
export async function residualsOf(
  scratch: Scratch,
  trials: readonly Trial[],
  { entries, renames }: TargetTree,
): Promise<Map<Trial, ByteString | null>> {
  const nameOf = (path: ByteString) => (entries.has(path) ? path : (renames.get(path) ?? path))
  const residuals = new Map<Trial, ByteString | null>()
  const reader = new ObjectReader(scratch)
  try {
    for (const trial of trials) {
      const { patch, finding, landed } = trial
      const isCarried = landed.landing.kind !== 'withheld'
      // Where nothing of it stands, all of it remains: the patch itself.
      if (finding.status !== 'partial' && !(finding.status === 'present' && isCarried)) continue
      residuals.set(trial, await residualOf(scratch, reader, { patch, landed, fates: finding.fates }, nameOf))
    }
  } finally {
    reader.close()
  }
  return residuals
}
