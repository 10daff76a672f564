/**
 * Writes attempts and reads them back. One transaction per attempt; nothing is ever changed
 * afterwards.
 */
import {
  type Attempt,
  type AttemptSummary,
  type Conflict,
  type Landing,
  type PatchResult,
  type Rebuild,
  type RecordedAttempt,
  summarize,
  type VerdictKind,
} from '../model/attempt.ts'
import { type ByteString, fromBytes, toBytes } from '../model/bytes.ts'
import type { ChangeFate } from '../model/fate.ts'
import type { Question, Signal, UpstreamCommit, UpstreamFinding } from '../model/finding.ts'
import type { Overrule } from '../model/overrule.ts'
import type { Claim, PatchQueue, PatchSummary, QueueSummary } from '../model/patch.ts'
import { ConflictWriter, loadConflicts } from './conflicts.ts'
import type { Connection } from './database.ts'
import { overrulesById } from './overrules.ts'
import { groupBy } from './rows.ts'

export interface Timing {
  startedAt: string
  durationMs: number
  toolVersion: string
}

/** Returns the attempt's number. */
export function saveAttempt(database: Connection, attempt: Attempt, queue: PatchQueue, timing: Timing): number {
  return database
    .transaction(() => {
      const revisionId = saveQueue(database, queue)
      const id = insertAttempt(database, attempt, revisionId, timing)
      const write = new ResultWriter(database, id)
      for (const result of attempt.results) write.result(result)
      return id
    })
    .immediate()
}

function saveQueue(database: Connection, queue: PatchQueue): number {
  const known = database.prepare('SELECT id FROM queue_revision WHERE revision = ?').pluck().get(queue.revision)
  if (known !== undefined) return known as number
  const { lastInsertRowid } = database
    .prepare('INSERT INTO queue_revision (revision, source, format, disabled, guarded) VALUES (?, ?, ?, ?, ?)')
    .run(queue.revision, queue.source, queue.format, queue.disabled, queue.guarded)
  const id = Number(lastInsertRowid)
  const content = database.prepare('INSERT OR IGNORE INTO patch (digest, content) VALUES (?, ?)')
  const listing = database.prepare('INSERT INTO queue_patch VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  for (const patch of queue.patches) {
    content.run(patch.digest, Buffer.from(patch.bytes))
    const { position, digest, name, strip, reversed, subject, author, added, removed, files } = patch
    listing.run(id, position, digest, name, strip, reversed ? 1 : 0, subject, author, added, removed, files)
  }
  return id
}

