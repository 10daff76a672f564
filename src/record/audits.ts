/** Audits of attempts, kept for good: what the next one is compared with. */
import {
  type AuditedClaim,
  type AuditedPatch,
  DEBT_PARTS,
  type Debt,
  type DebtPart,
  type HygieneFault,
  type RecordedAudit,
} from '../model/audit.ts'
import type { JudgedGate } from '../model/gate.ts'
import type { Connection } from './database.ts'
import { writeTo } from './patience.ts'
import { groupBy } from './rows.ts'

/** What an audit is recorded with. */
export interface AuditFacts {
  /** The number of its attempt. */
  attempt: number
  /** ISO 8601, UTC. */
  auditedAt: string
  toolVersion: string
}

export function saveAudit(
  database: Connection,
  { attempt, auditedAt, toolVersion }: AuditFacts,
  { patches, gates }: { patches: readonly AuditedPatch[]; gates: readonly JudgedGate[] },
): Promise<void> {
  return writeTo(database, () => {
    const { lastInsertRowid: id } = database
      .prepare('INSERT INTO audit (attempt_id, audited_at, tool_version) VALUES (?, ?, ?)')
      .run(attempt, auditedAt, toolVersion)
    const patch = database.prepare(`INSERT INTO audit_patch VALUES (${Array(16).fill('?').join(', ')})`)
    const claim = database.prepare(`INSERT INTO audit_claim VALUES (${Array(11).fill('?').join(', ')})`)
    const gate = database.prepare('INSERT INTO audit_gate VALUES (?, ?, ?, ?, ?, ?)')
    for (const { position, class: kind, because, next, hygiene, age, debt, claims } of patches) {
      const aged = age ? [age.days, age.isAtLeast ? 1 : 0, age.refreshes, age.conflicts] : [null, null, null, null]
      patch.run(id, position, kind, because, next, hygiene.join(' '), ...aged, ...pointsOf(debt), debt.because)
      for (const [rank, { field, form, commit, at, holds, differs, because: why }] of claims.entries()) {
        const lines = [differs?.here ?? null, differs?.there ?? null]
        claim.run(id, position, rank, field, form, commit, at, holds, ...lines, why)
      }
    }
    for (const [
      rank,
      {
        gate: { text },
        pass,
        isAsked,
        because,
      },
    ] of gates.entries())
      gate.run(id, rank, text, pass ? 1 : 0, isAsked ? 1 : 0, because)
  })
}

function pointsOf({ parts }: Pick<Debt, 'parts'>): number[] {
  return DEBT_PARTS.map((part) => parts[part])
}

/**
 * The newest audit of any of some attempts, one against a target of the name before others; null
 * where none was audited.
 */
export function loadNewestAudit(
  database: Connection,
  attempts: readonly number[],
  target: string | null,
): RecordedAudit | null {
  const row = database
    .prepare(
      `SELECT audit.id, attempt_id AS attempt, audited_at AS auditedAt, target_ref AS target
       FROM audit JOIN attempt ON attempt.id = attempt_id
       WHERE attempt_id IN (SELECT value FROM json_each(?)) 
       ORDER BY target_ref IS ? DESC, audit.id DESC LIMIT 1`,
    )
    .get(JSON.stringify(attempts), target) as (Omit<RecordedAudit, 'patches' | 'gates'> & { id: number }) | undefined
  if (!row) return null
  const { id, ...facts } = row
  return { ...facts, patches: loadPatches(database, id), gates: loadGates(database, id) }
}

type PatchRow = Omit<RecordedAudit['patches'][number], 'claims' | 'hygiene' | 'age' | 'debt'> & {
  hygiene: string
  age_days: number | null
  age_at_least: number | null
  refreshes: number | null
  conflicts: number | null
  debt_because: string
} & Record<`debt_${DebtPart}`, number>

function loadPatches(database: Connection, audit: number): RecordedAudit['patches'] {
  const claims = loadClaims(database, audit)
  const rows = database
    .prepare(
      `SELECT position, name, listed, section, owner, author, class, because, status AS finding, verdict, next, hygiene,
         age_days, age_at_least, refreshes, conflicts, debt_conflicts, debt_age, debt_refreshes, debt_size, debt_heat,
         debt_because
       FROM audit JOIN attempt ON attempt.id = audit.attempt_id JOIN audit_patch ON audit_id = audit.id
         JOIN queue_patch USING (queue_revision_id, position) JOIN result USING (attempt_id, position)
       WHERE audit.id = ? ORDER BY position`,
    )
    .all(audit) as PatchRow[]
  return rows.map((row) => toAuditedPatch(row, claims.get(row.position) ?? []))
}

function toAuditedPatch(row: PatchRow, claims: AuditedClaim[]): RecordedAudit['patches'][number] {
  const { position, name, listed, section, owner, author, because, finding, verdict, next } = row
  const { age_days: days, age_at_least, refreshes, conflicts } = row
  const parts = Object.fromEntries(DEBT_PARTS.map((part) => [part, row[`debt_${part}`]])) as Debt['parts']
  const points = pointsOf({ parts }).reduce((sum, one) => sum + one, 0)
  return {
    ...{ position, name, listed, section, owner, author, class: row.class, because, finding, verdict, next, claims },
    hygiene: row.hygiene.split(' ').filter((word) => word !== '') as HygieneFault[],
    age:
      days === null || refreshes === null || conflicts === null
        ? null
        : { days, isAtLeast: age_at_least === 1, refreshes, conflicts },
    debt: { points, parts, because: row.debt_because },
  }
}

type ClaimRow = Omit<AuditedClaim, 'differs'> & {
  position: number
  lines_here: number | null
  lines_there: number | null
}

function loadClaims(database: Connection, audit: number): Map<number, AuditedClaim[]> {
  const rows = database
    .prepare(
      `SELECT position, field, form, commit_id AS "commit", place AS at, holds, lines_here, lines_there, because
       FROM audit_claim WHERE audit_id = ? ORDER BY position, rank`,
    )
    .all(audit) as ClaimRow[]
  return groupBy(
    rows,
    ({ position }) => position,
    ({ position: _, lines_here: here, lines_there: there, ...claim }): AuditedClaim => {
      return { ...claim, differs: here === null || there === null ? null : { here, there } }
    },
  )
}

function loadGates(database: Connection, audit: number): RecordedAudit['gates'] {
  const rows = database
    .prepare('SELECT gate AS text, pass, is_asked AS isAsked, because FROM audit_gate WHERE audit_id = ? ORDER BY rank')
    .all(audit) as { text: string; pass: number; isAsked: number; because: string }[]
  return rows.map((row) => ({ ...row, pass: row.pass === 1, isAsked: row.isAsked === 1 }))
}
