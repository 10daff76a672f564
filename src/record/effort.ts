/** What rebases took, kept for good. */
import type { Effort } from '../model/effort.ts'
import type { Connection } from './database.ts'
import { writeTo } from './patience.ts'

/** `queue`: where it is; null where nobody stands in one. */
export function saveEffort(database: Connection, queue: string | null, effort: Effort): Promise<void> {
  const { from, to, days, typed, hands, source, note, at } = effort
  const insert = database.prepare(
    `INSERT INTO effort (from_release, to_release, days, typed, hands, source, note, logged_at, queue)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  return writeTo(database, () => {
    insert.run(from, to, days, typed, hands, source, note, at, queue)
  })
}

/**
 * All entries of a queue, oldest first, those that were corrected since among them; `places`: all of
 * the queue's. Null: of all queues. Entries of no queue are everybody's.
 */
export function loadEfforts(database: Connection, places: readonly string[] | null): Effort[] {
  return database
    .prepare(
      `SELECT from_release AS "from", to_release AS "to", days, typed, hands, source, note, logged_at AS at FROM effort
       WHERE :places IS NULL OR queue IS NULL OR queue IN (SELECT value FROM json_each(:places)) ORDER BY id`,
    )
    .all({ places: places && JSON.stringify(places) }) as Effort[]
}
