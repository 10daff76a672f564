/** Where the record is, and its opening and closing. */
import { dirname, join, resolve } from 'node:path'
import type { JobContext } from '../model/job.ts'
import { type Access, type Connection, openDatabase } from '../record/database.ts'
import { makePrivate } from './private.ts'

/** What a person may say of where things are. */
export interface Place {
  /** The queue; by default the one that one stands in. */
  queue?: string
  /** The record; by default the user's own. */
  db?: string
}

/** The record that is named, by option or by the environment; else the user's own, of all queues. */
export function recordPath({ db }: Pick<Place, 'db'>, { cwd, record, state }: JobContext): string {
  const named = db ?? record
  return named === null ? join(state, 'record.db') : resolve(cwd, named)
}

/** Opens the record for as long as `use` needs it. */
export async function withRecord<Result>(
  place: Pick<Place, 'db'>,
  access: Access,
  context: JobContext,
  use: (database: Connection) => Result | Promise<Result>,
): Promise<Result> {
  const path = recordPath(place, context)
  if (access === 'write' && dirname(path) === context.state) makePrivate(context.state)
  const database = await openDatabase(path, access)
  try {
    return await use(database)
  } finally {
    database.close()
  }
}
