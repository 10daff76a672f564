/** What changed between the attempts of scans. */
import { type ChangedVerdict, changeKind, type DoingCommit } from '../model/scan.ts'
import type { Connection } from './database.ts'
import { writeTo } from './patience.ts'

/** A change, and what else tells which commit did it. */
export interface RecordedChange extends Omit<ChangedVerdict, 'commit'> {
  upstream: string
  /** The target of the attempt before. */
  since: string
  /** The commits that may have done it, the likeliest first. */
  suspects: DoingCommit[]
}

/** Of each item that is done, the attempt, and the one before of the same queue on what is called the same. */
const PAIRS = `SELECT now.name, now.item ->> 'onto' AS onto, now.attempt_id AS attempt, now.told,
    (SELECT old.attempt_id FROM scan_item AS old
     WHERE old.portfolio = now.portfolio AND old.name = now.name AND old.id < now.id AND old.state = 'done'
       AND old.item ->> 'onto' = now.item ->> 'onto' ORDER BY old.id DESC LIMIT 1) AS earlier
  FROM scan_item AS now WHERE now.state = 'done' AND now.key IN (SELECT value FROM json_each(?))`

/** The results of an attempt with the patches that they are of. */
const RESULTS = `SELECT attempt_id, result.position, digest, queue_patch.name AS patch, owner, author, verdict,
    started_at, upstream, target_commit FROM result
  JOIN attempt ON attempt.id = attempt_id
  JOIN queue_patch ON queue_patch.queue_revision_id = attempt.queue_revision_id AND queue_patch.position = result.position`

type ChangeRow = Omit<RecordedChange, 'suspects' | 'kind' | 'isNew'> & { told: number }

/** Patches of the same content with another verdict than before, in the order of the items. */
export function changedVerdicts(database: Connection, keys: readonly string[]): RecordedChange[] {
  const rows = database
    .prepare(
      `SELECT pair.name, onto, attempt, later.started_at AS at, later.position, later.patch, later.owner, later.author AS patchAuthor,
         earlier.verdict AS before, later.verdict AS now, told, later.upstream, earlier.target_commit AS since
       FROM (${PAIRS}) AS pair
       JOIN (${RESULTS}) AS later ON later.attempt_id = attempt
       JOIN (${RESULTS}) AS earlier ON earlier.attempt_id = pair.earlier AND earlier.digest = later.digest
       WHERE earlier.verdict <> later.verdict ORDER BY attempt, later.position`,
    )
    .all(JSON.stringify(keys)) as ChangeRow[]
  const breakers = database.prepare(
    `SELECT sha, subject, author FROM culprit WHERE attempt_id = ? AND position = ?
     GROUP BY sha ORDER BY min(rank), max(lines) DESC, min(path)`,
  )
  const takers = database.prepare(
    'SELECT sha, subject, NULL AS author FROM evidence WHERE attempt_id = ? AND position = ? ORDER BY rank LIMIT 1',
  )
  return rows.map(({ told, ...row }) => {
    const kind = changeKind(row)
    const isTaken = row.now === 'upstreamed'
    const suspects = isTaken ? takers.all(row.attempt, row.position) : breakers.all(row.attempt, row.position)
    return { ...row, kind, isNew: told === 0, suspects: suspects as DoingCommit[] }
  })
}

/** Notes that what changed with some items was told. */
export function markTold(database: Connection, keys: readonly string[]): Promise<void> {
  return writeTo(database, () => {
    database
      .prepare(`UPDATE scan_item SET told = 1 WHERE state = 'done' AND key IN (SELECT value FROM json_each(?))`)
      .run(JSON.stringify(keys))
  })
}
