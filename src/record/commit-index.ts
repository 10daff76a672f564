/** The index of upstream commits: what was read of them once is not read again. */
import { fromBytes, toBytes } from '../model/bytes.ts'
import type { IndexedCommit } from '../model/history.ts'
import type { Connection } from './database.ts'

interface CommitRow {
  sha: string
  parents: string
  subject: string
  author: string
  time: number
  taken_from: string
  reverts: string
  patch_id: string | null
  paths: Buffer
  lines: Buffer
  message: Buffer
}

/** Those of the given commits that are in the index. */
export function loadCommits(database: Connection, shas: readonly string[]): Map<string, IndexedCommit> {
  const select = database.prepare('SELECT * FROM upstream_commit WHERE sha = ?')
  const commits = new Map<string, IndexedCommit>()
  for (const sha of shas) {
    const row = select.get(sha) as CommitRow | undefined
    if (row) commits.set(sha, fromRow(row))
  }
  return commits
}

/** One transaction: an interrupted run keeps the batches before it. */
export function saveCommits(database: Connection, commits: readonly IndexedCommit[]): void {
  const insert = database.prepare('INSERT OR IGNORE INTO upstream_commit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  database
    .transaction(() => {
      for (const commit of commits) insert.run(...toRow(commit))
    })
    .immediate()
}

function toRow(commit: IndexedCommit) {
  const { sha, parents, subject, author, time, takenFrom, reverts, patchId, paths } = commit
  const words = [parents, takenFrom, reverts].map((list) => list.join(' '))
  const [lines, message] = [commit.lines, commit.message].map((hashes) =>
    Buffer.from(hashes.buffer, hashes.byteOffset, hashes.byteLength),
  )
  return [sha, words[0], subject, author, time, words[1], words[2], patchId, toBytes(paths.join('\0')), lines, message]
}

function fromRow(row: CommitRow): IndexedCommit {
  const words = (list: string) => (list === '' ? [] : list.split(' '))
  const paths = fromBytes(row.paths)
  return {
    sha: row.sha,
    parents: words(row.parents),
    subject: row.subject,
    author: row.author,
    time: row.time,
    takenFrom: words(row.taken_from),
    reverts: words(row.reverts),
    patchId: row.patch_id,
    paths: paths === '' ? [] : paths.split('\0'),
    lines: hashesIn(row.lines),
    message: hashesIn(row.message),
  }
}

/** Copied, because a typed array must begin at a multiple of its element's size. */
function hashesIn(bytes: Buffer): Uint32Array {
  return new Uint32Array(Uint8Array.from(bytes).buffer)
}
