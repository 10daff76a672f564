/** What the views of queues and patches need of the record beside what is drawn. */
import { fromBytes, toText } from '../../model/bytes.ts'
import type { JobsView, PastMark, PatchAnswer } from '../../model/dashboard.ts'
import type { ScanProblem } from '../../model/scan.ts'
import { AMONG, type Board, rowOf, rowsOf } from './board.ts'

/** Where the queue of an attempt was, its revision, and its upstream. */
export interface QueueAt {
  source: string
  revision: string
  upstream: string
}

export function queueAt({ record }: Board, attempt: number): QueueAt {
  const sql = `SELECT source, revision, upstream FROM attempt JOIN queue_revision ON queue_revision.id = queue_revision_id
    WHERE attempt.id = ?`
  const row = rowOf<QueueAt>(record, sql, attempt)
  if (row === undefined) throw new Error('an attempt that is drawn is not in the record')
  return row
}

/** Since when attempts have the patches of a queue, by lineage. */
export function pastsByLineage({ drawn }: Board, queue: number): Map<number, PastMark> {
  const sql = 'SELECT number, since FROM lineage WHERE queue = ?'
  return new Map(
    rowsOf<{ number: number; since: string }>(drawn, sql, queue).map(({ number, since }): [number, PastMark] => {
      return [number, { since: since.slice(0, 10), isLeast: true, rebases: 0, conflicts: 0, kind: null }]
    }),
  )
}

/** The subjects of the patches at some positions of an attempt, by position. */
export function subjectsAt(
  { record }: Board,
  attempt: number,
  positions: readonly number[],
): Map<number, string | null> {
  const rows = rowsOf<{ position: number; subject: string | null }>(
    record,
    `SELECT position, subject FROM attempt JOIN queue_patch USING (queue_revision_id)
     WHERE attempt.id = ? AND position IN ${AMONG}`,
    attempt,
    JSON.stringify(positions),
  )
  return new Map(rows.map(({ position, subject }) => [position, subject]))
}

/** The patches of an attempt of which some change has a fate, by position. */
export function positionsWithFate({ record }: Board, attempt: number, fate: string): Set<number> {
  const sql = 'SELECT DISTINCT position FROM change_fate WHERE attempt_id = ? AND fate = ?'
  return new Set(rowsOf<{ position: number }>(record, sql, attempt, fate).map(({ position }) => position))
}

/** The patches of an attempt that change a file whose path has some words. */
export function positionsOfFile({ record }: Board, attempt: number, file: string): Set<number> {
  const rows = rowsOf<{ position: number; path: Buffer }>(
    record,
    `SELECT position, path FROM change_fate WHERE attempt_id = ?
     UNION SELECT position, path FROM conflict WHERE attempt_id = ?`,
    attempt,
    attempt,
  )
  const wanted = file.toLowerCase()
  const found = rows.filter(({ path }) => toText(fromBytes(path)).toLowerCase().includes(wanted))
  return new Set(found.map(({ position }) => position))
}

/** Every word of people on some contents of a patch, the newest first. `now`: the content that is shown. */
export function answersTo({ record }: Board, digests: readonly string[], now: string): PatchAnswer[] {
  const rows = rowsOf<Omit<PatchAnswer, 'isOfNow'> & { digest: string }>(
    record,
    `SELECT answer, reason, given_by AS "by", given_at AS at, digest FROM overrule
     WHERE digest IN ${AMONG} ORDER BY given_at DESC, id DESC`,
    JSON.stringify(digests),
  )
  return rows.map(({ digest, ...answer }) => ({ ...answer, isOfNow: digest === now }))
}

/** The portfolios that were scanned. */
export function listPortfolios({ record }: Board): string[] {
  const sql = 'SELECT DISTINCT portfolio FROM scan_item ORDER BY portfolio'
  return rowsOf<{ portfolio: string }>(record, sql).map(({ portfolio }) => portfolio)
}

/** The tries of a queue that scans set aside. */
export function stoppedTries(board: Board, name: string): ScanProblem[] {
  const sql = `SELECT name, item ->> 'onto' AS onto, error AS message, hint FROM scan_item
    WHERE portfolio = ? AND name = ? AND state = 'failed' ORDER BY id`
  return listPortfolios(board).flatMap((portfolio) => rowsOf<ScanProblem>(board.record, sql, portfolio, name))
}

/** What workers of scans are at. */
export function takenItems({ record }: Board, limit: number): JobsView['working'] {
  const sql = `SELECT name, item ->> 'onto' AS onto, worker FROM scan_item WHERE state = 'taken' ORDER BY id LIMIT ?`
  return rowsOf<JobsView['working'][number]>(record, sql, limit)
}
