/** Audits a queue: tries it, looks up what its patches claim, and says why each is carried. */
import { type AuditFacts, auditPatches } from '../../audit/audit.ts'
import { claimsOf } from '../../audit/claims.ts'
import { conditionsOf, readCondition } from '../../audit/retire.ts'
import { configFor } from '../../config/find-config.ts'
import type { Scratch } from '../../git/scratch.ts'
import { listTree } from '../../git/tree.ts'
import type { RecordedAttempt } from '../../model/attempt.ts'
import type { Audit, PastAges } from '../../model/audit.ts'
import { fromText } from '../../model/bytes.ts'
import type { CommitCache } from '../../model/commit-history.ts'
import { textKey } from '../../model/commit-keys.ts'
import type { Config } from '../../model/config.ts'
import type { JobContext } from '../../model/job.ts'
import { type Patch, pathsOf } from '../../model/patch.ts'
import type { PatchQueue } from '../../model/queue.ts'
import { locateQueue } from '../../queue/locate.ts'
import { orphansOf } from '../../queue/orphans.ts'
import { claimedCommits } from '../../upstream/claimed-commits.ts'
import { queueToTry } from '../../workspace/queue-place.ts'
import { checkSection, judgePolicy, sectionsIn } from './gates.ts'
import { type TriedQueue, type TryRequest, tryOn } from './try.ts'

export interface AuditRequest extends Omit<TryRequest, 'onto' | 'isKept'> {
  /** What the claims are held against. */
  target: string
  past: PastAges
}

export async function auditQueue({ target, past, ...request }: AuditRequest, context: JobContext): Promise<Audit[]> {
  const config = configFor((await locateQueue(await queueToTry(request, context), request.format)).source)
  const audits: Audit[] = []
  const told = { tried: () => {}, kept: () => {} }
  await tryOn({ ...request, onto: [target], isKept: false }, context, {
    ...told,
    examine: async (attempt, tried) => {
      context.progress('looking up what the patches claim')
      const audit = await auditOf(attempt, tried, { config, past })
      const { queue, scratch } = tried
      const patches = audit.patches.map(({ age, ...one }) => {
        return { ...one, ageDays: age?.days ?? null, ageAtLeast: age?.isAtLeast ?? false }
      })
      const guards = new Set(request.guards)
      const asked = { queue, guards, target: attempt.target, patches, isHistoryWhole: past.isWhole }
      audits.push({ ...audit, policy: await judgePolicy(config, asked, scratch, context) })
    },
  })
  return audits
}

async function auditOf(
  attempt: RecordedAttempt,
  { queue, located, scratch, cache }: TriedQueue,
  { config, past }: { config: Config; past: PastAges },
): Promise<Omit<Audit, 'policy'>> {
  const known = sectionsIn(queue)
  for (const [section, { line }] of config.sections) checkSection(section, known, `${config.file}:${line}`)
  const { base, target, results } = attempt
  const facts = await upstreamFacts(attempt, queue, { scratch, config })
  const heatOf = heatIn(cache, { base: base.commit, target: target.commit })
  const patches = auditPatches({ ...facts, patches: queue.patches, results, config, ages: past.ages, heatOf })
  return { queue: attempt.queue, base, target, patches, orphans: await orphansOf(located, queue) }
}

type UpstreamFacts = Pick<AuditFacts, 'commits' | 'titled' | 'knowsCommits' | 'hasFile' | 'base'>

async function upstreamFacts(
  { base, target, results }: RecordedAttempt,
  { patches }: PatchQueue,
  { scratch, config }: { scratch: Scratch; config: Config },
): Promise<UpstreamFacts> {
  const names = patches.flatMap((patch) => claimsOf(patch).flatMap(({ commit }) => commit ?? []))
  const conditions = patches.flatMap((patch) => conditionsOf(patch, config.retire)).map(readCondition)
  const awaited = conditions.flatMap((condition) => (condition.kind === 'commit' ? [condition.sha] : []))
  const found = new Set(
    results.flatMap(({ patch, upstream }) => (upstream.status === 'present' ? [patch.position] : [])),
  )
  const sought = patches.filter(({ position }) => !found.has(position))
  const subjects = sought.flatMap(({ header: { subject } }) => subject ?? [])
  const range = { base: base.commit, target: target.commit }
  const { named, titled } = await claimedCommits(scratch, range, { names: [...names, ...awaited], subjects })
  const [before, after] = await Promise.all([listTree(scratch, base.commit), listTree(scratch, target.commit)])
  const has = (path: string) => after.has(fromText(path))
  return {
    commits: named,
    titled,
    // Behind the cut of a shallow clone may be any commit.
    knowsCommits: scratch.detail === 'commits' && scratch.cuts.size === 0,
    hasFile: { either: (path) => before.has(path) || after.has(path), target: has },
    base: base.ref,
  }
}

/** How many commits of the range change any file of a patch, by the index that the try has made. */
function heatIn(cache: CommitCache, span: { base: string; target: string }): (patch: Patch) => number | null {
  const history = cache.history(span)
  if (!history) return () => null
  return (patch) => {
    const places = new Set<number>()
    history.find('path', pathsOf(patch).map(textKey), (_, place) => places.add(place))
    return places.size
  }
}