function insertAttempt(
  database: Connection,
  { upstream, base, target }: Attempt,
  revisionId: number,
  timing: Timing,
): number {
  const { lastInsertRowid } = database
    .prepare(
      `INSERT INTO attempt (queue_revision_id, upstream, base_ref, base_commit, base_found, target_ref, target_commit,
         started_at, duration_ms, tool_version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      revisionId,
      upstream,
      base.ref,
      base.commit,
      base.found,
      target.ref,
      target.commit,
      timing.startedAt,
      timing.durationMs,
      timing.toolVersion,
    )
  return Number(lastInsertRowid)
}

/** The statements for one attempt's results, prepared once. */
class ResultWriter {
  readonly #attempt: number
  readonly #result
  readonly #evidence
  readonly #claim
  readonly #blockedBy
  readonly #conflicts: ConflictWriter
  readonly #fate
  readonly #residual

  constructor(database: Connection, attempt: number) {
    this.#attempt = attempt
    this.#result = database.prepare(`INSERT INTO result VALUES (${Array(24).fill('?').join(', ')})`)
    this.#evidence = database.prepare('INSERT INTO evidence VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
    this.#claim = database.prepare('INSERT INTO claim VALUES (?, ?, ?, ?, ?)')
    this.#conflicts = new ConflictWriter(database, attempt)
    this.#blockedBy = database.prepare('INSERT INTO blocked_by VALUES (?, ?, ?)')
    this.#fate = database.prepare(`INSERT INTO change_fate VALUES (${Array(13).fill('?').join(', ')})`)
    this.#residual = database.prepare('INSERT INTO residual VALUES (?, ?, ?)')
  }

  result({ patch, rebuild, landing, upstream, verdict, residual, overrule }: PatchResult): void {
    const key = [this.#attempt, patch.position] as const
    this.#result.run(
      ...[...key, patch.section, patch.owner, patch.comment],
      ...[rebuild.kind, 'lines' in rebuild ? rebuild.lines : null],
      ...['reason' in rebuild ? rebuild.reason : null, 'hint' in rebuild ? rebuild.hint : null],
      ...[landing.kind, 'lines' in landing ? landing.lines : null],
      ...[verdict.kind, verdict.action, verdict.reason],
      ...[upstream.status, upstream.coverage, upstream.survival, upstream.confidence, upstream.revertedBy],
      ...[upstream.parts, overrule?.id ?? null, 'by' in landing && landing.kind === 'offset' ? landing.by : null],
      ...[upstream.question?.kind ?? null, upstream.question?.sha ?? null],
    )
    upstream.commits.forEach((commit, rank) => {
      const { sha, subject, date, firstTag, signals, coverage } = commit
      this.#evidence.run(...key, rank, sha, subject, date, firstTag, signals.join(' '), coverage)
    })
    for (const { field, value, upstream: says } of upstream.claims) this.#claim.run(...key, field, value, says ? 1 : 0)
    upstream.fates.forEach(({ path, kind, hunk, fate, by, changedBy, at, lines, standing }, rank) => {
      const place = [at && toBytes(at.path), at?.line ?? null]
      this.#fate.run(...key, rank, toBytes(path), kind, hunk, fate, by, changedBy, ...place, lines, standing)
    })
    if (residual !== null) this.#residual.run(...key, toBytes(residual))
    if (!('conflicts' in landing)) return
    for (const conflict of landing.conflicts) this.#conflicts.write(patch.position, conflict)
    if (landing.kind === 'blocked') for (const blocker of landing.by) this.#blockedBy.run(...key, blocker)
  }
}

interface AttemptRow {
  id: number
  queue_revision_id: number
  upstream: string
  base_ref: string
  base_commit: string
  base_found: Attempt['base']['found']
  target_ref: string
  target_commit: string
  started_at: string
  duration_ms: number
}

/** The numbers of all attempts, oldest first. */
export function listAttempts(database: Connection): number[] {
  return database.prepare('SELECT id FROM attempt ORDER BY id').pluck().all() as number[]
}

/** All attempts, oldest first, without their patches. */
export function listSummaries(database: Connection): AttemptSummary[] {
  const rows = database
    .prepare(
      'SELECT attempt.*, revision FROM attempt JOIN queue_revision ON queue_revision.id = queue_revision_id ORDER BY attempt.id',
    )
    .all() as (AttemptRow & { revision: string })[]
  const counts = database
    .prepare('SELECT attempt_id, verdict, count(*) FROM result GROUP BY attempt_id, verdict')
    .raw()
    .all()
  const summaries = new Map(rows.map(({ id }) => [id, summarize([])]))
  for (const [id, verdict, count] of counts as [number, VerdictKind, number][]) {
    const summary = summaries.get(id)
    if (summary) summary[verdict] = count
  }
  return rows.map((row) => {
    const summary = summaries.get(row.id) ?? summarize([])
    return {
      ...{ id: row.id, startedAt: row.started_at, durationMs: row.duration_ms, revision: row.revision },
      base: { ref: row.base_ref, commit: row.base_commit, found: row.base_found },
      target: { ref: row.target_ref, commit: row.target_commit },
      patches: Object.values(summary).reduce((sum, one) => sum + one, 0),
      summary,
    }
  })
}

/** Null where there is no such attempt. */
export function loadAttempt(database: Connection, id: number): RecordedAttempt | null {
  const row = database.prepare('SELECT * FROM attempt WHERE id = ?').get(id) as AttemptRow | undefined
  if (!row) return null
  const queue = database
    .prepare('SELECT source, format, revision, disabled, guarded FROM queue_revision WHERE id = ?')
    .get(row.queue_revision_id) as QueueSummary
  return {
    id: row.id,
    startedAt: row.started_at,
    durationMs: row.duration_ms,
    queue,
    upstream: row.upstream,
    base: { ref: row.base_ref, commit: row.base_commit, found: row.base_found },
    target: { ref: row.target_ref, commit: row.target_commit },
    results: loadResults(database, row),
  }
}

/** The bytes of a recorded patch. */
export function loadPatch(database: Connection, digest: string): Uint8Array | null {
  return (
    (database.prepare('SELECT content FROM patch WHERE digest = ?').pluck().get(digest) as Buffer | undefined) ?? null
  )
}

/** What the patches of each content are called in recorded queues, by digest. */
export function patchNames(database: Connection): Map<string, string[]> {
  const rows = database.prepare('SELECT DISTINCT digest, name FROM queue_patch ORDER BY digest, name').raw().all()
  const names = new Map<string, string[]>()
  for (const [digest, name] of rows as [string, string][]) names.set(digest, [...(names.get(digest) ?? []), name])
  return names
}

/** What the newest attempt that drops a patch said of it, by the patch's digest. */
export function loadOutcomes(database: Connection): Map<string, { verdict: string; commit: string | null }> {
  const rows = database
    .prepare(
      `SELECT digest, verdict, sha FROM
         (SELECT digest, verdict, position, max(result.attempt_id) AS newest FROM result
          JOIN attempt ON attempt.id = result.attempt_id
          JOIN queue_patch USING (queue_revision_id, position) WHERE action = 'drop' GROUP BY digest) AS dropped
       LEFT JOIN evidence ON evidence.attempt_id = newest AND evidence.position = dropped.position AND rank = 0`,
    )
    .all() as { digest: string; verdict: string; sha: string | null }[]
  return new Map(rows.map(({ digest, verdict, sha }) => [digest, { verdict, commit: sha }]))
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

function loadResults(database: Connection, attempt: AttemptRow): PatchResult[] {
  const rows = database
    .prepare(
      'SELECT * FROM result JOIN queue_patch USING (position) WHERE attempt_id = ? AND queue_revision_id = ? ORDER BY position',
    )
    .all(attempt.id, attempt.queue_revision_id) as ResultRow[]
  const parts = loadParts(database, attempt.id)
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
  /** By their own numbers. */
  overrules: Map<number, Overrule>
}

function byPosition({ position }: { position: number }): number {
  return position
}

function loadParts(database: Connection, attempt: number): Parts {
  const rows = <Row extends { position: number }>(table: string, order: string): Row[] =>
    database.prepare(`SELECT * FROM ${table} WHERE attempt_id = ? ORDER BY position, ${order}`).all(attempt) as Row[]
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
  return {
    overrules: overrulesById(database, attempt),
    residuals: groupBy(rows<{ position: number; patch: Buffer }>('residual', 'position'), byPosition, (row) =>
      fromBytes(row.patch),
    ),
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
      rows<{ position: number; field: string; value: string; upstream: number }>('claim', 'rowid'),
      byPosition,
      (row) => {
        return { field: row.field, value: row.value, upstream: row.upstream === 1 }
      },
    ),
    conflicts: loadConflicts(database, attempt),
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
