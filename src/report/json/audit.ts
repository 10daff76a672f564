/** The `rebaseline/audit@1` document: why each patch of a queue is carried. */
import type { Audit, AuditedPatch } from '../../model/audit.ts'
import { printJson } from './print.ts'

export function auditToJson({ queue, base, target, patches, orphans, policy }: Audit): string {
  return printJson({
    schema: 'rebaseline/audit@1',
    queue: { source: queue.source, format: queue.format, revision: queue.revision, patches: patches.length },
    base: { ref: base.ref, commit: base.commit, found: base.found },
    target: { ref: target.ref, commit: target.commit },
    patches: patches.map(rowOf),
    disabled: queue.disabled,
    orphans,
    gates: (policy?.gates ?? []).map(({ gate: { text, line }, ...judged }) => ({ gate: text, line, ...judged })),
  })
}

function rowOf({ age, debt, ...row }: AuditedPatch): object {
  const { days = null, isAtLeast = false, refreshes = null, conflicts = null } = age ?? {}
  const told = { ageDays: days, ageAtLeast: isAtLeast, refreshes, conflicts }
  return { ...row, ...told, debt: debt.points, debtBecause: debt.because }
}
