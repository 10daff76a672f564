/** The work of scans: a lease table. What is taken is taken by one, until its lease ends. */
import { type Action, summarize, type VerdictKind } from '../model/attempt.ts'
import { type DoneItem, type ScanCounts, type ScanItem, type ScanProblem, upstreamKey } from '../model/scan.ts'
import { attemptOfDocument } from './attempts.ts'
import type { Connection } from './database.ts'
import { writeTo } from './patience.ts'
import { insertAttempt, type SavedAttempt } from './save-attempt.ts'

/** An item that one worker has. */
export interface TakenItem {
  id: number
  /** Whoever takes it after has a higher one. */
  token: number
  /** How often it failed before. */
  failures: number
  item: ScanItem
}

/** Makes the items of a portfolio those that are planned. What is done stays. */
export function planItems(
  database: Connection,
  { source, isOurs }: { source: string; isOurs: (name: string) => boolean },
  items: readonly ScanItem[],
): Promise<void> {
  const planned = new Set(items.map(({ key }) => key))
  const open = database.prepare(
    `SELECT id, key, name FROM scan_item WHERE portfolio = ? AND state IN ('waiting', 'failed')`,
  )
  const remove = database.prepare('DELETE FROM scan_item WHERE id = ?')
  const add = database.prepare(
    `INSERT INTO scan_item (key, portfolio, name, upstream, item) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET portfolio = excluded.portfolio, name = excluded.name
     WHERE state <> 'taken' AND (portfolio <> excluded.portfolio OR name <> excluded.name)`,
  )
  return writeTo(database, () => {
    for (const { id, key, name } of open.all(source) as { id: number; key: string; name: string }[])
      if (!planned.has(key) && isOurs(name)) remove.run(id)
    for (const item of items) add.run(item.key, source, item.name, upstreamKey(item), JSON.stringify(item))
  })
}

/** Lets what was set aside be tried again. */
export function retryItems(database: Connection, portfolio: string): Promise<void> {
  return writeTo(database, () => {
    database
      .prepare(
        `UPDATE scan_item SET state = 'waiting', failures = 0, due = 0, error = NULL, hint = NULL
         WHERE portfolio = ? AND state = 'failed'`,
      )
      .run(portfolio)
  })
}

/** Frees what any worker has: all of them are gone. */
export function freeItems(database: Connection, portfolio: string): Promise<void> {
  return writeTo(database, () => {
    database
      .prepare(`UPDATE scan_item SET state = 'waiting', worker = NULL, due = 0 WHERE portfolio = ? AND state = 'taken'`)
      .run(portfolio)
  })
}

/**
 * Frees what a worker has that died: it may have died of it, and it counts as a failure. What has
 * failed `tries` times is set aside.
 */
export function freeAfterDeath(
  database: Connection,
  { portfolio, worker }: Pick<Taker, 'portfolio' | 'worker'>,
  tries: number,
): Promise<void> {
  return writeTo(database, () => {
    database
      .prepare(
        `UPDATE scan_item SET worker = NULL, due = 0, failures = failures + 1,
           state = iif(failures + 1 < @tries, 'waiting', 'failed'), error = @message, hint = @hint
         WHERE portfolio = @portfolio AND state = 'taken' AND worker = @worker`,
      )
      .run({ portfolio, worker, tries, message: 'the worker died while it tried this', hint: DIED })
  })
}

const DIED = 'was it killed, because memory ran out? try this queue by itself'

/** How many items of a portfolio are in each state. */
export function countItems(database: Connection, portfolio: string): ScanCounts {
  const rows = database.prepare('SELECT state, count(*) FROM scan_item WHERE portfolio = ? GROUP BY state').raw()
  return { waiting: 0, taken: 0, done: 0, failed: 0, ...Object.fromEntries(rows.all(portfolio) as [string, number][]) }
}

/** What was set aside, and why. */
export function failedItems(database: Connection, portfolio: string): ScanProblem[] {
  return database
    .prepare(
      `SELECT name, item ->> 'onto' AS onto, error AS message, hint FROM scan_item
       WHERE portfolio = ? AND state = 'failed' ORDER BY id`,
    )
    .all(portfolio) as ScanProblem[]
}

/** Who takes items, and how long a lease lasts. */
export interface Taker {
  portfolio: string
  worker: string
  /** Milliseconds. */
  lease: number
}

/**
 * Takes an item: of the same upstream as the one before if there is one, else of one that nobody
 * works on. Null where none can be taken now.
 */
export function takeItem(
  database: Connection,
  { portfolio, worker, lease }: Taker,
  { upstream, now }: { upstream: string | null; now: number },
): Promise<TakenItem | null> {
  const free = `SELECT id FROM scan_item AS one WHERE portfolio = @portfolio AND state = 'waiting' AND due <= @now`
  const wishes = [
    `${free} AND upstream = @upstream ORDER BY id LIMIT 1`,
    `${free} AND NOT EXISTS (SELECT 1 FROM scan_item AS other
       WHERE other.portfolio = one.portfolio AND other.state = 'taken' AND other.upstream = one.upstream) LIMIT 1`,
    `${free} LIMIT 1`,
    `SELECT id FROM scan_item WHERE portfolio = @portfolio AND state = 'taken' AND due <= @now LIMIT 1`,
  ]
  const take = database.prepare(
    `UPDATE scan_item SET state = 'taken', worker = @worker, token = token + 1, due = @due WHERE id = @id
     RETURNING id, token, failures, item`,
  )
  return writeTo(database, () => {
    for (const wish of wishes) {
      const id = database.prepare(wish).pluck().get({ portfolio, upstream, now })
      if (id === undefined) continue
      const row = take.get({ id, worker, due: now + lease }) as Omit<TakenItem, 'item'> & { item: string }
      return { ...row, item: JSON.parse(row.item) as ScanItem }
    }
    return null
  })
}

