/** Queues, attempts and patches by their addresses. */
import type { AttemptMark, PatchMoment } from '../../model/dashboard.ts'
import type { Part } from '../../model/tally.ts'
import { AMONG, type Board, rowOf, rowsOf } from './board.ts'
import { type MarkRow, toMark } from './marks.ts'

/** A queue, and its newest attempt. */
export interface FoundQueue {
  id: number
  name: string
  /** Null where all attempts are withdrawn. */
  attempt: number | null
}

export function findQueue({ drawn }: Board, name: string): FoundQueue | null {
  return rowOf<FoundQueue>(drawn, 'SELECT id, name, attempt FROM queue WHERE name = ?', name) ?? null
}

/** The queue of a place; null where it was not tried. */
export function queueOf({ drawn }: Board, source: string): FoundQueue | null {
  const sql = 'SELECT id, name, attempt FROM place JOIN queue ON queue.id = place.queue WHERE place = ?'
  return rowOf<FoundQueue>(drawn, sql, source) ?? null
}

/** An attempt, the queue that it is of, and the one before. */
export interface FoundAttempt {
  mark: AttemptMark
  queue: FoundQueue
  document: string | null
  isWithdrawn: boolean
  earlier: number | null
}

/** By the beginning of its document's hash, or by its number: "@12". */
export function findAttempt(board: Board, address: string): FoundAttempt | null {
  const { drawn } = board
  const [, number] = /^@(\d{1,15})$/.exec(address) ?? []
  const row =
    number !== undefined
      ? rowOf<MarkRow>(drawn, 'SELECT * FROM attempt WHERE id = ?', Number(number))
      : rowOf<MarkRow>(
          drawn,
          'SELECT * FROM attempt WHERE document BETWEEN ? AND ? ORDER BY withdrawn, id LIMIT 1',
          `sha256:${address}`,
          `sha256:${address}g`,
        )
  const queue = row && rowOf<FoundQueue>(drawn, 'SELECT id, name, attempt FROM queue WHERE id = ?', row.queue)
  if (!row || !queue) return null
  const { document, earlier } = row
  return { mark: toMark(row), queue, document, isWithdrawn: row.withdrawn === 1, earlier }
}

/** The attempt of a number. */
export function markOf({ drawn }: Board, id: number): AttemptMark | null {
  const row = rowOf<MarkRow>(drawn, 'SELECT * FROM attempt WHERE id = ?', id)
  return row ? toMark(row) : null
}

/** The newest attempt of a queue on each target, in the order of their numbers. */
export function newestOnEach({ drawn }: Board, queue: number): AttemptMark[] {
  const rows = rowsOf<MarkRow>(
    drawn,
    `SELECT * FROM attempt WHERE id IN
       (SELECT max(id) FROM attempt WHERE queue = ? AND withdrawn = 0 GROUP BY target) ORDER BY id`,
    queue,
  )
  return rows.map(toMark)
}

/** All attempts of a queue that count, oldest first. */
export function attemptsOf({ drawn }: Board, queue: number): AttemptMark[] {
  return rowsOf<MarkRow>(drawn, 'SELECT * FROM attempt WHERE queue = ? AND withdrawn = 0 ORDER BY id', queue).map(
    toMark,
  )
}

/** A patch as an attempt has it. */
export interface PatchAt {
  lineage: number
  position: number
  name: string
  owner: string | null
  part: Part
}

/** The patches of an attempt, in their order. */
export function patchesAt({ drawn }: Board, attempt: number): PatchAt[] {
  return rowsOf<PatchAt>(
    drawn,
    `SELECT number AS lineage, position, name, owner, part FROM patch_at JOIN lineage ON lineage.id = patch_at.lineage
     WHERE attempt = ? ORDER BY position`,
    attempt,
  )
}

/** What some attempts said of some patches of a queue: by attempt, then by lineage. */
export function partsAt(
  { drawn }: Board,
  queue: number,
  attempts: readonly number[],
  lineages: readonly number[],
): Map<number, Map<number, Part>> {
  const rows = rowsOf<{ attempt: number; number: number; part: Part }>(
    drawn,
    `SELECT attempt, number, part FROM lineage JOIN patch_at ON patch_at.lineage = lineage.id
     WHERE lineage.queue = ? AND number IN ${AMONG} AND attempt IN ${AMONG}`,
    ...[queue, JSON.stringify(lineages), JSON.stringify(attempts)],
  )
  const parts = new Map(attempts.map((id) => [id, new Map<number, Part>()]))
  for (const { attempt, number, part } of rows) parts.get(attempt)?.set(number, part)
  return parts
}

/** What attempts that count said of a patch, the newest first. */
export function momentsOf({ drawn }: Board, queue: number, lineage: number): PatchMoment[] {
  const rows = rowsOf<MarkRow & { position: number; part: Part }>(
    drawn,
    `SELECT attempt.*, patch_at.position, patch_at.part FROM lineage
       JOIN patch_at ON patch_at.lineage = lineage.id JOIN attempt ON attempt.id = patch_at.attempt
     WHERE lineage.queue = ? AND number = ? AND withdrawn = 0 ORDER BY attempt.id DESC`,
    queue,
    lineage,
  )
  return rows.map((row) => ({ attempt: toMark(row), position: row.position, part: row.part }))
}

/** The contents that a patch had. */
export function digestsOf({ drawn }: Board, queue: number, lineage: number): string[] {
  const rows = rowsOf<{ digest: string }>(
    drawn,
    `SELECT DISTINCT digest FROM version JOIN lineage ON lineage.id = version.lineage
     WHERE lineage.queue = ? AND number = ?`,
    queue,
    lineage,
  )
  return rows.map(({ digest }) => digest)
}
