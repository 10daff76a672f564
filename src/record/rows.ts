/** What reading rows back needs in more than one table. */
import type { AttemptFacts } from '../model/attempt.ts'
import type { QueueSummary } from '../model/queue.ts'

/** A row of the attempts' own table. */
export interface AttemptRow {
  id: number
  queue_revision_id: number
  upstream: string
  base_ref: string
  base_commit: string
  base_found: AttemptFacts['base']['found']
  target_ref: string
  target_commit: string
  started_at: string
  duration_ms: number
  tool_version: string
  source: string
  format: QueueSummary['format']
  order_found: QueueSummary['order']
}

/** What and when an attempt was. */
export function toAttemptKey(
  row: AttemptRow,
): Pick<AttemptFacts, 'id' | 'startedAt' | 'durationMs' | 'base' | 'target'> {
  return {
    id: row.id,
    startedAt: row.started_at,
    durationMs: row.duration_ms,
    base: { ref: row.base_ref, commit: row.base_commit, found: row.base_found },
    target: { ref: row.target_ref, commit: row.target_commit },
  }
}

/** The rows under a key of theirs, each as a value, in their order. */
export function groupBy<Row, Key, Value>(
  rows: readonly Row[],
  keyOf: (row: Row) => Key,
  toValue: (row: Row) => Value,
): Map<Key, Value[]> {
  const groups = new Map<Key, Value[]>()
  for (const row of rows) {
    const key = keyOf(row)
    const group = groups.get(key)
    if (group) group.push(toValue(row))
    else groups.set(key, [toValue(row)])
  }
  return groups
}

/** A list that is kept as words with a blank between. */
export function wordsIn(list: string): string[] {
  return list === '' ? [] : list.split(' ')
}
