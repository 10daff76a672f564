/** What rebases took, kept for good. */
import type { Effort } from '../model/effort.ts'
import type { Connection } from './database.ts'
import { writeTo } from './patience.ts'

/** `queue`: where it is; null where nobody stands in one. */
export function saveEffort(database: Connection, queue: string | null, effort: Effort): Promise<void> {
  const { from, to, days, hands, source, note, at } = effort
  const insert = database.prepare(
    'INSERT INTO effort (from_release, to_release, days, hands, source, note, logged_at, queue) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  )
  return writeTo(database, () => {
    insert.run(from, to, days, hands, source, note, at, queue)
  })
}

/**
 * The newest entry of a queue for each step and source, in the order in which the steps were first
 * logged; of all queues where none is named. Entries of no queue are everybody's.
 */
export function loadEfforts(database: Connection, queue: string | null): Effort[] {
  return database
    .prepare(
      `WITH own AS (SELECT * FROM effort WHERE :queue IS NULL OR queue IS NULL OR queue = :queue)
       SELECT from_release AS "from", to_release AS "to", days, hands, source, note, logged_at AS at FROM own
       WHERE id IN (SELECT max(id) FROM own GROUP BY from_release, to_release, source)
       ORDER BY (SELECT min(id) FROM own AS first WHERE first.from_release = own.from_release
         AND first.to_release = own.to_release), id`,
    )
    .all({ queue }) as Effort[]
}
