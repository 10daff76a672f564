/** People's answers, kept for good: the newest one for a patch's content counts. */
import type { NumberlessOverrule, Overrule } from '../model/overrule.ts'
import type { Connection } from './database.ts'
import { writeTo } from './patience.ts'

export type NewOverrule = Omit<Overrule, 'id' | 'answer'> & { answer: Overrule['answer'] | 'withdrawn' }

/** Returns its number. */
export function saveOverrule(database: Connection, given: NewOverrule): Promise<number> {
  return writeTo(database, () => insertOverrule(database, given))
}

/** The number of an answer that came with an attempt of another record. */
export function numberOfOverrule(database: Connection, given: NumberlessOverrule): number {
  const { digest, answer, commit, reason, by, at } = given
  const same = database.prepare(
    'SELECT id FROM overrule WHERE digest = ? AND answer = ? AND commit_sha IS ? AND reason = ? AND given_by = ? AND given_at = ?',
  )
  const known = same.pluck().get(digest, answer, commit, reason, by, at) as number | undefined
  return known ?? insertOverrule(database, given)
}

function insertOverrule(database: Connection, { digest, answer, commit, reason, by, at }: NewOverrule): number {
  const insert = database.prepare(
    'INSERT INTO overrule (digest, answer, commit_sha, reason, given_by, given_at) VALUES (?, ?, ?, ?, ?, ?)',
  )
  return Number(insert.run(digest, answer, commit, reason, by, at).lastInsertRowid)
}

interface OverruleRow {
  id: number
  digest: string
  answer: NewOverrule['answer']
  commit_sha: string | null
  reason: string
  given_by: string
  given_at: string
}

/** The answers that count now, those given last, by the digest of the patch. */
export function loadOverrules(database: Connection): Map<string, Overrule> {
  const newest = `SELECT * FROM overrule WHERE id IN (SELECT first_value(id)
    OVER (PARTITION BY digest ORDER BY given_at DESC, id DESC) FROM overrule) ORDER BY id`
  return new Map((database.prepare(newest).all() as OverruleRow[]).flatMap(toEntry))
}

/** All answers that some attempt rests on, by their number. */
export function overrulesById(database: Connection, attempt: number): Map<number, Overrule> {
  const used = 'SELECT * FROM overrule WHERE id IN (SELECT overrule_id FROM result WHERE attempt_id = ?)'
  const rows = database.prepare(used).all(attempt) as OverruleRow[]
  return new Map(rows.flatMap(toEntry).map(([, overrule]) => [overrule.id, overrule]))
}

function toEntry({ answer, ...row }: OverruleRow): [string, Overrule][] {
  if (answer === 'withdrawn') return []
  const { id, digest, commit_sha: commit, reason, given_by: by, given_at: at } = row
  return [[digest, { id, digest, answer, commit, reason, by, at }]]
}
