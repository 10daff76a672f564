/** How hard past rebases were, found by trying the queue of that day. */
import type { PastTrial } from '../model/past-trial.ts'
import type { Connection } from './database.ts'
import { writeTo } from './patience.ts'

/** A later trial of the same takes the place of the one before: the tool may say otherwise now. */
export function savePastTrial(
  database: Connection,
  queue: string,
  { sha, base, target, patches, names }: PastTrial,
  { at, toolVersion }: { at: string; toolVersion: string },
): Promise<void> {
  const step = [queue, sha, base, target] as const
  const own = 'queue = ? AND sha = ? AND base_ref = ? AND target_ref = ?'
  return writeTo(database, () => {
    database.prepare(`DELETE FROM past_conflict WHERE ${own}`).run(...step)
    database
      .prepare('INSERT OR REPLACE INTO past_trial VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
      .run(...step, names.length, patches, at, toolVersion)
    const insert = database.prepare('INSERT OR IGNORE INTO past_conflict VALUES (?, ?, ?, ?, ?)')
    for (const name of names) insert.run(...step, name)
  })
}

/** Those of a queue, each once, in no order; `places`: all of the queue's. */
export function loadPastTrials(database: Connection, places: readonly string[]): PastTrial[] {
  const own = 'queue IN (SELECT value FROM json_each(?))'
  const trials = database
    .prepare(
      `SELECT queue, sha, base_ref AS base, target_ref AS target, patches, max(tried_at) FROM past_trial
       WHERE ${own} GROUP BY sha, base_ref, target_ref`,
    )
    .all(JSON.stringify(places)) as (Omit<PastTrial, 'names'> & { queue: string })[]
  const names = database
    .prepare('SELECT name FROM past_conflict WHERE queue = ? AND sha = ? AND base_ref = ? AND target_ref = ?')
    .pluck()
  return trials.map(({ queue, sha, base, target, patches }) => {
    return { sha, base, target, patches, names: names.all(queue, sha, base, target) as string[] }
  })
}
