/** The steps by which an attempt is mended, kept for good; and what is open. */
import { fromBytes, toBytes } from '../model/bytes.ts'
import type {
  AbortStep,
  FileState,
  MendedFile,
  Mending,
  OpenFile,
  OpenPatch,
  Outcome,
  PatchStep,
  ResolveStep,
} from '../model/resolve.ts'
import { type SuggestionRow, suggestionColumns, toSuggestion } from './conflicts.ts'
import type { Connection } from './database.ts'
import { writeTo } from './patience.ts'
import { groupBy, wordsIn } from './rows.ts'

/** Adds steps, all or none of them; what was open is open no more. */
export function saveSteps(database: Connection, attempt: number, steps: readonly ResolveStep[]): Promise<void> {
  return writeTo(database, () => {
    for (const step of steps) insertStep(database, attempt, step)
    database
      .prepare(
        'UPDATE resolve_state SET open_position = NULL, opened_at = NULL, open_commit = NULL, open_tree = NULL WHERE attempt_id = ?',
      )
      .run(attempt)
    database.prepare('DELETE FROM open_file WHERE attempt_id = ?').run(attempt)
    if (steps.some(({ kind }) => kind === 'aborted')) forgetState(database, attempt)
  })
}

function insertStep(database: Connection, attempt: number, step: ResolveStep): void {
  const insert = database.prepare(
    `INSERT INTO resolve_step (attempt_id, kind, position, reason, technique, seconds, given_by, given_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const position = 'position' in step ? step.position : null
  const reason = 'reason' in step ? step.reason : null
  const work = step.kind === 'resolved' ? [step.technique, step.seconds] : [null, null]
  const { lastInsertRowid } = insert.run(attempt, step.kind, position, reason, ...work, step.by, step.at)
  if (step.kind !== 'resolved') return
  const file = database.prepare('INSERT INTO mended_file VALUES (?, ?, ?, ?, ?, ?)')
  for (const { path, before, after } of step.files)
    file.run(lastInsertRowid, toBytes(path), ...toColumns(before), ...toColumns(after))
}

function forgetState(database: Connection, attempt: number): void {
  for (const table of ['open_file', 'resolve_outcome', 'resolve_state'])
    database.prepare(`DELETE FROM ${table} WHERE attempt_id = ?`).run(attempt)
}

/** Replaces what follows from the steps. `settled`: how many of the steps that count it knows of. */
export function saveState(
  database: Connection,
  attempt: number,
  { settled, outcomes, open }: Pick<Mending, 'settled' | 'outcomes' | 'open'>,
): Promise<void> {
  return writeTo(database, () => {
    forgetState(database, attempt)
    database
      .prepare('INSERT INTO resolve_state VALUES (?, ?, ?, ?, ?, ?)')
      .run(attempt, settled, open?.position ?? null, open?.at ?? null, open?.commit ?? null, open?.tree ?? null)
    const outcome = database.prepare('INSERT INTO resolve_outcome VALUES (?, ?, ?, ?, ?)')
    for (const { position, landing, waitsFor, patch } of outcomes.values())
      outcome.run(attempt, position, landing, waitsFor.join(' '), patch === null ? null : toBytes(patch))
    const file = database.prepare(`INSERT INTO open_file VALUES (${Array(17).fill('?').join(', ')})`)
    for (const { path, reason, base, ours, theirs, marked, placed, suggestion } of open?.files ?? []) {
      const sides = [base, ours, theirs].flatMap(toColumns)
      const shown = [marked === null ? null : toBytes(marked), ...toColumns(placed)]
      const suggested = [...suggestionColumns(suggestion), suggestion && toBytes(suggestion.content)]
      file.run(attempt, toBytes(path), reason, ...sides, ...shown, ...suggested)
    }
  })
}

function toColumns(state: FileState | null): [string | null, Buffer | null] {
  return state ? [state.mode, toBytes(state.content)] : [null, null]
}

function toState(mode: string | null, content: Buffer | null): FileState | null {
  return mode !== null && content !== null ? { mode, content: fromBytes(content) } : null
}

/** What is recorded of mending an attempt; nothing yet where nobody began. */
export function loadMending(database: Connection, attempt: number): Mending {
  const state = database.prepare('SELECT * FROM resolve_state WHERE attempt_id = ?').get(attempt) as
    | (OpenRow & { settled: number; open_position: number | null })
    | undefined
  const open = state && state.open_position !== null ? loadOpen(database, attempt, state.open_position, state) : null
  return {
    steps: loadSteps(database, attempt),
    settled: state?.settled ?? 0,
    outcomes: loadOutcomes(database, attempt),
    open,
  }
}

interface OpenRow {
  opened_at: string
  open_commit: string
  open_tree: string
}

/** The attempts of which somebody has begun to mend conflicts, and which is not done or taken back. */
export function attemptsOpen(database: Connection): number[] {
  const select = 'SELECT attempt_id FROM resolve_state WHERE open_position IS NOT NULL ORDER BY attempt_id'
  return database.prepare(select).pluck().all() as number[]
}

interface StepRow {
  id: number
  kind: ResolveStep['kind']
  position: number
  reason: string | null
  technique: string | null
  seconds: number | null
  given_by: string
  given_at: string
}

interface MendedRow {
  step_id: number
  path: Buffer
  before_mode: string | null
  before: Buffer | null
  after_mode: string | null
  after: Buffer | null
}

function loadSteps(database: Connection, attempt: number): PatchStep[] {
  const rows = database
    .prepare(
      `SELECT * FROM resolve_step WHERE attempt_id = :attempt AND kind <> 'aborted' AND id >
       (SELECT coalesce(max(id), 0) FROM resolve_step WHERE attempt_id = :attempt AND kind = 'aborted') ORDER BY id`,
    )
    .all({ attempt }) as StepRow[]
  const ids = JSON.stringify(rows.map(({ id }) => id))
  const files = database
    .prepare('SELECT * FROM mended_file WHERE step_id IN (SELECT value FROM json_each(?)) ORDER BY step_id, path')
    .all(ids) as MendedRow[]
  const filesOf = groupBy(
    files,
    (row) => row.step_id,
    (row): MendedFile => ({
      path: fromBytes(row.path),
      before: toState(row.before_mode, row.before),
      after: toState(row.after_mode, row.after),
    }),
  )
  return rows.map((row) => toStep(row, filesOf.get(row.id) ?? []))
}

function toStep(row: StepRow, files: MendedFile[]): PatchStep {
  const { position, reason, technique, seconds, given_by: by, given_at: at } = row
  const facts = { position, reason, by, at }
  const work = { technique: technique ?? 'by-hand', seconds: seconds ?? 0, files }
  return { kind: row.kind, ...facts, ...(row.kind === 'resolved' ? work : {}) } as Exclude<PatchStep, AbortStep>
}

function loadOutcomes(database: Connection, attempt: number): Map<number, Outcome> {
  const rows = database.prepare('SELECT * FROM resolve_outcome WHERE attempt_id = ?').all(attempt) as {
    position: number
    landing: Outcome['landing']
    waits_for: string
    patch: Buffer | null
  }[]
  return new Map(
    rows.map(({ position, landing, waits_for: waits, patch }) => {
      const waitsFor = wordsIn(waits).map(Number)
      return [position, { position, landing, waitsFor, patch: patch && fromBytes(patch) }]
    }),
  )
}

interface OpenFileRow extends SuggestionRow {
  path: Buffer
  reason: string
  base_mode: string | null
  base: Buffer | null
  ours_mode: string | null
  ours: Buffer | null
  theirs_mode: string | null
  theirs: Buffer | null
  marked: Buffer | null
  placed_mode: string | null
  placed: Buffer | null
  suggestion: Buffer | null
}

function loadOpen(
  database: Connection,
  attempt: number,
  position: number,
  { opened_at: at, open_commit: commit, open_tree: tree }: OpenRow,
): OpenPatch {
  const select = database.prepare('SELECT * FROM open_file WHERE attempt_id = ? ORDER BY path')
  const files = (select.all(attempt) as OpenFileRow[]).map((row): OpenFile => {
    const suggestion = toSuggestion(row)
    return {
      path: fromBytes(row.path),
      reason: row.reason,
      base: toState(row.base_mode, row.base),
      ours: toState(row.ours_mode, row.ours),
      theirs: toState(row.theirs_mode, row.theirs),
      marked: row.marked && fromBytes(row.marked),
      placed: toState(row.placed_mode, row.placed),
      suggestion: suggestion && row.suggestion && { ...suggestion, content: fromBytes(row.suggestion) },
    }
  })
  return { position, at, commit, tree, files }
}
