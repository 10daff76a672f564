/** The `rebaseline/audit@1` document: why each patch of a queue is carried. */
import type { AuditedPatch, AuditSum, ToldAudit } from '../../model/audit.ts'
import { printJson } from './print.ts'

export function auditToJson({ audit, rows, sums }: ToldAudit): string {
  const { attempt, called, queue, base, target, patches, orphans, policy, changes, security } = audit
  return printJson({
    schema: 'rebaseline/audit@1',
    attempt,
    queue: {
      name: called,
      source: queue.source,
      format: queue.format,
      revision: queue.revision,
      patches: patches.length,
    },
    base: { ref: base.ref, commit: base.commit, found: base.found },
    target: { ref: target.ref, commit: target.commit },
    patches: rows.map(rowOf),
    disabled: queue.disabled,
    orphans,
    gates: (policy?.gates ?? []).map(({ gate: { text, line }, ...judged }) => ({ gate: text, line, ...judged })),
    changes,
    ...security,
    ...(sums === null ? {} : { by: sums.column, sums: sums.sums.map(sumDocument) }),
  })
}

function sumDocument({ next, oldest, ...sum }: AuditSum): object {
  return { ...sum, oldestDays: oldest, next: Object.fromEntries(next) }
}

function rowOf({ age, debt, ...row }: AuditedPatch): object {
  const { days = null, isAtLeast = false, refreshes = null, conflicts = null } = age ?? {}
  const told = { ageDays: days, ageAtLeast: isAtLeast, refreshes, conflicts }
  return { ...row, ...told, debt: debt.points, debtParts: debt.parts, debtBecause: debt.because }
}
