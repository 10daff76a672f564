/** Writes attempts, each whole or not at all; nothing of it is ever changed afterwards. */
import { UserError } from '../errors.ts'
import type { Attempt, Timing } from '../model/attempt.ts'
import { toBytes } from '../model/bytes.ts'
import type { AttemptDocument } from './attempt-document.ts'
import { ConflictWriter } from './conflicts.ts'
import type { Connection } from './database.ts'
import { numberOfOverrule } from './overrules.ts'
import { writeTo } from './patience.ts'

/** What an attempt is recorded with; an answer of another record has no number here. */
export interface SavedAttempt {
  attempt: AttemptDocument['attempt']
  timing: Timing
  /** The bytes of its patches, by digest. */
  contents: ReadonlyMap<string, Uint8Array>
  /** What its document is known by, "sha256:…". */
  document: string
  /** A hash of what it was made of; left out where that is not known, or does not say all. */
  inputs?: string
}

/** Returns the attempt's number. @throws UserError where it was in vain that it was made. */
export async function saveAttempt(database: Connection, saved: SavedAttempt): Promise<number> {
  try {
    return await writeTo(database, () => insertAttempt(database, saved))
  } catch (error) {
    throw notRecorded(error, saved.attempt, database.name)
  }
}

/** What to say where an attempt was made and is lost: the record is locked, full, cannot be written. */
export function notRecorded(error: unknown, { target }: Pick<Attempt, 'target'>, file: string): unknown {
  const { code = '', message } = error as { code?: string; message: string }
  if (!/^SQLITE_(?:BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN)/.test(code)) return error
  const isBusy = /^SQLITE_(?:BUSY|LOCKED)/.test(code)
  const [why, wayOut] = isBusy
    ? ['another program keeps it locked', 'wait for that program, or end it']
    : [message, 'make room, or make it writable']
  return new UserError(
    `the attempt on ${target.ref} was made, and is not recorded: ${file}: ${why}`,
    `${wayOut}, and run the same again: it goes faster, what it found is in the cache; or name another record with --db`,
  )
}

/** The same, within a transaction of the caller's. */
export function insertAttempt(database: Connection, saved: SavedAttempt): number {
  const { attempt, contents } = saved
  const revisionId = saveQueue(database, attempt, contents)
  const id = insertFacts(database, saved, revisionId)
  const write = new ResultWriter(database, id)
  for (const result of attempt.results) write.result(result)
  return id
}

function saveQueue(
  database: Connection,
  { queue, results }: SavedAttempt['attempt'],
  contents: ReadonlyMap<string, Uint8Array>,
): number {
  const known = database.prepare('SELECT id FROM queue_revision WHERE revision = ?').pluck().get(queue.revision)
  if (known !== undefined) return sameQueue(database, known as number, results)
  const { lastInsertRowid } = database.prepare('INSERT INTO queue_revision (revision) VALUES (?)').run(queue.revision)
  const id = Number(lastInsertRowid)
  const content = database.prepare('INSERT OR IGNORE INTO patch (digest, content) VALUES (?, ?)')
  const listing = database.prepare('INSERT INTO queue_patch VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  for (const { patch } of results) {
    const bytes = contents.get(patch.digest)
    if (!bytes) throw new Error(`the content of ${patch.name} is not given`)
    content.run(patch.digest, Buffer.from(bytes))
    const { position, digest, name, strip, reversed, subject, author, added, removed, files, directory } = patch
    listing.run(id, position, digest, name, strip, reversed ? 1 : 0, subject, author, added, removed, files, directory)
  }
  return id
}

/** @throws UserError where a document says of a revision that it holds other patches than the record has. */
function sameQueue(database: Connection, id: number, results: SavedAttempt['attempt']['results']): number {
  const held = database.prepare('SELECT name, digest FROM queue_patch WHERE queue_revision_id = ? ORDER BY position')
  const listed = results.map(({ patch: { name, digest } }) => ({ name, digest }))
  if (JSON.stringify(held.all(id)) === JSON.stringify(listed)) return id
  throw new UserError(
    'the record has the same queue revision with other patches',
    'one of the two attempts is not what it says: look where it comes from',
  )
}

