/** What rebases took, kept for good. */
import type { Effort } from '../model/effort.ts'
import type { Connection } from './database.ts'

export function saveEffort(database: Connection, { from, to, days, hands, source, note, at }: Effort): void {
  const insert =
    'INSERT INTO effort (from_release, to_release, days, hands, source, note, logged_at) VALUES (?, ?, ?, ?, ?, ?, ?)'
  database.prepare(insert).run(from, to, days, hands, source, note, at)
}

/** The newest entry for each step and source, in the order in which the steps were first logged. */
export function loadEfforts(database: Connection): Effort[] {
  return database
    .prepare(
      `SELECT from_release AS "from", to_release AS "to", days, hands, source, note, logged_at AS at FROM effort
       WHERE id IN (SELECT max(id) FROM effort GROUP BY from_release, to_release, source)
       ORDER BY (SELECT min(id) FROM effort AS first WHERE first.from_release = effort.from_release
         AND first.to_release = effort.to_release), id`,
    )
    .all() as Effort[]
}
