/** Audits a queue: tries it, looks up what its patches claim, and says why each is carried. */
import { type AuditFacts, auditPatches } from '../../audit/audit.ts'
import { changesSince } from '../../audit/changes.ts'
import { claimsOf } from '../../audit/claims.ts'
import { heatIn } from '../../audit/heat.ts'
import { AUDIT_COLUMNS, type RowFilter, readFilter, selectRows, sumRows } from '../../audit/select.ts'
import { UsageError } from '../../errors.ts'
import type { Scratch } from '../../git/scratch.ts'
import { allOf } from '../../git/together.ts'
import { treeOf } from '../../git/tree.ts'
import type { RecordedAttempt } from '../../model/attempt.ts'
import type { Audit, AuditChanges, PastAges, SumColumn, ToldAudit } from '../../model/audit.ts'
import type { Config } from '../../model/config.ts'
import type { JobContext } from '../../model/job.ts'
import type { PatchQueue } from '../../model/queue.ts'
import { orphansOf } from '../../queue/orphans.ts'
import { listAttempts } from '../../record/attempts.ts'
import { loadNewestAudit, saveAudit } from '../../record/audits.ts'
import type { Connection } from '../../record/database.ts'
import { placesOf } from '../../record/queue-names.ts'
import { claimedCommits } from '../../upstream/claimed-commits.ts'
import { checkSection, judgePolicy, sectionsIn } from './gates.ts'
import { knowsAllCommits } from './retire.ts'
import { auditSecurity, type SecurityWish } from './security.ts'
import { type TriedQueue, type TryRequest, tryOn } from './try.ts'

export interface AuditRequest extends Omit<TryRequest, 'onto' | 'isKept' | 'takesRecorded'> {
  /** What the claims are held against; null: the newest release, as for a try. */
  target: string | null
  past: PastAges
  /** Which rows are asked for: "class=unsent", "age>365"; none: all. */
  only: readonly string[]
  /** What they are summed by; null: not at all. */
  by: SumColumn | null
  /** What is asked of fixes, follow-ups and candidates; null where nothing is. */
  security: SecurityWish | null
}

/** @throws UsageError for a wish for rows that is none. */
export async function auditQueue(
  { target, past, only, by, security: wish, ...request }: AuditRequest,
  context: JobContext,
): Promise<ToldAudit[]> {
  const filters = only.map(filterOf)
  const audits: Audit[] = []
  const told = { tried: () => {}, kept: () => {} }
  const onto = target === null ? [] : [target]
  await tryOn({ ...request, onto, isKept: false, takesRecorded: true }, context, {
    ...told,
    examine: async (attempt, tried) => {
      context.progress('looking up what the patches claim')
      const audit = await auditOf(attempt, tried, past)
      const wanted = wish ?? (asksForFixes(tried.config) ? { advisories: null, against: null } : null)
      const security = wanted && (await auditSecurity({ ...tried, attempt }, wanted, context))
      const asked = { ...tried, guards: new Set(request.guards), target: attempt.target, past, security }
      const policy = await judgePolicy(tried.config, { ...asked, patches: audit.patches }, context)
      const changes = await record(attempt, tried.database, { ...audit, policy }, context)
      audits.push({ ...audit, policy, changes, security })
    },
  })
  return audits.map((audit) => {
    const rows = selectRows(audit.patches, filters)
    return { audit, rows, sums: by && { column: by, sums: sumRows(rows, by) } }
  })
}

/** A gate must not pass because nobody looked. */
function asksForFixes({ gates }: Config): boolean {
  return gates.some(({ rule }) => rule.kind === 'no-fix-missing')
}

function filterOf(words: string): RowFilter {
  const filter = readFilter(words)
  if (filter) return filter
  throw new UsageError(
    `"${words}" says nothing of which patches are wanted`,
    `write column=value, column!=value, column>number or column<number, "-" for an empty one; the columns are ${AUDIT_COLUMNS.join(', ')}`,
  )
}

/** Keeps an audit, and tells what is other than at the one before. */
async function record(
  { id, target, queue }: RecordedAttempt,
  database: Connection,
  { patches, policy }: Pick<Audit, 'patches' | 'policy'>,
  { now, version }: JobContext,
): Promise<AuditChanges | null> {
  const places = placesOf(database, queue.source)
  const own = listAttempts(database).filter(({ source }) => places.includes(source))
  const former = loadNewestAudit(
    database,
    own.map((one) => one.id),
    target.ref,
  )
  const gates = policy?.gates ?? []
  const facts = { attempt: id, auditedAt: new Date(now()).toISOString(), toolVersion: version }
  await saveAudit(database, facts, { patches, gates })
  const outcomes = gates.map(({ gate, pass }) => ({ text: gate.text, pass }))
  return former && changesSince(former, { patches, gates: outcomes })
}

async function auditOf(
  attempt: RecordedAttempt,
  { isRecorded, queue, located, scratch, cache, config, retirements }: TriedQueue,
  past: PastAges,
): Promise<Omit<Audit, 'policy' | 'changes' | 'security'>> {
  const known = sectionsIn(queue)
  for (const [section, { line }] of config.sections) checkSection(section, known, `${config.file}:${line}`)
  const { base, target, results } = attempt
  const facts = await upstreamFacts(attempt, queue, scratch)
  const heatOf = heatIn(cache, { base: base.commit, target: target.commit })
  const patches = auditPatches({
    ...facts,
    patches: queue.patches,
    results,
    config,
    retirements,
    ages: past.ages,
    heatOf,
  })
  const orphans = await orphansOf(located, queue)
  const { id, startedAt } = attempt
  return {
    attempt: { id, startedAt, isRecorded },
    called: attempt.called,
    queue: attempt.queue,
    base,
    target,
    patches,
    orphans,
  }
}

type UpstreamFacts = Pick<AuditFacts, 'commits' | 'titled' | 'knowsCommits' | 'hasFile' | 'target'>

async function upstreamFacts(
  { base, target, results }: RecordedAttempt,
  { patches }: PatchQueue,
  scratch: Scratch,
): Promise<UpstreamFacts> {
  const names = patches.flatMap((patch) => claimsOf(patch).flatMap(({ commit }) => commit ?? []))
  const found = new Set(
    results.flatMap(({ patch, upstream }) => (upstream.status === 'present' ? [patch.position] : [])),
  )
  const sought = patches.filter(({ position }) => !found.has(position))
  const subjects = sought.flatMap(({ header: { subject } }) => subject ?? [])
  const range = { base: base.commit, target: target.commit }
  const [{ named, titled }, before, after] = await allOf([
    claimedCommits(scratch, range, { names, subjects }),
    treeOf(scratch, base.commit),
    treeOf(scratch, target.commit),
  ])
  return {
    commits: named,
    titled,
    knowsCommits: knowsAllCommits(scratch),
    hasFile: (path) => before.has(path) || after.has(path),
    target: target.ref,
  }
}