const IS_MINE = `id = @id AND token = @token AND state = 'taken'`

/** Prolongs a lease; nothing happens where it is another's by now. */
export function renewItem(database: Connection, { id, token }: TakenItem, due: number): Promise<void> {
  return writeTo(database, () => {
    database.prepare(`UPDATE scan_item SET due = @due WHERE ${IS_MINE}`).run({ id, token, due })
  })
}

/**
 * Records what came of an item, and that it is done, in one transaction. False where the item is
 * another's by now: then nothing is recorded.
 */
export function finishItem(database: Connection, { id, token }: TakenItem, saved: SavedAttempt): Promise<boolean> {
  const isMine = database.prepare(`SELECT 1 FROM scan_item WHERE ${IS_MINE}`).pluck()
  return writeTo(database, () => {
    if (isMine.get({ id, token }) === undefined) return false
    const attempt = attemptOfDocument(database, saved.document) ?? insertAttempt(database, saved)
    database.prepare(`UPDATE scan_item SET state = 'done', worker = NULL, attempt_id = ? WHERE id = ?`).run(attempt, id)
    return true
  })
}

/** Has an item tried again, from `due` on; null: sets it aside with its error. */
export function failItem(
  database: Connection,
  { id, token }: TakenItem,
  { message, hint, due }: { message: string; hint: string; due: number | null },
): Promise<void> {
  return writeTo(database, () => {
    database
      .prepare(
        `UPDATE scan_item SET state = @state, worker = NULL, failures = failures + 1, due = @due, error = @message, hint = @hint
         WHERE ${IS_MINE}`,
      )
      .run({ id, token, state: due === null ? 'failed' : 'waiting', due: due ?? 0, message, hint })
  })
}

/** The items that wait, in the order in which they were planned. */
export function waitingItems(database: Connection, portfolio: string): ScanItem[] {
  const select = database.prepare(`SELECT item FROM scan_item WHERE portfolio = ? AND state = 'waiting' ORDER BY id`)
  return (select.pluck().all(portfolio) as string[]).map((item) => JSON.parse(item) as ScanItem)
}

/** What an engine returned of an item: what is to be recorded, or why nothing is. */
export type CollectedItem = { key: string } & ({ saved: SavedAttempt } | { message: string; hint: string })

/**
 * Records what came back of items, and that they are done, in one transaction. What is done already
 * stays; an attempt whose item is planned no more is recorded all the same.
 */
export function collectItems(database: Connection, collected: readonly CollectedItem[]): Promise<void> {
  const done = database.prepare(
    `UPDATE scan_item SET state = 'done', worker = NULL, attempt_id = ? WHERE key = ? AND state <> 'done'`,
  )
  const failed = database.prepare(
    `UPDATE scan_item SET state = 'failed', worker = NULL, failures = failures + 1, error = ?, hint = ?
     WHERE key = ? AND state <> 'done'`,
  )
  return writeTo(database, () => {
    for (const one of collected)
      if ('saved' in one)
        done.run(attemptOfDocument(database, one.saved.document) ?? insertAttempt(database, one.saved), one.key)
      else failed.run(one.message, one.hint, one.key)
  })
}

/** Milliseconds since 1970 at which the next item may be taken; null where none will be. */
export function nextDue(database: Connection, portfolio: string): number | null {
  const select = database.prepare(
    `SELECT min(due) FROM scan_item WHERE portfolio = ? AND state IN ('waiting', 'taken')`,
  )
  return select.pluck().get(portfolio) as number | null
}

/** What came of those of some items that are done, in the order in which they were planned. */
export function doneItems(database: Connection, keys: readonly string[]): DoneItem[] {
  const rows = database
    .prepare(
      `SELECT scan_item.id, name, item ->> 'onto' AS onto, source, attempt.id AS attempt, verdict, action, count(position) AS count
       FROM scan_item JOIN attempt ON attempt.id = scan_item.attempt_id LEFT JOIN result ON result.attempt_id = attempt.id
       WHERE state = 'done' AND key IN (SELECT value FROM json_each(?)) GROUP BY scan_item.id, verdict, action ORDER BY scan_item.id`,
    )
    .all(JSON.stringify(keys)) as (Pick<DoneItem, 'name' | 'onto' | 'source' | 'attempt'> &
    ResultCount & { id: number })[]
  const items = new Map<number, DoneItem>()
  for (const { id, verdict, action, count, ...place } of rows) {
    const item = items.get(id) ?? { ...place, summary: summarize([]), actions: {} }
    items.set(id, item)
    // A queue of which every patch is disabled has no result.
    if (verdict === null || action === null) continue
    item.summary[verdict] += count
    item.actions[action] = (item.actions[action] ?? 0) + count
  }
  return [...items.values()]
}

interface ResultCount {
  verdict: VerdictKind | null
  action: Action | null
  count: number
}

/** A queue of a portfolio, its newest attempt, and the upstream of that. */
export interface ScannedQueue {
  name: string
  attempt: number
  upstream: string
}

/** By name; queues of which nothing was tried are left out. */
export function newestAttempts(database: Connection, portfolio: string): ScannedQueue[] {
  return database
    .prepare(
      `SELECT name, attempt.id AS attempt, attempt.upstream FROM scan_item JOIN attempt ON attempt.id = attempt_id
       WHERE scan_item.id IN (SELECT max(id) FROM scan_item WHERE portfolio = ? AND state = 'done' GROUP BY name)
       ORDER BY name`,
    )
    .all(portfolio) as ScannedQueue[]
}
