/** Which resolutions were made on this machine: an index, the files hold what they say. */
import type { Connection } from './database.ts'
import { writeTo } from './patience.ts'

/** A resolution that was written to a directory. */
export interface IndexedResolution {
  /** SHA-256 of its file. */
  digest: string
  directory: string
  /** ISO 8601. */
  madeAt: string
}

/** One that is there already keeps its place and time. */
export function indexResolutions(database: Connection, made: readonly IndexedResolution[]): Promise<void> {
  const insert = database.prepare('INSERT INTO resolution VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
  return writeTo(database, () => {
    for (const { digest, directory, madeAt } of made) insert.run(digest, directory, madeAt)
  })
}

/** All of them, the newest first. */
export function listResolutions(database: Connection): IndexedResolution[] {
  const rows = database.prepare('SELECT digest, directory, made_at FROM resolution ORDER BY made_at DESC, digest').all()
  return (rows as { digest: string; directory: string; made_at: string }[]).map(({ made_at: madeAt, ...row }) => {
    return { ...row, madeAt }
  })
}
