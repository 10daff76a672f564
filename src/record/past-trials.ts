/** How hard past rebases were, found by trying the queue of that day. */
import type { Connection } from './database.ts'
import { writeTo } from './patience.ts'

/** One trial of a past revision. */
export interface PastTrial {
  /** The revision of the queue's repository. */
  sha: string
  base: string
  target: string
  /** Patches that needed a person, of all. */
  conflicts: number
  patches: number
}

/** A later trial of the same takes the place of the one before: the tool may say otherwise now. */
export function savePastTrial(
  database: Connection,
  queue: string,
  { sha, base, target, conflicts, patches }: PastTrial,
  { at, toolVersion }: { at: string; toolVersion: string },
): Promise<void> {
  const insert = database.prepare('INSERT OR REPLACE INTO past_trial VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
  return writeTo(database, () => {
    insert.run(queue, sha, base, target, conflicts, patches, at, toolVersion)
  })
}

/** Those of a queue, in no order. */
export function loadPastTrials(database: Connection, queue: string): PastTrial[] {
  return database
    .prepare('SELECT sha, base_ref AS base, target_ref AS target, conflicts, patches FROM past_trial WHERE queue = ?')
    .all(queue) as PastTrial[]
}
