/** An upstream commit as a row of its table. */
import { fromBytes, toBytes } from '../model/bytes.ts'
import type { IndexedCommit } from '../model/history.ts'

export const COMMIT_SCHEMA = `
CREATE TABLE upstream_commit (
  id INTEGER PRIMARY KEY,
  sha TEXT NOT NULL UNIQUE,
  parents TEXT NOT NULL,
  subject TEXT NOT NULL,
  author TEXT NOT NULL,
  time INTEGER NOT NULL,
  -- Ids that the message names, with a blank between: what it was cherry-picked from, what it reverts.
  taken_from TEXT NOT NULL,
  reverts TEXT NOT NULL,
  -- NULL: the commit has no diff of its own.
  patch_id TEXT,
  -- Bytes, with a NUL between.
  paths BLOB NOT NULL,
  -- Hashes of 32 bits, in the byte order of the machine that wrote them: of its changed lines, of the sentences of its message, of the
  -- words that it adds more often than it removes.
  lines BLOB NOT NULL,
  message BLOB NOT NULL,
  words BLOB NOT NULL
) STRICT;`

/** A row of the table, column by column: objects with names would take twice the time. */
export type CommitRow = [
  ...[id: number, sha: string, parents: string, subject: string, author: string, time: number, takenFrom: string],
  ...[reverts: string, patchId: string | null, paths: Buffer, lines: Buffer, message: Buffer, words: Buffer],
]

/** The columns of a new row, but for its id. */
export function toRow(commit: IndexedCommit) {
  const { sha, parents, subject, author, time, takenFrom, reverts, patchId, paths } = commit
  const [lines, message, words] = [commit.lines, commit.message, commit.words].map((hashes) =>
    Buffer.from(hashes.buffer, hashes.byteOffset, hashes.byteLength),
  )
  return [
    ...[sha, parents.join(' '), subject, author, time, takenFrom.join(' '), reverts.join(' '), patchId],
    ...[toBytes(paths.join('\0')), lines, message, words],
  ]
}

export function fromRow(row: CommitRow): { id: number; commit: IndexedCommit } {
  const [id, sha, parents, subject, author, time, takenFrom, reverts, patchId, pathBytes, lines, message, words] = row
  const paths = fromBytes(pathBytes)
  const commit = {
    sha,
    parents: wordsIn(parents),
    subject,
    author,
    time,
    takenFrom: wordsIn(takenFrom),
    reverts: wordsIn(reverts),
    patchId,
    paths: paths === '' ? [] : paths.split('\0'),
    lines: hashesIn(lines),
    message: hashesIn(message),
    words: hashesIn(words),
  }
  return { id, commit }
}

function wordsIn(list: string): string[] {
  return list === '' ? [] : list.split(' ')
}

/** Copied only where it must be: a typed array begins at a multiple of its element's size. */
export function hashesIn({ buffer, byteOffset, byteLength }: Buffer): Uint32Array {
  if (byteOffset % Uint32Array.BYTES_PER_ELEMENT === 0)
    return new Uint32Array(buffer, byteOffset, byteLength / Uint32Array.BYTES_PER_ELEMENT)
  return new Uint32Array(buffer.slice(byteOffset, byteOffset + byteLength))
}
