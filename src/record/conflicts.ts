/** The conflicts of an attempt: their regions and culprits with them. */
import type { Conflict, Culprit } from '../model/attempt.ts'
import { type ByteString, fromBytes, splitLines, toBytes } from '../model/bytes.ts'
import type { ConflictRegion } from '../model/region.ts'
import type { Recollection } from '../model/resolution.ts'
import type { Suggestion } from '../model/suggestion.ts'
import type { Connection } from './database.ts'
import { groupBy, wordsIn } from './rows.ts'

/** The statements for the conflicts of one attempt, prepared once. */
export class ConflictWriter {
  readonly #attempt: number
  readonly #conflict
  readonly #region
  readonly #culprit

  constructor(database: Connection, attempt: number) {
    this.#attempt = attempt
    this.#conflict = database.prepare('INSERT INTO conflict VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
    this.#region = database.prepare(`INSERT INTO conflict_region VALUES (${Array(12).fill('?').join(', ')})`)
    this.#culprit = database.prepare('INSERT INTO culprit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  }

  write(position: number, conflict: Conflict): void {
    const { path, hunksFailed, hunks, reason, marked, isGone, regions, culprits, suggestion } = conflict
    const place = [this.#attempt, position, toBytes(path)] as const
    this.#conflict.run(
      ...[...place, hunksFailed, hunks, reason, marked === null ? null : toBytes(marked), isGone ? 1 : 0],
      ...suggestionColumns(suggestion),
    )
    regions.forEach((region, rank) => {
      const { line, wentTo } = region
      const sides = [joined(region.ours), joined(region.base), joined(region.theirs)]
      const went = [wentTo && toBytes(wentTo.path), wentTo?.line ?? null]
      this.#region.run(...place, rank, line, region.hunks.join(' '), ...sides, ...went, region.culprits.join(' '))
    })
    culprits.forEach(({ sha, subject, author, date, firstTag, lines }, rank) => {
      this.#culprit.run(...place, rank, sha, subject, author, date, firstTag, lines)
    })
  }
}

/** Lines of a file as one blob; each keeps its line feed. */
function joined(lines: readonly ByteString[]): Buffer {
  return toBytes(lines.join(''))
}

interface ConflictRow extends SuggestionRow {
  position: number
  path: Buffer
  hunks_failed: number
  hunks: number
  reason: string
  marked: Buffer | null
  is_gone: number
}

interface RegionRow {
  position: number
  path: Buffer
  line: number
  hunks: string
  ours: Buffer
  base: Buffer
  theirs: Buffer
  went_to_path: Buffer | null
  went_to_line: number
  culprits: string
}

type CulpritRow = Omit<Culprit, 'firstTag'> & { position: number; path: Buffer; first_tag: string | null }

/**
 * The conflicts of an attempt, by the position of their patch. `position`: of the only one that is
 * asked for; null where all are.
 */
export function loadConflicts(database: Connection, attempt: number, position: number | null): Map<number, Conflict[]> {
  const rows = <Row>(table: string, order: string) =>
    database
      .prepare(`SELECT * FROM ${table} WHERE attempt_id = ? AND position = coalesce(?, position) ORDER BY ${order}`)
      .all(attempt, position) as Row[]
  const keyOf = ({ position, path }: { position: number; path: Buffer }) => `${position} ${fromBytes(path)}`
  const regions = groupBy(rows<RegionRow>('conflict_region', 'position, path, rank'), keyOf, toRegion)
  const culprits = groupBy(rows<CulpritRow>('culprit', 'position, path, rank'), keyOf, toCulprit)
  const conflicts = rows<ConflictRow>('conflict', 'position, path')
  return groupBy(
    conflicts,
    (row) => row.position,
    (row) => ({
      path: fromBytes(row.path),
      hunksFailed: row.hunks_failed,
      hunks: row.hunks,
      reason: row.reason,
      marked: row.marked && fromBytes(row.marked),
      isGone: row.is_gone === 1,
      regions: regions.get(keyOf(row)) ?? [],
      culprits: culprits.get(keyOf(row)) ?? [],
      suggestion: toSuggestion(row),
    }),
  )
}

/** A suggestion as the columns of a row. */
export interface SuggestionRow {
  suggestion_sure: number | null
  suggestion_reasons: string | null
  suggestion_hazards: string | null
  suggestion_remembered: string | null
}

/** The values of these columns, in their order. */
export function suggestionColumns(suggestion: Suggestion | null): (string | number | null)[] {
  if (suggestion === null) return [null, null, null, null]
  const { sure, reasons, hazards, remembered } = suggestion
  const recollections = remembered?.map(({ how, origin, file }) => [how, origin, file].join(' ')).join('\n') ?? null
  return [sure ? 1 : 0, reasons.join(' '), hazards.join(' '), recollections]
}

export function toSuggestion(row: SuggestionRow): Suggestion | null {
  if (row.suggestion_sure === null) return null
  return {
    sure: row.suggestion_sure === 1,
    reasons: wordsIn(row.suggestion_reasons ?? '') as Suggestion['reasons'],
    hazards: wordsIn(row.suggestion_hazards ?? '') as Suggestion['hazards'],
    ...(row.suggestion_remembered === null
      ? {}
      : { remembered: row.suggestion_remembered.split('\n').map(toRecollection) }),
  }
}

function toRecollection(line: string): Recollection {
  const [how, origin, file] = wordsIn(line)
  return { how, origin, file } as Recollection
}

function toCulprit({ sha, subject, author, date, first_tag: firstTag, lines }: CulpritRow): Culprit {
  return { sha, subject, author, date, firstTag, lines }
}

function toRegion(row: RegionRow): ConflictRegion {
  return {
    line: row.line,
    ours: splitLines(fromBytes(row.ours)),
    base: splitLines(fromBytes(row.base)),
    theirs: splitLines(fromBytes(row.theirs)),
    hunks: wordsIn(row.hunks).map(Number),
    wentTo: row.went_to_path && { path: fromBytes(row.went_to_path), line: row.went_to_line },
    culprits: wordsIn(row.culprits),
  }
}
