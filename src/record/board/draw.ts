/** Draws what is new in a record onto its board, some attempts at a time. */
import type { Action, VerdictKind } from '../../model/attempt.ts'
import { PARTS, type Part, partOf, type Tally } from '../../model/tally.ts'
import { writeTo } from '../patience.ts'
import { calledAt, nameAt } from '../queue-names.ts'
import { groupBy } from '../rows.ts'
import { type Board, rowOf, rowsOf, statement, wipeBoard } from './board.ts'
import { lineagesOf } from './lineages.ts'
import { drawAuditNews, drawVerdictNews } from './news.ts'
import { drawNow } from './now.ts'

/** How far a board is drawn. */
interface Drawn {
  attempt: number
  document: string | null
  withdrawal: number
  audit: number
  name: number
}

/** So many attempts are drawn in one go. */
const BATCH = 200

/** Draws the next attempts, withdrawals and audits. True where there may be more to draw. */
export function drawNext(board: Board): Promise<boolean> {
  // The record is read as it stands at one moment.
  return writeTo(board.drawn, () => board.record.transaction(() => drawBatch(board))())
}

function drawBatch(board: Board): boolean {
  wipeRenamed(board)
  const before = rowOf<Drawn>(board.drawn, 'SELECT * FROM drawn') as Drawn
  const rows = attemptsAfter(board, before.attempt)
  for (const row of rows) drawAttempt(board, row)
  const last = rows.at(-1)
  const drawn = last ? { ...before, attempt: last.id, document: last.document } : before
  const isBehind = rows.length === BATCH
  // Withdrawals and audits are of attempts that are drawn.
  if (!isBehind) {
    drawn.withdrawal = drawWithdrawals(board, drawn.withdrawal)
    drawn.audit = drawAuditNews(board, drawn.audit)
  }
  const { attempt, document, withdrawal, audit } = drawn
  statement(board.drawn, 'UPDATE drawn SET attempt = ?, document = ?, withdrawal = ?, audit = ?').run(
    ...[attempt, document, withdrawal, audit],
  )
  return isBehind || drawStale(board)
}

/** Where queues that are drawn were named since, all is drawn anew: two may be one now. */
function wipeRenamed({ record, drawn }: Board): void {
  const { name: last } = rowOf<Drawn>(drawn, 'SELECT * FROM drawn') as Drawn
  const words = rowsOf<{ id: number; place: string }>(record, 'SELECT id, place FROM queue_name WHERE id > ?', last)
  if (words.length === 0) return
  const isDrawn = statement(drawn, 'SELECT 1 FROM place WHERE place = ?')
  if (words.some(({ place }) => isDrawn.get(place) !== undefined)) wipeBoard(drawn)
  statement(drawn, 'UPDATE drawn SET name = ?').run(words.at(-1)?.id)
}

/** Draws queues of which something is new as they are now; true where more of them are left. */
function drawStale(board: Board): boolean {
  const stale = rowsOf<{ id: number }>(board.drawn, `SELECT id FROM queue WHERE stale = 1 LIMIT ${BATCH}`)
  for (const { id } of stale) drawNow(board, id)
  return stale.length === BATCH
}

/** Whether what is drawn is of this record: another may have come in its place. */
export function isOfRecord({ record, drawn }: Board): boolean {
  const { attempt, document } = rowOf<Drawn>(drawn, 'SELECT * FROM drawn') as Drawn
  if (attempt === 0) return true
  const own = rowOf<{ document: string | null }>(record, 'SELECT document FROM attempt WHERE id = ?', attempt)
  return own !== undefined && own.document === document
}

interface AttemptRow {
  id: number
  source: string
  document: string | null
  base: string
  target: string
  tried_at: string
  /** What portfolios call the queue: the portfolio, a NUL, the name; NULL where none has it. */
  portfolio: string | null
  name: string | null
  results: ResultRow[]
}

interface ResultRow {
  attempt: number
  position: number
  verdict: VerdictKind
  action: Action
  owner: string | null
  digest: string
  name: string
}

/** The next attempts with their results. */
function attemptsAfter({ record }: Board, last: number): AttemptRow[] {
  const rows = rowsOf<AttemptRow>(
    record,
    `SELECT id, source, document, base_ref AS base, target_ref AS target, started_at AS tried_at,
       (SELECT portfolio FROM scan_item WHERE attempt_id = attempt.id ORDER BY portfolio, name LIMIT 1) AS portfolio,
       (SELECT name FROM scan_item WHERE attempt_id = attempt.id ORDER BY portfolio, name LIMIT 1) AS name
     FROM attempt WHERE id > ? ORDER BY id LIMIT ${BATCH}`,
    last,
  )
  const results = rowsOf<ResultRow>(
    record,
    `SELECT attempt_id AS attempt, result.position, verdict, action, owner, digest, queue_patch.name AS name
     FROM attempt JOIN result ON attempt_id = attempt.id
       JOIN queue_patch ON queue_patch.queue_revision_id = attempt.queue_revision_id AND queue_patch.position = result.position
     WHERE attempt.id BETWEEN ? AND ? ORDER BY attempt.id, result.position`,
    rows[0]?.id ?? 0,
    rows.at(-1)?.id ?? 0,
  )
  const byAttempt = groupBy(
    results,
    ({ attempt }) => attempt,
    (row) => row,
  )
  return rows.map((row) => ({ ...row, results: byAttempt.get(row.id) ?? [] }))
}

