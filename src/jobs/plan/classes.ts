/** Why each patch that stays is carried: as its audit says, else as the record alone can tell. */
import { auditClaims } from '../../audit/claims.ts'
import { classOf } from '../../audit/classes.ts'
import type { PatchResult, RecordedAttempt } from '../../model/attempt.ts'
import type { PatchClass } from '../../model/audit.ts'
import { elementAt } from '../../model/elements.ts'
import type { Patch } from '../../model/patch.ts'
import { loadNewestAudit } from '../../record/audits.ts'
import type { Connection } from '../../record/database.ts'

export interface ClassedPatch {
  patch: Patch
  result: PatchResult
  class: PatchClass
}

/** Those that neither the attempt nor its audit drops, in their order. */
export function classesIn(attempt: RecordedAttempt, patches: readonly Patch[], database: Connection): ClassedPatch[] {
  const audited = loadNewestAudit(database, [attempt.id], attempt.target.ref)
  return attempt.results.flatMap((result, at): ClassedPatch[] => {
    const patch = elementAt(patches, at)
    const row = audited?.patches.find(({ position }) => position === patch.position)
    const { action, kind } = result.verdict
    if (action === 'drop' || kind === 'invalid' || row?.next === 'drop') return []
    return [{ patch, result, class: row?.class ?? classWithoutUpstream(patch, result) }]
  })
}

/** No commit is looked up: a claim counts as what it says, and as neither true nor false. */
function classWithoutUpstream(patch: Patch, result: PatchResult): PatchClass {
  const claims = auditClaims({
    ...{ patch, finding: result.upstream, commits: new Map(), later: null, knowsCommits: false },
  })
  return classOf({ patch, result, claims, later: null, sections: new Map() }).class
}
