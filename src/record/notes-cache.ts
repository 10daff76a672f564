/** What the messages of upstream's commits say, as it is kept: one text for each set of branches. */
import type { MessageNotes, NotedCommit } from '../model/upstream-notes.ts'
import type { Connection } from './connection.ts'
import { writeTo } from './patience.ts'

export const NOTES_SCHEMA = `
-- What all messages say; only those read last are kept.
CREATE TABLE upstream_notes (
  version TEXT PRIMARY KEY,
  -- JSON: authors, and a row for each commit.
  notes TEXT NOT NULL
) STRICT;
`

/** So many sets of branches are kept, those that were read last: each has some megabytes. */
const MOST_KEPT = 3

/** A commit without what others of its file say, too: parents and authors by their places. */
type Row = [
  sha: string,
  parents: (number | string)[],
  subject: string,
  author: number,
  time: number,
  authorTime: number,
  takenFrom: string[],
  reverts: string[],
  notes: MessageNotes | null,
]

export function loadNotes(database: Connection, version: string): NotedCommit[] | null {
  const select = database.prepare<[string], string>('SELECT notes FROM upstream_notes WHERE version = ?')
  const text = select.pluck().get(version)
  if (text === undefined) return null
  const { authors, rows } = JSON.parse(text) as { authors: string[]; rows: Row[] }
  return rows.map(([sha, parents, subject, author, time, authorTime, takenFrom, reverts, notes]) => {
    return {
      ...{ sha, subject, time, authorTime, takenFrom, reverts, notes },
      parents: parents.map((parent) => (typeof parent === 'string' ? parent : (rows[parent]?.[0] ?? ''))),
      author: authors[author] ?? '',
    }
  })
}

export async function saveNotes(database: Connection, version: string, commits: readonly NotedCommit[]): Promise<void> {
  const text = JSON.stringify(toRows(commits))
  const insert = database.prepare('INSERT OR REPLACE INTO upstream_notes VALUES (?, ?)')
  await writeTo(database, () => {
    const { lastInsertRowid } = insert.run(version, text)
    database.prepare('DELETE FROM upstream_notes WHERE rowid <= ?').run(Number(lastInsertRowid) - MOST_KEPT)
  })
}

function toRows(commits: readonly NotedCommit[]): { authors: string[]; rows: Row[] } {
  const places = new Map(commits.map(({ sha }, at) => [sha, at]))
  const authors = new Map<string, number>()
  const rows = commits.map((commit): Row => {
    const author = authors.get(commit.author) ?? authors.size
    authors.set(commit.author, author)
    const parents = commit.parents.map((parent) => places.get(parent) ?? parent)
    const { sha, subject, time, authorTime, takenFrom, reverts, notes } = commit
    return [sha, parents, subject, author, time, authorTime, takenFrom, reverts, notes]
  })
  return { authors: [...authors.keys()], rows }
}