function drawAttempt(board: Board, row: AttemptRow): void {
  const { drawn } = board
  const { id, document, base, target, tried_at } = row
  const queue = queueOf(board, row)
  const patches = row.results.map((result): ResultRow & { part: Part } => ({
    ...result,
    part: partOf(asVerdict(result)),
  }))
  const tally = tallyOf(patches.map(({ part }) => part))
  const earlier = earlierOf(board, { queue, target, before: id })
  const counts = [tally.patches, ...PARTS.map((part) => tally[part])]
  statement(
    drawn,
    `INSERT INTO attempt (id, queue, document, base, target, tried_at, earlier, patches, ${PARTS.join(', ')})
     VALUES (${Array(8 + PARTS.length)
       .fill('?')
       .join(', ')})`,
  ).run(id, queue, document, base, target, tried_at, earlier, ...counts)
  const lineages = lineagesOf(board, { queue, at: tried_at }, patches)
  const insert = statement(drawn, 'INSERT INTO patch_at VALUES (?, ?, ?, ?, ?, ?)')
  for (const [at, { position, part, name, owner }] of patches.entries())
    insert.run(id, position, lineages[at], part, name, owner)
  if (earlier !== null) drawVerdictNews(board, { id, queue, target, earlier, at: tried_at })
  markStale(drawn, queue)
}

function markStale(drawn: Board['drawn'], queue: number): void {
  statement(drawn, 'UPDATE queue SET stale = 1 WHERE id = ?').run(queue)
}

function asVerdict({ verdict, action }: ResultRow) {
  return { verdict: { kind: verdict, action, reason: null } }
}

function tallyOf(parts: readonly Part[]): Tally {
  const tally = { patches: parts.length, mend: 0, repair: 0, decide: 0, wait: 0, refresh: 0, keep: 0, leave: 0 }
  for (const part of parts) tally[part]++
  return tally
}

/** A queue is known by its name, by where it is, or by what a portfolio calls it. */
function queueOf({ record, drawn }: Board, row: AttemptRow): number {
  const { source, portfolio, name } = row
  const own = nameAt(record, source)
  const names = [...(own === null ? [] : [`\0${own}`]), ...(portfolio === null ? [] : [`${portfolio}\0${name}`])]
  const places = [source, ...names]
  const known = places.flatMap((place) => {
    return rowOf<{ queue: number }>(drawn, 'SELECT queue FROM place WHERE place = ?', place) ?? []
  })
  const queue = known[0]?.queue ?? newQueue(drawn, own ?? name ?? calledAt(record, source))
  for (const place of places) statement(drawn, 'INSERT OR IGNORE INTO place VALUES (?, ?)').run(place, queue)
  return queue
}

/** Names that an address cannot hold. */
const NAMELESS = /^\.{0,2}$/

/** Under a name of its own: "xen", "xen~2". */
function newQueue(drawn: Board['drawn'], own: string): number {
  const wanted = NAMELESS.test(own) ? 'queue' : own
  const isTaken = statement(drawn, 'SELECT 1 FROM queue WHERE name = ?')
  let name = wanted
  for (let count = 2; isTaken.get(name) !== undefined; count++) name = `${wanted}~${count}`
  return Number(statement(drawn, 'INSERT INTO queue (name) VALUES (?)').run(name).lastInsertRowid)
}

/** The attempt before on a target of the same name, else on any; null for the first. */
function earlierOf(
  { drawn }: Board,
  { queue, target, before }: { queue: number; target: string; before: number },
): number | null {
  const row = rowOf<{ id: number }>(
    drawn,
    `SELECT id FROM attempt WHERE queue = ? AND id < ? AND withdrawn = 0 ORDER BY target = ? DESC, id DESC LIMIT 1`,
    queue,
    before,
    target,
  )
  return row?.id ?? null
}

/** Draws what people's words make of attempts; returns the last word. */
function drawWithdrawals(board: Board, last: number): number {
  const { record, drawn } = board
  const words = rowsOf<{ id: number; attempt: number; answer: string }>(
    record,
    'SELECT id, attempt_id AS attempt, answer FROM withdrawal WHERE id > ? ORDER BY id',
    last,
  )
  for (const { attempt, answer } of words) {
    statement(drawn, 'UPDATE attempt SET withdrawn = ? WHERE id = ?').run(answer === 'withdrawn' ? 1 : 0, attempt)
    const row = rowOf<{ queue: number }>(drawn, 'SELECT queue FROM attempt WHERE id = ?', attempt)
    if (row === undefined) continue
    markStale(drawn, row.queue)
    compareAnew(board, row.queue, attempt)
  }
  return words.at(-1)?.id ?? last
}

/** Compares an attempt, and those after it, with those that count before them now. */
function compareAnew(board: Board, queue: number, from: number): void {
  const { drawn } = board
  const rows = rowsOf<{ id: number; target: string; at: string; withdrawn: number }>(
    drawn,
    'SELECT id, target, tried_at AS at, withdrawn FROM attempt WHERE queue = ? AND id >= ? ORDER BY id',
    queue,
    from,
  )
  for (const { id, target, at, withdrawn } of rows) {
    const earlier = earlierOf(board, { queue, target, before: id })
    statement(drawn, 'UPDATE attempt SET earlier = ? WHERE id = ?').run(earlier, id)
    statement(drawn, "DELETE FROM news WHERE attempt = ? AND kind IN ('leaves', 'broke', 'asks')").run(id)
    if (earlier !== null && withdrawn === 0) drawVerdictNews(board, { id, queue, target, earlier, at })
  }
}
