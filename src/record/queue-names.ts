/** What queues are called, by where they are. Nothing is changed: the last word on a place counts. */
import { queueName } from '../model/queue-name.ts'
import type { Connection } from './database.ts'
import { writeTo } from './patience.ts'

/** The last word on each place. */
const LAST = 'SELECT place, name FROM queue_name WHERE id IN (SELECT max(id) FROM queue_name GROUP BY place)'

/** Null where the queue at a place is known by that place. */
export function nameAt(database: Connection, place: string): string | null {
  const last = database.prepare('SELECT name FROM queue_name WHERE place = ? ORDER BY id DESC LIMIT 1').pluck()
  return (last.get(place) as string | null | undefined) ?? null
}

/** Where the queue of a name is or was, in the order in which it was found there. */
export function placesNamed(database: Connection, name: string): string[] {
  return database.prepare(`SELECT place FROM (${LAST}) WHERE name = ?`).pluck().all(name) as string[]
}

/** All places of the queue at a place, that one first. */
export function placesOf(database: Connection, place: string): string[] {
  const name = nameAt(database, place)
  return name === null ? [place] : [...new Set([place, ...placesNamed(database, name)])]
}

/** The names of all queues that have one, by place. */
export function namesByPlace(database: Connection): Map<string, string> {
  const rows = database.prepare(`SELECT place, name FROM (${LAST}) WHERE name IS NOT NULL`).raw().all()
  return new Map(rows as [string, string][])
}

/** `name`: null where a place alone tells the queue again. */
export function saveQueueName(
  database: Connection,
  { name, places, at }: { name: string | null; places: readonly string[]; at: string },
): Promise<void> {
  return writeTo(database, () => {
    const insert = database.prepare('INSERT INTO queue_name (place, name, given_at) VALUES (?, ?, ?)')
    for (const place of places) insert.run(place, name, at)
  })
}

/** What the queue at a place is called in a line: its name, else what its repository or its path tells. */
export function calledAt(database: Connection, place: string): string {
  return nameAt(database, place) ?? queueName(place, repositoryAround(database, place))
}

/** The repository whose history was imported, and that the place is in; null where none was. */
function repositoryAround(database: Connection, place: string): string | null {
  const around = `SELECT repository FROM queue_source
    WHERE ? = repository OR substr(?, 1, length(repository) + 1) = repository || '/' ORDER BY length(repository) DESC`
  return (database.prepare(around).pluck().get(place, place) as string | undefined) ?? null
}
