/** What a patch costs whoever carries it, in points that a reader can add up again. */
import type { PatchResult } from '../model/attempt.ts'
import type { Debt, PatchAge } from '../model/audit.ts'

/** What points are given for. */
export interface DebtFacts {
  result: PatchResult
  age: PatchAge | null
  /** Upstream commits from base to target that change its files; null where they are not known. */
  heat: number | null
}

/** A conflict costs a person's hours; the rest says how likely the next one is, and stays below it. */
const PER_CONFLICT = 10
const PER_YEAR = 1
const LINES_PER_POINT = 50
const COMMITS_PER_POINT = 20
const MOST = 10
const DAYS_IN_YEAR = 365.25

/** The parts are said with the numbers that they rest on. */
export function debtOf({ result, age, heat }: DebtFacts): Debt {
  const { added, removed } = result.patch
  const conflicts = (age?.conflicts ?? 0) + (result.verdict.kind === 'conflicting' ? 1 : 0)
  const years = (age?.days ?? 0) / DAYS_IN_YEAR
  const lines = added + removed
  const parts = [
    { points: conflicts * PER_CONFLICT, words: count(conflicts, 'conflict') },
    {
      points: part(years * PER_YEAR),
      words: `${age?.isAtLeast ? 'at least ' : ''}${count(Math.floor(years), 'year')}`,
    },
    { points: part(lines / LINES_PER_POINT), words: count(lines, 'changed line') },
    { points: part((heat ?? 0) / COMMITS_PER_POINT), words: `${count(heat ?? 0, 'upstream commit')} to its files` },
  ].filter(({ points }) => points > 0)
  const because = parts.map(({ points, words }) => `${points} for ${words}`).join(', ')
  return { points: parts.reduce((sum, { points }) => sum + points, 0), because: because || 'nothing that costs' }
}

function part(points: number): number {
  return Math.min(MOST, Math.round(points))
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}
