/** What is recorded of attempts and patches, without reading the results whole. */
import { type AttemptSummary, type PatchResult, summarize, type VerdictKind } from '../model/attempt.ts'
import type { Connection } from './database.ts'
import { writeTo } from './patience.ts'
import { type AttemptRow, toAttemptKey } from './rows.ts'

/** By what an attempt is chosen. */
export interface AttemptKey {
  id: number
  /** Where its queue was: the series file, or the directory of its patches. */
  source: string
}

/** The newest word on each attempt on which there is one, where it is that the attempt is withdrawn. */
const WITHDRAWN = `SELECT * FROM withdrawal WHERE answer = 'withdrawn'
  AND id IN (SELECT max(id) FROM withdrawal GROUP BY attempt_id)`

/** The attempts that count, of all queues, oldest first: those that were not withdrawn. */
export function listAttempts(database: Connection): AttemptKey[] {
  return database
    .prepare(
      `SELECT attempt.id, source FROM attempt
       WHERE attempt.id NOT IN (SELECT attempt_id FROM (${WITHDRAWN})) ORDER BY attempt.id`,
    )
    .all() as AttemptKey[]
}

/** An attempt that counts no more, and why. */
export type WithdrawnAttempt = AttemptKey & Pick<Word, 'reason' | 'by' | 'at'>

/** Of all queues, oldest first. */
export function listWithdrawn(database: Connection): WithdrawnAttempt[] {
  return database
    .prepare(
      `SELECT attempt.id, attempt.source, reason, given_by AS "by", given_at AS at
       FROM (${WITHDRAWN}) JOIN attempt ON attempt.id = attempt_id ORDER BY attempt.id`,
    )
    .all() as WithdrawnAttempt[]
}

/** Attempts without their patches, in the order of their numbers. */
export function listSummaries(database: Connection, ids: readonly number[]): AttemptSummary[] {
  const wanted = JSON.stringify(ids)
  const rows = database
    .prepare(
      `SELECT attempt.*, revision FROM attempt JOIN queue_revision ON queue_revision.id = queue_revision_id
       WHERE attempt.id IN (SELECT value FROM json_each(?)) ORDER BY attempt.id`,
    )
    .all(wanted) as (AttemptRow & { revision: string })[]
  const counts = database
    .prepare(
      `SELECT attempt_id, verdict, count(*) FROM result
       WHERE attempt_id IN (SELECT value FROM json_each(?)) GROUP BY attempt_id, verdict`,
    )
    .raw()
    .all(wanted)
  const summaries = new Map(rows.map(({ id }) => [id, summarize([])]))
  for (const [id, verdict, count] of counts as [number, VerdictKind, number][]) {
    const summary = summaries.get(id)
    if (summary) summary[verdict] = count
  }
  return rows.map((row) => {
    const summary = summaries.get(row.id) ?? summarize([])
    return {
      ...toAttemptKey(row),
      revision: row.revision,
      upstream: row.upstream,
      patches: Object.values(summary).reduce((sum, one) => sum + one, 0),
      summary,
    }
  })
}

/** The number of the attempt that a document is recorded as, of one that counts where there is one; else null. */
export function attemptOfDocument(database: Connection, document: string): number | null {
  const select = database.prepare(
    `SELECT id FROM attempt WHERE document = ? ORDER BY id IN (SELECT attempt_id FROM (${WITHDRAWN})), id`,
  )
  return (select.pluck().get(document) as number | undefined) ?? null
}

/** The patches of an attempt, by their place in the queue. */
export function listPatches(database: Connection, attempt: number): { position: number; name: string }[] {
  return database
    .prepare(
      `SELECT position, name FROM queue_patch WHERE queue_revision_id =
         (SELECT queue_revision_id FROM attempt WHERE id = ?) ORDER BY position`,
    )
    .all(attempt) as { position: number; name: string }[]
}

/** What other attempts said of a patch of the same content, or else of the same name. */
export interface OtherResult {
  id: number
  target: string
  verdict: VerdictKind
  landing: PatchResult['landing']['kind']
}

/** Of each of the attempts that has the patch, one. */
export function resultsElsewhere(
  database: Connection,
  { digest, name }: { digest: string; name: string },
  attempts: readonly number[],
): OtherResult[] {
  const rows = database
    .prepare(
      `SELECT attempt.id, target_ref AS target, verdict, landing, max(digest = ?) FROM attempt
       JOIN queue_patch USING (queue_revision_id) JOIN result ON attempt_id = attempt.id AND result.position = queue_patch.position
       WHERE (digest = ? OR name = ?) AND attempt.id IN (SELECT value FROM json_each(?)) GROUP BY attempt.id ORDER BY attempt.id`,
    )
    .all(digest, digest, name, JSON.stringify(attempts)) as OtherResult[]
  return rows.map(({ id, target, verdict, landing }) => ({ id, target, verdict, landing }))
}

/** A person's word that an attempt was made by mistake, or was not. */
export interface Word {
  /** The attempt's number. */
  id: number
  answer: 'withdrawn' | 'restored'
  reason: string
  by: string
  /** ISO 8601, UTC. */
  at: string
}

export function saveWord(database: Connection, { id, answer, reason, by, at }: Word): Promise<void> {
  return writeTo(database, () => {
    database
      .prepare('INSERT INTO withdrawal (attempt_id, answer, reason, given_by, given_at) VALUES (?, ?, ?, ?, ?)')
      .run(id, answer, reason, by, at)
  })
}

/** The bytes of a recorded patch. */
export function loadPatch(database: Connection, digest: string): Uint8Array {
  const content = database.prepare('SELECT content FROM patch WHERE digest = ?').pluck().get(digest)
  if (content === undefined) throw new Error(`the record has no patch ${digest}`)
  return content as Buffer
}

/** What the patches of each content are called in the queues of attempts, by digest. */
export function patchNames(database: Connection, attempts: readonly number[]): Map<string, string[]> {
  const rows = database
    .prepare(
      `SELECT DISTINCT digest, name FROM queue_patch WHERE queue_revision_id IN
         (SELECT queue_revision_id FROM attempt WHERE id IN (SELECT value FROM json_each(?))) ORDER BY digest, name`,
    )
    .raw()
    .all(JSON.stringify(attempts))
  const names = new Map<string, string[]>()
  for (const [digest, name] of rows as [string, string][]) names.set(digest, [...(names.get(digest) ?? []), name])
  return names
}

/** What the newest attempt that drops a patch said of it, by the patch's digest. */
export function loadOutcomes(
  database: Connection,
  attempts: readonly number[],
): Map<string, { verdict: string; commit: string | null }> {
  const rows = database
    .prepare(
      `SELECT digest, verdict, sha FROM
         (SELECT digest, verdict, position, max(result.attempt_id) AS newest FROM result
          JOIN attempt ON attempt.id = result.attempt_id
          JOIN queue_patch USING (queue_revision_id, position)
          WHERE action = 'drop' AND attempt.id IN (SELECT value FROM json_each(?)) GROUP BY digest) AS dropped
       LEFT JOIN evidence ON evidence.attempt_id = newest AND evidence.position = dropped.position AND rank = 0`,
    )
    .all(JSON.stringify(attempts)) as { digest: string; verdict: string; sha: string | null }[]
  return new Map(rows.map(({ digest, verdict, sha }) => [digest, { verdict, commit: sha }]))
}
