/**
 * The index of upstream commits, and of its renames: what was read of them once is not read again.
 */
import { type ByteString, fromBytes, toBytes } from '../model/bytes.ts'
import type { IndexedCommit } from '../model/history.ts'
import type { Connection } from './database.ts'

/** A row of the table, column by column: objects with names would take twice the time. */
type CommitRow = [
  ...[sha: string, parents: string, subject: string, author: string, time: number, takenFrom: string, reverts: string],
  ...[patchId: string | null, paths: Buffer, lines: Buffer, message: Buffer, words: Buffer],
]

/**
 * Those of the given commits that are in the index. One statement for all of them takes two thirds
 * of the time of one for each.
 */
export function loadCommits(database: Connection, shas: readonly string[]): IndexedCommit[] {
  const select = database.prepare(
    'SELECT upstream_commit.* FROM json_each(?) JOIN upstream_commit ON upstream_commit.sha = value',
  )
  return (select.raw().all(JSON.stringify(shas)) as CommitRow[]).map(fromRow)
}

/**
 * Files that upstream renamed between two commits, old to new; null where nobody has looked yet.
 */
export function loadRenames(database: Connection, before: string, after: string): Map<ByteString, ByteString> | null {
  const select = database.prepare('SELECT renames FROM upstream_rename WHERE before_commit = ? AND after_commit = ?')
  const bytes = select.pluck().get(before, after) as Buffer | undefined
  if (!bytes) return null
  const paths = bytes.length === 0 ? [] : fromBytes(bytes).split('\0')
  return new Map(paths.flatMap((path, at) => (at % 2 === 0 ? [[path, paths[at + 1] ?? ''] as const] : [])))
}

export function saveRenames(
  database: Connection,
  before: string,
  after: string,
  renames: ReadonlyMap<ByteString, ByteString>,
): void {
  const insert = database.prepare('INSERT OR IGNORE INTO upstream_rename VALUES (?, ?, ?)')
  insert.run(before, after, toBytes([...renames].flat().join('\0')))
}

/** One transaction: an interrupted run keeps the batches before it. */
export function saveCommits(database: Connection, commits: readonly IndexedCommit[]): void {
  const insert = database.prepare('INSERT OR IGNORE INTO upstream_commit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  database
    .transaction(() => {
      for (const commit of commits) insert.run(...toRow(commit))
    })
    .immediate()
}

function toRow(commit: IndexedCommit) {
  const { sha, parents, subject, author, time, takenFrom, reverts, patchId, paths } = commit
  const lists = [parents, takenFrom, reverts].map((list) => list.join(' '))
  const [lines, message, words] = [commit.lines, commit.message, commit.words].map((hashes) =>
    Buffer.from(hashes.buffer, hashes.byteOffset, hashes.byteLength),
  )
  return [
    sha,
    lists[0],
    subject,
    author,
    time,
    lists[1],
    lists[2],
    patchId,
    toBytes(paths.join('\0')),
    lines,
    message,
    words,
  ]
}

function fromRow(row: CommitRow): IndexedCommit {
  const [sha, parents, subject, author, time, takenFrom, reverts, patchId, pathBytes, lines, message, words] = row
  const paths = fromBytes(pathBytes)
  return {
    ...{
      sha,
      parents: wordsIn(parents),
      subject,
      author,
      time,
      takenFrom: wordsIn(takenFrom),
      reverts: wordsIn(reverts),
    },
    ...{
      patchId,
      paths: paths === '' ? [] : paths.split('\0'),
      lines: hashesIn(lines),
      message: hashesIn(message),
      words: hashesIn(words),
    },
  }
}

function wordsIn(list: string): string[] {
  return list === '' ? [] : list.split(' ')
}

/** Copied only where it must be: a typed array begins at a multiple of its element's size. */
function hashesIn({ buffer, byteOffset, byteLength }: Buffer): Uint32Array {
  if (byteOffset % Uint32Array.BYTES_PER_ELEMENT === 0)
    return new Uint32Array(buffer, byteOffset, byteLength / Uint32Array.BYTES_PER_ELEMENT)
  return new Uint32Array(buffer.slice(byteOffset, byteOffset + byteLength))
}
