/** Draws what happened to patches, to claims and to gates. */
import { compareReleases } from '../../model/version.ts'
import { type Board, rowOf, rowsOf, statement } from './board.ts'

/** An attempt, and the one before it. */
interface Step {
  id: number
  queue: number
  target: string
  earlier: number
  /** ISO 8601, UTC. */
  at: string
}

/** What a patch that goes to such a part makes news as. */
const KINDS: Readonly<Record<string, string>> = { leave: 'leaves', mend: 'broke', repair: 'broke', decide: 'asks' }

/** A part that a patch came to, and was not in before. */
interface Moved {
  position: number
  lineage: number
  part: string
  name: string
  owner: string | null
}

const INSERT = `INSERT INTO news (at, kind, queue, attempt, lineage, patch, owner, text, sha, subject, author)
  VALUES (@at, @kind, @queue, @attempt, @lineage, @patch, @owner, @text, @sha, @subject, @author)`

/** Nothing where an older release was tried after a newer one: that is no news. */
export function drawVerdictNews({ record, drawn }: Board, { id, queue, target, earlier, at }: Step): void {
  const before = rowOf<{ target: string }>(drawn, 'SELECT target FROM attempt WHERE id = ?', earlier)
  if (before === undefined || (before.target !== target && compareReleases(before.target, target) > 0)) return
  const moved = rowsOf<Moved>(
    drawn,
    `SELECT now.position, now.lineage, now.part, now.name, now.owner
     FROM patch_at AS now JOIN patch_at AS old ON old.lineage = now.lineage AND old.attempt = ?
     WHERE now.attempt = ? AND now.part <> old.part AND now.part IN ('leave', 'mend', 'repair', 'decide')
     ORDER BY now.position`,
    earlier,
    id,
  )
  const commitOf = { leaves: evidenceOf, broke: culpritOf, asks: evidenceOf } as const
  for (const { position, lineage, part, name, owner } of moved) {
    const kind = KINDS[part] as keyof typeof commitOf
    const commit = commitOf[kind](record, id, position) ?? { sha: null, subject: null, author: null }
    statement(drawn, INSERT).run({
      ...{ at, kind, queue, attempt: id, lineage, patch: name, owner, text: null },
      ...commit,
    })
  }
}

interface CommitRow {
  sha: string
  subject: string
  author: string | null
}

function evidenceOf(record: Board['record'], attempt: number, position: number): CommitRow | undefined {
  const sql = 'SELECT sha, subject, NULL AS author FROM evidence WHERE attempt_id = ? AND position = ? AND rank = 0'
  return rowOf<CommitRow>(record, sql, attempt, position)
}

function culpritOf(record: Board['record'], attempt: number, position: number): CommitRow | undefined {
  const sql =
    'SELECT sha, subject, author FROM culprit WHERE attempt_id = ? AND position = ? ORDER BY rank, path LIMIT 1'
  return rowOf<CommitRow>(record, sql, attempt, position)
}

/** What an audit says that the one before, of the same queue, did not; returns the last audit. */
export function drawAuditNews(board: Board, last: number): number {
  const audits = rowsOf<AuditRow>(
    board.record,
    'SELECT id, attempt_id AS attempt, audited_at AS at FROM audit WHERE id > ? ORDER BY id',
    last,
  )
  for (const audit of audits) drawAudit(board, audit)
  return audits.at(-1)?.id ?? last
}

interface AuditRow {
  id: number
  attempt: number
  at: string
}

function drawAudit(board: Board, { id, attempt, at }: AuditRow): void {
  const { record, drawn } = board
  const own = rowOf<{ queue: number }>(drawn, 'SELECT queue FROM attempt WHERE id = ?', attempt)
  if (own === undefined) return
  const before = auditBefore(board, own.queue, id)
  const put = (row: Record<string, unknown>) => {
    const nothing = { lineage: null, patch: null, owner: null, text: null, sha: null, subject: null, author: null }
    statement(drawn, INSERT).run({ ...nothing, at, queue: own.queue, attempt, ...row })
  }
  const failing = `SELECT gate FROM audit_gate WHERE audit_id = ? AND pass = 0`
  const gates = rowsOf<{ gate: string; because: string }>(
    record,
    `SELECT gate, because FROM audit_gate WHERE audit_id = ? AND pass = 0
     AND gate NOT IN (${failing}) ORDER BY rank`,
    id,
    before ?? 0,
  )
  for (const { gate, because } of gates) put({ kind: 'gate', text: `${gate}: ${because}` })
  if (before === null) return
  for (const { position, text, sha } of falseSince(record, id, before)) {
    const patch = rowOf<{ lineage: number; name: string; owner: string | null }>(
      drawn,
      'SELECT lineage, name, owner FROM patch_at WHERE attempt = ? AND position = ?',
      attempt,
      position,
    )
    if (patch)
      put({ kind: 'claim', lineage: patch.lineage, patch: patch.name, owner: patch.owner, text, sha, subject: '' })
  }
}

/** The audit before, of any attempt of a queue; null for the first. */
function auditBefore({ record, drawn }: Board, queue: number, audit: number): number | null {
  const attempts = rowsOf<{ id: number }>(drawn, 'SELECT id FROM attempt WHERE queue = ?', queue).map(({ id }) => id)
  const row = rowOf<{ id: number | null }>(
    record,
    'SELECT max(id) AS id FROM audit WHERE id < ? AND attempt_id IN (SELECT value FROM json_each(?))',
    audit,
    JSON.stringify(attempts),
  )
  return row?.id ?? null
}

interface FalseClaim {
  position: number
  text: string
  sha: string | null
}

/** Claims that are false, and were not at an audit before. */
function falseSince(record: Board['record'], now: number, before: number): FalseClaim[] {
  const named = `SELECT audit_claim.audit_id, name, field, holds FROM audit_claim JOIN audit ON audit.id = audit_id
    JOIN attempt ON attempt.id = audit.attempt_id JOIN queue_patch USING (queue_revision_id, position)`
  return rowsOf<FalseClaim>(
    record,
    `SELECT DISTINCT position, field || ': ' || because AS text, commit_id AS sha FROM audit_claim
       JOIN audit ON audit.id = audit_id JOIN attempt ON attempt.id = audit.attempt_id
       JOIN queue_patch USING (queue_revision_id, position)
     WHERE audit_id = ? AND holds = 'false' AND name NOT IN
       (SELECT name FROM (${named}) AS old WHERE old.audit_id = ? AND old.holds = 'false' AND old.field = audit_claim.field)
     ORDER BY position, rank`,
    now,
    before,
  )
}
