/** Draws what a queue is now, by its newest attempt that counts. */
import { fromBytes, toText } from '../../model/bytes.ts'
import { NEXTS, nextOf, PARTS, type Part, type Tally } from '../../model/tally.ts'
import { type Board, rowOf, rowsOf, statement } from './board.ts'

/** Anew, whatever was drawn before. */
export function drawNow(board: Board, queue: number): void {
  const { drawn } = board
  for (const table of ['owned', 'culprit']) statement(drawn, `DELETE FROM ${table} WHERE queue = ?`).run(queue)
  statement(drawn, 'DELETE FROM words WHERE rowid = ?').run(queue)
  const newest = rowOf<Tally & { id: number; tried_at: string }>(
    drawn,
    'SELECT * FROM attempt WHERE queue = ? AND withdrawn = 0 ORDER BY id DESC LIMIT 1',
    queue,
  )
  const update = statement(
    drawn,
    'UPDATE queue SET stale = 0, attempt = ?, next = ?, mend = ?, decide = ?, patches = ?, tried_at = ? WHERE id = ?',
  )
  if (newest === undefined) {
    update.run(null, null, null, null, null, null, queue)
    return
  }
  const { id, mend, repair, decide, patches, tried_at } = newest
  update.run(id, NEXTS.indexOf(nextOf(newest).next), mend + repair, decide, patches, tried_at, queue)
  drawOwners(board, queue, id)
  drawCulprits(board, queue, id)
  const words = [nameOf(board, queue), ...wordsOf(board, id)].join('\n')
  statement(drawn, 'INSERT INTO words (rowid, text) VALUES (?, ?)').run(queue, words)
}

function drawOwners({ drawn }: Board, queue: number, attempt: number): void {
  const rows = rowsOf<{ owner: string; position: number; part: Part }>(
    drawn,
    'SELECT owner, position, part FROM patch_at WHERE attempt = ? AND owner IS NOT NULL',
    attempt,
  )
  const insert = statement(drawn, 'INSERT INTO owned VALUES (?, ?, ?, ?)')
  for (const { owner, position, part } of rows) insert.run(owner, queue, position, PARTS.indexOf(part))
}

function drawCulprits({ record, drawn }: Board, queue: number, attempt: number): void {
  const rows = rowsOf<{ sha: string; subject: string; author: string }>(
    record,
    'SELECT sha, max(subject) AS subject, max(author) AS author FROM culprit WHERE attempt_id = ? GROUP BY sha',
    attempt,
  )
  const insert = statement(drawn, 'INSERT INTO culprit VALUES (?, ?, ?, ?)')
  for (const { sha, subject, author } of rows) insert.run(sha, queue, subject, author)
}

function nameOf({ drawn }: Board, queue: number): string {
  return rowOf<{ name: string }>(drawn, 'SELECT name FROM queue WHERE id = ?', queue)?.name ?? ''
}

/** Where text is that says something of an attempt. */
const TEXTS = [
  `SELECT source, base_ref, target_ref, upstream FROM attempt WHERE id = ?`,
  `SELECT name, subject, author FROM attempt JOIN queue_patch USING (queue_revision_id) WHERE attempt.id = ?`,
  `SELECT DISTINCT owner, section FROM result WHERE attempt_id = ?`,
  `SELECT sha, subject FROM evidence WHERE attempt_id = ?`,
  `SELECT DISTINCT sha, subject, author FROM culprit WHERE attempt_id = ?`,
  `SELECT text FROM claim WHERE attempt_id = ?`,
  `SELECT DISTINCT path FROM change_fate WHERE attempt_id = ?`,
  `SELECT DISTINCT path FROM conflict WHERE attempt_id = ?`,
]

/** Each once. */
function wordsOf({ record }: Board, attempt: number): Set<string> {
  const rows = TEXTS.flatMap((sql) => rowsOf<Record<string, string | Buffer | null>>(record, sql, attempt))
  const values = rows.flatMap((row) => Object.values(row))
  return new Set(
    values.flatMap((value) => {
      if (value === null || value === '') return []
      return Buffer.isBuffer(value) ? toText(fromBytes(value)) : value
    }),
  )
}
