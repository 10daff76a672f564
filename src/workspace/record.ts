/** Where the record is, and its opening and closing. */
import { dirname, join, resolve } from 'node:path'
import type { JobContext } from '../model/job.ts'
import { type Access, type Connection, openDatabase } from '../record/database.ts'
import { configOf, placeIn } from './config.ts'
import { makePrivate } from './private.ts'

/** What a person may say of where things are. */
export interface Place {
  /** The queue; by default the one that one stands in. */
  queue?: string
  /** The record; by default the user's own. */
  db?: string
}

/**
 * The record that is named, by option, by the environment or by the queue's config; else the user's
 * own, of all queues.
 */
export async function recordPath(place: Place, context: JobContext): Promise<string> {
  const { cwd, record, state } = context
  return (await recordToName(place, context)) ?? (record === null ? join(state, 'record.db') : resolve(cwd, record))
}

/** The record, where a command that is typed elsewhere must name it; null where it need not. */
export async function recordToName({ db, ...place }: Place, context: JobContext): Promise<string | null> {
  if (db !== undefined) return resolve(context.cwd, db)
  const config = context.record === null ? await configOf(place, context) : null
  return config?.record ? placeIn(config, 'record', config.record, context) : null
}

/** Opens the record for as long as `use` needs it. */
export async function withRecord<Result>(
  place: Place,
  access: Access,
  context: JobContext,
  use: (database: Connection) => Result | Promise<Result>,
): Promise<Result> {
  const path = await recordPath(place, context)
  if (access === 'write' && dirname(path) === context.state) makePrivate(context.state)
  const database = await openDatabase(path, access)
  try {
    return await use(database)
  } finally {
    database.close()
  }
}
