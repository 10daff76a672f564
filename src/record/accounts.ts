/** Rebases that were checked, and people's answers to what is asked of them; kept for good. */
import { createHash } from 'node:crypto'
import {
  type AccountAnswer,
  type AccountSummary,
  isWholeAccount,
  type QueueAccount,
  type RecordedAccount,
  type RecordedChange,
} from '../model/account.ts'
import type { Release } from '../model/attempt.ts'
import { fromBytes, toBytes } from '../model/bytes.ts'
import type { Connection } from './database.ts'
import { writeTo } from './patience.ts'

/** A queue at one moment: where it was, and its revision. */
export interface CheckedQueue {
  source: string
  revision: string
}

/** What an account is of. */
export interface AccountFacts {
  old: CheckedQueue
  now: CheckedQueue
  base: Release
  target: Release
  tree: 'same' | 'differs' | null
  /** ISO 8601, UTC. */
  checkedAt: string
  toolVersion: string
}

/** Keeps an account as evidence; the same one is kept once. */
export function saveAccount(database: Connection, facts: AccountFacts, account: QueueAccount): Promise<void> {
  const { old, now, base, target, tree, checkedAt, toolVersion } = facts
  const said = { old, now, base, target, tree, account }
  const digest = createHash('sha256').update(JSON.stringify(said)).digest('hex')
  const problems = account.problems.map(({ name, what }) => `${what} ${name}`).join('\n')
  return writeTo(database, () => {
    const { changes, lastInsertRowid } = database
      .prepare(
        `INSERT INTO account (digest, old_queue, old_revision, new_queue, new_revision, base_ref, base_commit,
         target_ref, target_commit, is_whole, tree, problems, checked_at, tool_version)
         VALUES (${Array(14).fill('?').join(', ')}) ON CONFLICT DO NOTHING`,
      )
      .run(
        ...[digest, old.source, old.revision, now.source, now.revision, base.ref, base.commit, target.ref],
        ...[target.commit, isWholeAccount(account) ? 1 : 0, tree, problems, checkedAt, toolVersion],
      )
    if (changes === 0) return
    const insert = database.prepare(`INSERT INTO account_change VALUES (${Array(10).fill('?').join(', ')})`)
    let rank = 0
    for (const { name, fates } of account.patches)
      for (const { path, kind, hunk, fate, by, because, lost } of fates) {
        const lines = toBytes(lost.map(({ text }) => `${text}\n`).join(''))
        insert.run(lastInsertRowid, rank++, name, toBytes(path), kind, hunk, fate, by, because, lines)
      }
  })
}

const IS_OF = `(old_queue IN (SELECT value FROM json_each(:places)) OR new_queue IN (SELECT value FROM json_each(:places)))`

/** The checks in which a queue was the old or the new one, oldest first; `places`: all of the queue's. */
export function listAccounts(database: Connection, places: readonly string[]): AccountSummary[] {
  const rows = database
    .prepare(
      `SELECT target_ref AS target, checked_at AS checkedAt, is_whole AS isWhole, count(rank) AS changes,
       coalesce(sum(fate = 'missing'), 0) AS missing, coalesce(sum(fate = 'changed'), 0) AS changed
       FROM account LEFT JOIN account_change ON account_id = id WHERE ${IS_OF} GROUP BY id ORDER BY id`,
    )
    .all({ places: JSON.stringify(places) }) as (Omit<AccountSummary, 'isWhole'> & { isWhole: number })[]
  return rows.map((row) => ({ ...row, isWhole: row.isWhole === 1 }))
}

/** The newest account of a queue, old or new, with its changes; null where none is recorded. */
export function loadNewestAccount(database: Connection, places: readonly string[]): RecordedAccount | null {
  const account = database
    .prepare(
      `SELECT id, target_ref AS target, checked_at AS checkedAt, is_whole AS isWhole FROM account
       WHERE ${IS_OF} ORDER BY id DESC LIMIT 1`,
    )
    .get({ places: JSON.stringify(places) }) as
    | { id: number; target: string; checkedAt: string; isWhole: number }
    | undefined
  if (!account) return null
  const rows = database
    .prepare(
      `SELECT patch, path, kind, hunk, fate, by_commit AS "by", because, lost FROM account_change
       WHERE account_id = ? ORDER BY rank`,
    )
    .all(account.id) as (Omit<RecordedChange, 'path' | 'lost'> & { path: Uint8Array; lost: Uint8Array })[]
  const changes = rows.map(({ path, lost, ...row }): RecordedChange => {
    return { ...row, path: fromBytes(path), lost: fromBytes(lost).split('\n').slice(0, -1) }
  })
  return { target: account.target, checkedAt: account.checkedAt, isWhole: account.isWhole === 1, changes }
}

export function saveAnswers(database: Connection, answers: readonly AccountAnswer[]): Promise<void> {
  return writeTo(database, () => {
    const insert = database.prepare(
      'INSERT INTO account_answer (digest, reason, given_by, given_at) VALUES (?, ?, ?, ?)',
    )
    for (const { digest, reason, by, at } of answers) insert.run(digest, reason, by, at)
  })
}

/** The newest answer to each change, by its digest. */
export function loadAnswers(database: Connection): Map<string, AccountAnswer> {
  const rows = database
    .prepare('SELECT digest, reason, given_by AS "by", given_at AS at FROM account_answer ORDER BY id')
    .all() as AccountAnswer[]
  return new Map(rows.map((row) => [row.digest, row]))
}
