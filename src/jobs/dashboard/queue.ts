/** One queue: its patches by releases. */
import type { AttemptMark, MatrixPatch, PastMark, PatchRow, QueueQuery, QueueView } from '../../model/dashboard.ts'
import { compareReleases } from '../../model/version.ts'
import { positionsOfFile, positionsWithFate, queueAt, stoppedTries, subjectsAt } from '../../record/board/details.ts'
import { findQueue, newestOnEach, partsAt, patchesAt } from '../../record/board/find.ts'
import { pagingOf } from '../../record/board/marks.ts'
import { readNews } from '../../record/board/read-news.ts'
import { type Desk, newestOf, withPasts } from './desk.ts'

/** So many releases stand beside each other, and so many patches below each other. */
const COLUMNS = 7
const PAGE = 50
const NEWS = 6

/** Null where there is no such queue, or nothing of it counts. */
export function queueView(desk: Desk, name: string, query: QueueQuery): QueueView | null {
  const { board } = desk
  const queue = findQueue(board, name)
  const marks = queue ? newestOnEach(board, queue.id) : []
  const attempt = marks.find(({ target }) => target === query.on) ?? newestOf(marks)
  if (!queue || !attempt) return null
  const patches = patchesAt(board, attempt.id)
  const place: Place = { id: queue.id, name, attempt, columns: columnsAround(marks, attempt) }
  const chosen = inOrder(withPasts(desk, place, patches).filter(filterFor(desk, attempt.id, query)), query.sort)
  const paging = pagingOf(chosen.length, query.page, PAGE)
  return {
    ...{ query, name, attempt, columns: place.columns, paging },
    source: queueAt(board, attempt.id).source,
    owners: [...new Set(patches.flatMap(({ owner }) => owner ?? []))].sort(),
    stopped: stoppedTries(board, name),
    rows: withCells(desk, place, chosen.slice(Math.max(0, paging.from - 1), paging.to)),
    news: readNews(board, { queue: name }, NEWS),
  }
}

/** The queue, and the attempts that are shown of it. */
interface Place {
  id: number
  name: string
  attempt: AttemptMark
  columns: AttemptMark[]
}

/** In the order of their releases, the one that is shown among them. */
function columnsAround(marks: readonly AttemptMark[], shown: AttemptMark): AttemptMark[] {
  const all = [...marks].sort((one, other) => compareReleases(one.target, other.target) || one.id - other.id)
  const at = all.indexOf(shown)
  const from = Math.max(0, Math.min(at - Math.floor(COLUMNS / 2), all.length - COLUMNS))
  return all.slice(from, from + COLUMNS)
}

/** What only the patches on a page need. */
function withCells({ board }: Desk, { id, attempt, columns }: Place, rows: readonly PatchRow[]): MatrixPatch[] {
  const attempts = columns.map((column) => column.id)
  const lineages = rows.map(({ lineage }) => lineage)
  const parts = partsAt(board, id, attempts, lineages)
  const positions = rows.map(({ position }) => position)
  const subjects = subjectsAt(board, attempt.id, positions)
  return rows.map((row) => ({
    ...row,
    subject: subjects.get(row.position) ?? null,
    cells: attempts.map((column) => parts.get(column)?.get(row.lineage) ?? null),
  }))
}

/** Whether a patch is asked for. */
function filterFor({ board, context }: Desk, attempt: number, query: QueueQuery): (patch: PatchRow) => boolean {
  const { verdict, fate, kind, owner, file, age } = query
  const withFate = fate === '' ? null : positionsWithFate(board, attempt, fate)
  const withFile = file === '' ? null : positionsOfFile(board, attempt, file)
  const now = context.now()
  return ({ part, position, name, past, owner: own }) =>
    (verdict.length === 0 || verdict.includes(part)) &&
    (withFate === null || withFate.has(position)) &&
    (kind === '' || past.kind === kind) &&
    (owner === '' || own === owner) &&
    (withFile === null || withFile.has(position) || name.toLowerCase().includes(file.toLowerCase())) &&
    (age === '' || ageOf(past, now) === age)
}

const YEAR = 365.25 * 24 * 3600 * 1000

function ageOf({ since }: PastMark, now: number): QueueQuery['age'] {
  const years = (now - Date.parse(since)) / YEAR
  if (years < 1) return 'under-1'
  return years < 3 ? '1-to-3' : 'over-3'
}

function inOrder(rows: readonly PatchRow[], sort: QueueQuery['sort']): PatchRow[] {
  const orders: Record<QueueQuery['sort'], (one: PatchRow, other: PatchRow) => number> = {
    place: () => 0,
    conflicts: (one, other) => other.past.conflicts - one.past.conflicts,
    age: (one, other) => (one.past.since < other.past.since ? -1 : one.past.since > other.past.since ? 1 : 0),
    name: (one, other) => (one.name < other.name ? -1 : 1),
  }
  return [...rows].sort((one, other) => orders[sort](one, other) || one.position - other.position)
}
