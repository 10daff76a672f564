/** Audits a queue: tries it, looks up what its patches claim, and says why each is carried. */
import { auditPatches } from '../../audit/audit.ts'
import { claimsOf } from '../../audit/claims.ts'
import { configFor } from '../../config/find-config.ts'
import type { Scratch } from '../../git/scratch.ts'
import type { RecordedAttempt } from '../../model/attempt.ts'
import type { Audit } from '../../model/audit.ts'
import type { Config } from '../../model/config.ts'
import type { JobContext } from '../../model/job.ts'
import type { PatchQueue } from '../../model/queue.ts'
import { locateQueue } from '../../queue/locate.ts'
import { claimedCommits } from '../../upstream/claimed-commits.ts'
import { queueToTry } from '../../workspace/queue-place.ts'
import { checkSection, judgePolicy, sectionsIn } from './gates.ts'
import { type TryRequest, tryOn } from './try.ts'

export interface AuditRequest extends Omit<TryRequest, 'onto' | 'isKept'> {
  /** What the claims are held against. */
  target: string
}

export async function auditQueue({ target, ...request }: AuditRequest, context: JobContext): Promise<Audit[]> {
  const config = configFor((await locateQueue(await queueToTry(request, context), request.format)).source)
  const audits: Audit[] = []
  const told = { tried: () => {}, kept: () => {} }
  await tryOn({ ...request, onto: [target], isKept: false }, context, {
    ...told,
    examine: async (attempt, queue, scratch) => {
      context.progress('looking up what the patches claim')
      const audit = await auditOf(attempt, queue, config, scratch)
      const guards = new Set(request.guards)
      const aged = audit.patches.map((one) => ({ ...one, ageDays: null, ageAtLeast: false }))
      const asked = { queue, guards, target: attempt.target, patches: aged }
      audits.push({ ...audit, policy: await judgePolicy(config, asked, scratch, context) })
    },
  })
  return audits
}

async function auditOf(
  attempt: RecordedAttempt,
  queue: PatchQueue,
  { file, sections }: Config,
  scratch: Scratch,
): Promise<Omit<Audit, 'policy'>> {
  const known = sectionsIn(queue)
  for (const [section, { line }] of sections) checkSection(section, known, `${file}:${line}`)
  const { base, target, results } = attempt
  const names = queue.patches.flatMap((patch) => claimsOf(patch).flatMap(({ commit }) => commit ?? []))
  const commits = await claimedCommits(scratch, { base: base.commit, target: target.commit }, names)
  // Behind the cut of a shallow clone may be any commit.
  const knowsCommits = scratch.detail === 'commits' && scratch.cuts.size === 0
  const patches = auditPatches({ patches: queue.patches, results, commits, knowsCommits, sections })
  return { queue: attempt.queue, base, target, patches }
}
