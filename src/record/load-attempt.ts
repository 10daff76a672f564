/** Reads attempts back, whole or one patch of them. */
import type { Conflict, Landing, PatchResult, Rebuild, RecordedAttempt } from '../model/attempt.ts'
import { type ByteString, fromBytes } from '../model/bytes.ts'
import type { ChangeFate } from '../model/fate.ts'
import type { Question, Signal, UpstreamCommit, UpstreamFinding } from '../model/finding.ts'
import type { Overrule } from '../model/overrule.ts'
import type { Claim, ClaimForm, PatchSummary, Problem } from '../model/patch.ts'
import type { DisabledPatch, QueueSummary } from '../model/queue.ts'
import { loadConflicts } from './conflicts.ts'
import type { Connection } from './database.ts'
import { overrulesById } from './overrules.ts'
import { calledAt } from './queue-names.ts'
import { type AttemptRow, groupBy, toAttemptKey } from './rows.ts'

/** An attempt, whole; null where there is no such attempt. */
export function loadAttempt(database: Connection, id: number): RecordedAttempt | null {
  return load(database, id, null)
}

/** An attempt with one of its patches alone; null where there is no such attempt. */
export function loadAttemptAt(database: Connection, id: number, position: number): RecordedAttempt | null {
  return load(database, id, position)
}

function load(database: Connection, id: number, position: number | null): RecordedAttempt | null {
  const row = database.prepare('SELECT * FROM attempt WHERE id = ?').get(id) as AttemptRow | undefined
  if (!row) return null
  return {
    ...toAttemptKey(row),
    toolVersion: row.tool_version,
    called: calledAt(database, row.source),
    queue: loadQueue(database, row),
    upstream: row.upstream,
    results: loadResults(database, row, position),
  }
}

function loadQueue(database: Connection, row: AttemptRow): QueueSummary {
  const revision = database.prepare('SELECT revision FROM queue_revision WHERE id = ?').pluck()
  const disabled = database.prepare('SELECT name, reason FROM disabled_patch WHERE attempt_id = ? ORDER BY rank')
  const notes = database.prepare(
    'SELECT file, line, message, hint FROM attempt_note WHERE attempt_id = ? ORDER BY rank',
  )
  return {
    source: row.source,
    format: row.format,
    revision: revision.get(row.queue_revision_id) as string,
    order: row.order_found,
    disabled: disabled.all(row.id) as DisabledPatch[],
    notes: notes.all(row.id) as Problem[],
  }
}

type ResultRow = Omit<PatchSummary, 'reversed'> & {
  reversed: number
  rebuild: Rebuild['kind']
  rebuild_lines: number | null
  rebuild_reason: string | null
  rebuild_hint: string | null
  landing: Landing['kind']
  landing_lines: number | null
  landing_by: 'merge' | 'context' | null
  verdict: PatchResult['verdict']['kind']
  action: PatchResult['verdict']['action']
  reason: string | null
  status: UpstreamFinding['status']
  coverage: number
  survival: number
  confidence: number
  reverted_by: string | null
  question: Question['kind'] | null
  question_sha: string | null
  parts: number | null
  overrule_id: number | null
}

/** `position`: of the only patch that is asked for; null where all are. */
function loadResults(database: Connection, attempt: AttemptRow, position: number | null): PatchResult[] {
  const rows = database
    .prepare(
      `SELECT * FROM result JOIN queue_patch USING (position)
       WHERE attempt_id = ? AND queue_revision_id = ? AND position = coalesce(?, position) ORDER BY position`,
    )
    .all(attempt.id, attempt.queue_revision_id, position) as ResultRow[]
  const parts = loadParts(database, attempt.id, position)
  return rows.map((row) => toResult(row, parts))
}

/** What belongs to the results of an attempt, by position. */
interface Parts {
  commits: Map<number, UpstreamCommit[]>
  claims: Map<number, Claim[]>
  conflicts: Map<number, Conflict[]>
  blockers: Map<number, number[]>
  fates: Map<number, ChangeFate[]>
  residuals: Map<number, ByteString[]>
  suggested: Map<number, ByteString[]>
  /** By their own numbers. */
  overrules: Map<number, Overrule>
}

function byPosition({ position }: { position: number }): number {
  return position
}

