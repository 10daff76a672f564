/** Audits a queue: tries it, looks up what its patches claim, and says why each is carried. */
import { auditPatches } from '../../audit/audit.ts'
import { claimsOf } from '../../audit/claims.ts'
import type { Scratch } from '../../git/scratch.ts'
import type { RecordedAttempt } from '../../model/attempt.ts'
import type { Audit } from '../../model/audit.ts'
import type { JobContext } from '../../model/job.ts'
import type { PatchQueue } from '../../model/queue.ts'
import { claimedCommits } from '../../upstream/claimed-commits.ts'
import { type TryRequest, tryOn } from './try.ts'

export interface AuditRequest extends Omit<TryRequest, 'onto' | 'isKept'> {
  /** What the claims are held against. */
  target: string
}

export async function auditQueue({ target, ...request }: AuditRequest, context: JobContext): Promise<Audit[]> {
  const audits: Audit[] = []
  const told = { tried: () => {}, kept: () => {} }
  await tryOn({ ...request, onto: [target], isKept: false }, context, {
    ...told,
    examine: async (attempt, queue, scratch) => {
      context.progress('looking up what the patches claim')
      audits.push(await auditOf(attempt, queue, scratch))
    },
  })
  return audits
}

async function auditOf(attempt: RecordedAttempt, queue: PatchQueue, scratch: Scratch): Promise<Audit> {
  const { base, target, results } = attempt
  const names = queue.patches.flatMap((patch) => claimsOf(patch).flatMap(({ commit }) => commit ?? []))
  const commits = await claimedCommits(scratch, { base: base.commit, target: target.commit }, names)
  // Behind the cut of a shallow clone may be any commit.
  const knowsCommits = scratch.detail === 'commits' && scratch.cuts.size === 0
  const patches = auditPatches({ patches: queue.patches, results, commits, knowsCommits })
  return { queue: attempt.queue, base, target, patches }
}
