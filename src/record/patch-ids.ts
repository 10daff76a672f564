/** Patch-ids of upstream commits: they never change, and making them is the slowest part of a first attempt. */
import type { Connection } from './database.ts'

export interface KnownPatchIds {
  ids: Map<string, string>
  /** Commits that nothing is known of yet. */
  missing: string[]
}

export function loadPatchIds(database: Connection, shas: readonly string[]): KnownPatchIds {
  const known: KnownPatchIds = { ids: new Map(), missing: [] }
  const select = database.prepare('SELECT patch_id FROM commit_patch_id WHERE sha = ?').pluck()
  for (const sha of shas) {
    const id = select.get(sha) as string | null | undefined
    if (id === undefined) known.missing.push(sha)
    else if (id !== null) known.ids.set(sha, id)
  }
  return known
}

export function savePatchIds(database: Connection, shas: readonly string[], ids: ReadonlyMap<string, string>): void {
  const insert = database.prepare('INSERT OR IGNORE INTO commit_patch_id (sha, patch_id) VALUES (?, ?)')
  database
    .transaction(() => {
      for (const sha of shas) insert.run(sha, ids.get(sha) ?? null)
    })
    .immediate()
}
