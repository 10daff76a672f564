/** What changed between the attempts of scans. */
import type { ChangedVerdict } from '../model/scan.ts'
import type { Connection } from './database.ts'

/** Of each item that is done, the attempt, and the one before of the same queue on what is called the same. */
const PAIRS = `SELECT now.name, now.item ->> 'onto' AS onto, now.attempt_id AS attempt,
    (SELECT old.attempt_id FROM scan_item AS old
     WHERE old.portfolio = now.portfolio AND old.name = now.name AND old.id < now.id AND old.state = 'done'
       AND old.item ->> 'onto' = now.item ->> 'onto' ORDER BY old.id DESC LIMIT 1) AS earlier
  FROM scan_item AS now WHERE now.state = 'done' AND now.key IN (SELECT value FROM json_each(?))`

/** The results of an attempt with the patches that they are of. */
const RESULTS = `SELECT attempt_id, result.position, digest, queue_patch.name AS patch, verdict FROM result
  JOIN attempt ON attempt.id = attempt_id
  JOIN queue_patch ON queue_patch.queue_revision_id = attempt.queue_revision_id AND queue_patch.position = result.position`

interface ChangeRow extends Omit<ChangedVerdict, 'commit'> {
  sha: string | null
  subject: string | null
}

/** Patches of the same content with another verdict than before, in the order of the items. */
export function changedVerdicts(database: Connection, keys: readonly string[]): ChangedVerdict[] {
  const rows = database
    .prepare(
      `SELECT pair.name, onto, attempt, later.patch, earlier.verdict AS before, later.verdict AS now,
         coalesce(culprit.sha, evidence.sha) AS sha, coalesce(culprit.subject, evidence.subject) AS subject, author
       FROM (${PAIRS}) AS pair
       JOIN (${RESULTS}) AS later ON later.attempt_id = attempt
       JOIN (${RESULTS}) AS earlier ON earlier.attempt_id = pair.earlier AND earlier.digest = later.digest
       LEFT JOIN culprit ON later.verdict IN ('conflicting', 'blocked') AND culprit.attempt_id = attempt
         AND culprit.position = later.position AND culprit.rank = 0
         AND culprit.path = (SELECT min(path) FROM culprit AS first WHERE first.attempt_id = attempt AND first.position = later.position)
       LEFT JOIN evidence ON later.verdict = 'upstreamed' AND evidence.attempt_id = attempt
         AND evidence.position = later.position AND evidence.rank = 0
       WHERE earlier.verdict <> later.verdict ORDER BY attempt, later.position`,
    )
    .all(JSON.stringify(keys)) as ChangeRow[]
  return rows.map(({ sha, subject, ...row }) => {
    return { ...row, commit: sha === null ? null : { sha, subject: subject ?? '' } }
  })
}