function insertFacts(
  database: Connection,
  { attempt, timing, document, inputs }: SavedAttempt,
  revisionId: number,
): number {
  const { queue, upstream, base, target } = attempt
  const { startedAt, durationMs, toolVersion } = timing
  const { lastInsertRowid } = database
    .prepare(
      `INSERT INTO attempt (queue_revision_id, source, format, order_found, upstream, base_ref, base_commit, base_found,
         target_ref, target_commit, started_at, duration_ms, tool_version, document)
       VALUES (${Array(14).fill('?').join(', ')})`,
    )
    .run(
      ...[revisionId, queue.source, queue.format, queue.order, upstream, base.ref, base.commit, base.found],
      ...[target.ref, target.commit, startedAt, durationMs, toolVersion, document],
    )
  const id = Number(lastInsertRowid)
  if (inputs !== undefined) database.prepare('INSERT INTO attempt_inputs VALUES (?, ?)').run(id, inputs)
  const insert = database.prepare('INSERT INTO disabled_patch VALUES (?, ?, ?, ?)')
  for (const [rank, { name, reason }] of queue.disabled.entries()) insert.run(id, rank + 1, name, reason)
  const insertNote = database.prepare('INSERT INTO attempt_note VALUES (?, ?, ?, ?, ?, ?)')
  for (const [rank, { file, line, message, hint }] of queue.notes.entries())
    insertNote.run(id, rank + 1, file, line, message, hint)
  return id
}

type SavedResult = SavedAttempt['attempt']['results'][number]

/** The statements for one attempt's results, prepared once. */
class ResultWriter {
  readonly #database: Connection
  readonly #attempt: number
  readonly #result
  readonly #evidence
  readonly #claim
  readonly #blockedBy
  readonly #conflicts: ConflictWriter
  readonly #fate
  readonly #residual
  readonly #suggested

  constructor(database: Connection, attempt: number) {
    this.#database = database
    this.#attempt = attempt
    this.#result = database.prepare(`INSERT INTO result VALUES (${Array(25).fill('?').join(', ')})`)
    this.#evidence = database.prepare('INSERT INTO evidence VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
    this.#claim = database.prepare('INSERT INTO claim VALUES (?, ?, ?, ?, ?, ?)')
    this.#conflicts = new ConflictWriter(database, attempt)
    this.#blockedBy = database.prepare('INSERT INTO blocked_by VALUES (?, ?, ?)')
    this.#fate = database.prepare(`INSERT INTO change_fate VALUES (${Array(13).fill('?').join(', ')})`)
    this.#residual = database.prepare('INSERT INTO residual VALUES (?, ?, ?)')
    this.#suggested = database.prepare('INSERT INTO suggested_patch VALUES (?, ?, ?)')
  }

  #numberOf(overrule: NonNullable<SavedResult['overrule']>): number {
    return 'id' in overrule ? overrule.id : numberOfOverrule(this.#database, overrule)
  }

  result({ patch, rebuild, landing, upstream, verdict, residual, suggested, overrule }: SavedResult): void {
    const key = [this.#attempt, patch.position] as const
    this.#result.run(
      ...[...key, patch.section, patch.owner, patch.comment],
      ...[rebuild.kind, 'lines' in rebuild ? rebuild.lines : null],
      ...['reason' in rebuild ? rebuild.reason : null, 'hint' in rebuild ? rebuild.hint : null],
      ...[landing.kind, 'lines' in landing ? landing.lines : null],
      ...[verdict.kind, verdict.action, verdict.reason],
      ...[upstream.status, upstream.coverage, upstream.survival, upstream.confidence, upstream.revertedBy],
      ...[
        upstream.parts,
        overrule && this.#numberOf(overrule),
        'by' in landing && landing.kind === 'offset' ? landing.by : null,
      ],
      ...[upstream.question?.kind ?? null, upstream.question?.sha ?? null, patch.listed],
    )
    upstream.commits.forEach((commit, rank) => {
      const { sha, subject, date, firstTag, signals, coverage } = commit
      this.#evidence.run(...key, rank, sha, subject, date, firstTag, signals.join(' '), coverage)
    })
    for (const { field, form, text, commit } of upstream.claims) this.#claim.run(...key, field, form, text, commit)
    upstream.fates.forEach(({ path, kind, hunk, fate, by, changedBy, at, lines, standing }, rank) => {
      const place = [at && toBytes(at.path), at?.line ?? null]
      this.#fate.run(...key, rank, toBytes(path), kind, hunk, fate, by, changedBy, ...place, lines, standing)
    })
    if (residual !== null) this.#residual.run(...key, toBytes(residual))
    if (suggested !== null) this.#suggested.run(...key, toBytes(suggested))
    if (!('conflicts' in landing)) return
    for (const conflict of landing.conflicts) this.#conflicts.write(patch.position, conflict)
    if (landing.kind === 'blocked') for (const blocker of landing.by) this.#blockedBy.run(...key, blocker)
  }
}
