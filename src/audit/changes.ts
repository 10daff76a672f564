/** What is other than at the audit before. Pure. */
import { type AuditChanges, type AuditedPatch, claimName, debtOfAll, type RecordedAudit } from '../model/audit.ts'

/** An audit as it is compared: with its gates by their sentences. */
export interface ComparedAudit {
  patches: readonly Pick<AuditedPatch, 'name' | 'class' | 'claims' | 'next' | 'debt'>[]
  gates: readonly { text: string; pass: boolean }[]
}

/** Patches are the same by their names. */
export function changesSince(former: RecordedAudit, now: ComparedAudit): AuditChanges {
  const { attempt, auditedAt, target } = former
  const known = byName(former)
  const carried = byName(now)
  const heldBefore = new Map(former.gates.map(({ text, pass }) => [text, pass]))
  return {
    since: { attempt, auditedAt, target },
    came: [...carried.keys()].filter((name) => !known.has(name)),
    left: [...known.keys()].filter((name) => !carried.has(name)),
    reclassed: now.patches.flatMap(({ name, class: to }) => {
      const from = known.get(name)?.class
      return from === undefined || from === to ? [] : [{ name, from, to }]
    }),
    falseNow: now.patches.flatMap(({ name, claims }) => {
      const old = new Set(falseIn(known.get(name)?.claims ?? []))
      return falseIn(claims).flatMap((claim) => (old.has(claim) ? [] : [{ name, claim }]))
    }),
    debt: { from: debtOfAll(former.patches), to: debtOfAll(now.patches) },
    gates: now.gates.filter(({ text, pass }) => heldBefore.has(text) && heldBefore.get(text) !== pass),
  }
}

function byName({ patches }: ComparedAudit): Map<string, ComparedAudit['patches'][number]> {
  return new Map(patches.map((one) => [one.name, one]))
}

function falseIn(claims: AuditedPatch['claims']): string[] {
  return claims.filter(({ holds }) => holds === 'false').map(claimName)
}
