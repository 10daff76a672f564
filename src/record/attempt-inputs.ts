/** What attempts were made of, as hashes: an attempt of the same inputs need not be made again. */
import { createHash } from 'node:crypto'
import type { RecordedAttempt } from '../model/attempt.ts'
import { hashOf } from './attempt-document.ts'
import type { Connection } from './database.ts'
import { loadAttempt } from './load-attempt.ts'

/** "sha256:…" over anything that can be written as JSON. */
export function hashOfInputs(inputs: unknown): string {
  return `sha256:${createHash('sha256').update(JSON.stringify(inputs)).digest('hex')}`
}

/** An attempt as it was made, if of these inputs; null where it was not, or is not whole in the record. */
export function loadAttemptOf(database: Connection, id: number, inputs: string): RecordedAttempt | null {
  const document = database
    .prepare('SELECT document FROM attempt JOIN attempt_inputs ON attempt_id = id WHERE id = ? AND hash = ?')
    .pluck()
    .get(id, inputs)
  const attempt = document === undefined ? null : loadAttempt(database, id)
  return attempt !== null && hashOf(attempt) === document ? attempt : null
}