function loadParts(database: Connection, attempt: number, position: number | null): Parts {
  const rows = <Row extends { position: number }>(table: string, order: string): Row[] =>
    database
      .prepare(
        `SELECT * FROM ${table} WHERE attempt_id = ? AND position = coalesce(?, position) ORDER BY position, ${order}`,
      )
      .all(attempt, position) as Row[]
  type Evidence = Omit<UpstreamCommit, 'signals' | 'firstTag'> & {
    position: number
    first_tag: string | null
    signals: string
  }
  type FateRow = Pick<ChangeFate, 'kind' | 'hunk' | 'fate' | 'lines' | 'standing'> & {
    position: number
    path: Buffer
    brought_by: string | null
    changed_by: string | null
    at_path: Buffer | null
    at_line: number
  }
  type PatchRow = { position: number; patch: Buffer }
  return {
    overrules: overrulesById(database, attempt),
    residuals: groupBy(rows<PatchRow>('residual', 'position'), byPosition, ({ patch }) => fromBytes(patch)),
    suggested: groupBy(rows<PatchRow>('suggested_patch', 'position'), byPosition, ({ patch }) => fromBytes(patch)),
    fates: groupBy(rows<FateRow>('change_fate', 'rank'), byPosition, ({ path, brought_by, changed_by, ...row }) => {
      const { kind, hunk, fate, lines, standing } = row
      const at = row.at_path && { path: fromBytes(row.at_path), line: row.at_line }
      return { path: fromBytes(path), kind, hunk, fate, by: brought_by, changedBy: changed_by, at, lines, standing }
    }),
    commits: groupBy(
      rows<Evidence>('evidence', 'rank'),
      byPosition,
      ({ position: _, first_tag, signals, ...commit }) => {
        const { sha, subject, date, coverage } = commit
        return { sha, subject, date, firstTag: first_tag, signals: signals.split(' ') as Signal[], coverage }
      },
    ),
    claims: groupBy(
      rows<{ position: number; field: string; form: ClaimForm; text: string; sha: string | null }>('claim', 'rowid'),
      byPosition,
      ({ field, form, text, sha }) => ({ field, form, text, commit: sha }),
    ),
    conflicts: loadConflicts(database, attempt, position),
    blockers: groupBy(
      rows<{ position: number; blocker: number }>('blocked_by', 'blocker'),
      byPosition,
      (row) => row.blocker,
    ),
  }
}

function toResult(row: ResultRow, parts: Parts): PatchResult {
  const { position, name, section, owner, comment, strip, digest, subject, author, added, removed, files } = row
  return {
    patch: {
      position,
      name,
      section,
      owner,
      comment,
      strip,
      reversed: row.reversed === 1,
      directory: row.directory,
      listed: row.listed,
      digest,
      subject,
      author,
      added,
      removed,
      files,
    },
    rebuild: toRebuild(row),
    landing: toLanding(row, parts),
    upstream: {
      status: row.status,
      coverage: row.coverage,
      survival: row.survival,
      confidence: row.confidence,
      commits: parts.commits.get(position) ?? [],
      parts: row.parts ?? Math.min(1, parts.commits.get(position)?.length ?? 0),
      fates: parts.fates.get(position) ?? [],
      question: row.question === null ? null : { kind: row.question, sha: row.question_sha },
      revertedBy: row.reverted_by,
      claims: parts.claims.get(position) ?? [],
    },
    verdict: { kind: row.verdict, action: row.action, reason: row.reason },
    residual: parts.residuals.get(position)?.[0] ?? null,
    suggested: parts.suggested.get(position)?.[0] ?? null,
    overrule: parts.overrules.get(row.overrule_id ?? 0) ?? null,
  }
}

function toRebuild(row: ResultRow): Rebuild {
  switch (row.rebuild) {
    case 'clean':
      return { kind: 'clean' }
    case 'offset':
    case 'fuzz':
      return { kind: row.rebuild, lines: row.rebuild_lines ?? 0 }
    default:
      return { kind: row.rebuild, reason: row.rebuild_reason ?? '', hint: row.rebuild_hint ?? '' }
  }
}

function toLanding(row: ResultRow, parts: Parts): Landing {
  const conflicts = parts.conflicts.get(row.position) ?? []
  switch (row.landing) {
    case 'offset':
      return { kind: 'offset', lines: row.landing_lines ?? 0, by: row.landing_by ?? 'merge' }
    case 'fuzz':
      return { kind: 'fuzz', lines: row.landing_lines ?? 0 }
    case 'conflict':
      return { kind: 'conflict', conflicts }
    case 'blocked':
      return { kind: 'blocked', conflicts, by: parts.blockers.get(row.position) ?? [] }
    default:
      return { kind: row.landing }
  }
}
