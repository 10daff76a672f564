/** Attempts and queues as lists name them, read from a board. */
import type { AttemptMark, PageOf, QueueRow, SinceLast } from '../../model/dashboard.ts'
import { elementAt } from '../../model/elements.ts'
import { NEXTS, nextOf, PARTS, type Tally } from '../../model/tally.ts'
import { groupBy } from '../rows.ts'
import { AMONG, type Board, rowsOf } from './board.ts'

/** A row of the board's attempts. */
export interface MarkRow extends Tally {
  id: number
  queue: number
  document: string | null
  base: string
  target: string
  tried_at: string
  earlier: number | null
  withdrawn: number
}

/** An attempt as lists name it; its address is the same in every record. */
export function toMark(row: MarkRow): AttemptMark {
  const { id, base, target, tried_at: triedAt } = row
  const counts = [...PARTS, 'patches' as const].map((name) => [name, row[name]])
  return { id, address: addressOf(row), base, target, triedAt, tally: Object.fromEntries(counts) as Tally }
}

/** So many digits of a document's hash are its address. */
const DIGITS = 24

export function addressOf({ id, document }: Pick<MarkRow, 'id' | 'document'>): string {
  return document === null ? `@${id}` : document.slice('sha256:'.length).slice(0, DIGITS)
}

/** Which rows of a list a page shows. */
export function pagingOf(rows: number, wanted: number, size: number): PageOf {
  const pages = Math.max(1, Math.ceil(rows / size))
  const page = Math.min(Math.max(1, wanted), pages)
  const from = (page - 1) * size
  return { page, pages, rows, from: rows === 0 ? 0 : from + 1, to: Math.min(rows, from + size) }
}

/** Queues as they are now, in the order of their numbers in `ids`. */
export function queueRows({ drawn }: Board, ids: readonly number[]): QueueRow[] {
  const wanted = JSON.stringify(ids)
  const rows = rowsOf<MarkRow & { name: string; next: number }>(
    drawn,
    `SELECT attempt.*, queue.name, queue.next FROM queue JOIN attempt ON attempt.id = queue.attempt WHERE queue.id IN ${AMONG}`,
    wanted,
  )
  const earlier = rowsOf<MarkRow>(
    drawn,
    `SELECT * FROM attempt WHERE id IN ${AMONG}`,
    JSON.stringify(rows.flatMap((row) => row.earlier ?? [])),
  )
  const broken = rowsOf<Broken>(
    drawn,
    `SELECT attempt, count(*) AS count, patch, sha, min(id) FROM news WHERE kind = 'broke' AND attempt IN ${AMONG} GROUP BY attempt`,
    JSON.stringify(rows.map(({ id }) => id)),
  )
  const byId = new Map(earlier.map((row) => [row.id, row]))
  const brokenBy = new Map(broken.map((row) => [row.attempt, row]))
  const sizes = sizesOf({ drawn }, wanted)
  const known = new Map(
    rows.map((row): [number, QueueRow] => {
      const since = sinceOf(row, byId.get(row.earlier ?? 0), brokenBy.get(row.id))
      const { count } = nextOf(row)
      const own = sizes.get(row.queue) ?? []
      return [
        row.queue,
        { name: row.name, next: elementAt(NEXTS, row.next), count, attempt: toMark(row), since, sizes: own },
      ]
    }),
  )
  return ids.flatMap((id) => known.get(id) ?? [])
}

interface Broken {
  attempt: number
  count: number
  patch: string
  sha: string | null
}

function sinceOf(now: MarkRow, before: MarkRow | undefined, broke: Broken | undefined): SinceLast | null {
  if (before === undefined) return null
  const mend = now.mend + now.repair - before.mend - before.repair
  const named = broke ? { count: broke.count, patch: broke.patch, sha: broke.sha } : null
  return { target: before.target, leave: now.leave - before.leave, mend, broke: named }
}

/** So many months are told. */
const MONTHS = 12

/** What each queue had at the last attempt of each month, by the queue. */
function sizesOf({ drawn }: Pick<Board, 'drawn'>, wanted: string): Map<number, number[]> {
  const rows = rowsOf<{ queue: number; month: string; patches: number }>(
    drawn,
    `SELECT queue, substr(tried_at, 1, 7) AS month, patches, max(id) FROM attempt
     WHERE withdrawn = 0 AND queue IN ${AMONG} GROUP BY queue, month ORDER BY queue, month`,
    wanted,
  )
  const sizes = groupBy(
    rows,
    ({ queue }) => queue,
    ({ patches }) => patches,
  )
  return new Map([...sizes].map(([queue, own]) => [queue, own.slice(-MONTHS)]))
}
