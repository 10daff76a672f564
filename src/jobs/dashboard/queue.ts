/** One queue: its patches by releases. */
import type { AttemptMark, MatrixPatch, PastMark, QueueQuery, QueueView } from '../../model/dashboard.ts'
import type { Part } from '../../model/tally.ts'
import { compareReleases } from '../../model/version.ts'
import {
  pastsByLineage,
  positionsOfFile,
  positionsWithFate,
  queueAt,
  stoppedTries,
  subjectsAt,
} from '../../record/board/details.ts'
import { findQueue, newestOnEach, type PatchAt, patchesAt } from '../../record/board/find.ts'
import { pagingOf } from '../../record/board/marks.ts'
import { readNews } from '../../record/board/read-news.ts'
import { type Desk, historyAt, newestOf } from './desk.ts'

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
  const columns = columnsAround(marks, attempt)
  const patches = patchesAt(board, attempt.id)
  const all = rowsOfMatrix(desk, { id: queue.id, name, attempt, columns }, patches)
  const chosen = inOrder(all.filter(filterFor(desk, attempt.id, query)), query.sort)
  const paging = pagingOf(chosen.length, query.page, PAGE)
  return {
    ...{ query, name, attempt, columns, paging },
    source: queueAt(board, attempt.id).source,
    owners: [...new Set(patches.flatMap(({ owner }) => owner ?? []))].sort(),
    stopped: stoppedTries(board, name),
    rows: chosen.slice(Math.max(0, paging.from - 1), paging.to),
    news: readNews(board, { queue: name }, NEWS),
  }
}

/** In the order of their releases, the one that is shown among them. */
function columnsAround(marks: readonly AttemptMark[], shown: AttemptMark): AttemptMark[] {
  const all = [...marks].sort((one, other) => compareReleases(one.target, other.target) || one.id - other.id)
  const at = all.indexOf(shown)
  const from = Math.max(0, Math.min(at - Math.floor(COLUMNS / 2), all.length - COLUMNS))
  return all.slice(from, from + COLUMNS)
}

interface Matrix {
  id: number
  name: string
  attempt: AttemptMark
  columns: readonly AttemptMark[]
}

function rowsOfMatrix(desk: Desk, { id, name, attempt, columns }: Matrix, patches: readonly PatchAt[]): MatrixPatch[] {
  const { board } = desk
  const cells = columns.map((column) => {
    return new Map(patchesAt(board, column.id).map(({ lineage, part }): [number, Part] => [lineage, part]))
  })
  const subjects = subjectsAt(board, attempt.id)
  const told = historyAt(desk, name, attempt.id)?.pasts
  const own = pastsByLineage(board, id)
  return patches.flatMap((patch) => {
    const past: PastMark | undefined = told?.get(patch.name) ?? own.get(patch.lineage)
    if (past === undefined) return []
    return {
      ...{ ...patch, queue: name, past, subject: subjects.get(patch.position) ?? null },
      cells: cells.map((column) => column.get(patch.lineage) ?? null),
    }
  })
}

/** Whether a patch is asked for. */
function filterFor({ board, context }: Desk, attempt: number, query: QueueQuery): (patch: MatrixPatch) => boolean {
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

function inOrder(rows: readonly MatrixPatch[], sort: QueueQuery['sort']): MatrixPatch[] {
  const orders: Record<QueueQuery['sort'], (one: MatrixPatch, other: MatrixPatch) => number> = {
    place: () => 0,
    conflicts: (one, other) => other.past.conflicts - one.past.conflicts,
    age: (one, other) => (one.past.since < other.past.since ? -1 : one.past.since > other.past.since ? 1 : 0),
    name: (one, other) => (one.name < other.name ? -1 : 1),
  }
  return [...rows].sort((one, other) => orders[sort](one, other) || one.position - other.position)
}
