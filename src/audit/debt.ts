/** What a patch costs whoever carries it, in points that a reader can add up again. Pure. */
import type { PatchResult } from '../model/attempt.ts'
import { DEBT_PARTS, type Debt, type DebtPart, type PatchAge } from '../model/audit.ts'

/** What points are given for. */
export interface DebtFacts {
  result: PatchResult
  age: PatchAge | null
  /** Upstream commits from base to target that change its files; null where they are not known. */
  heat: number | null
  /** The target, as it was named. */
  target: string
}

/** A conflict costs a person's hours; the rest says how likely the next one is, and stays below it. */
const PER_CONFLICT = 10
const LINES_PER_POINT = 50
const COMMITS_PER_POINT = 20
/** A refresh costs minutes: a patch that is often refreshed, and never in conflict, is cheap. */
const REFRESHES_PER_POINT = 10
const MOST = 10
const DAYS_IN_YEAR = 365.25

/** The sentence has the numbers that each part rests on, and its points in brackets. */
export function debtOf(facts: DebtFacts): Debt {
  const { result, age, heat } = facts
  const isNow = result.verdict.kind === 'conflicting'
  const lines = result.patch.added + result.patch.removed
  const parts: Record<DebtPart, number> = {
    conflicts: ((age?.conflicts ?? 0) + (isNow ? 1 : 0)) * PER_CONFLICT,
    age: capped(yearsOf(age)),
    refreshes: capped((age?.refreshes ?? 0) / REFRESHES_PER_POINT),
    size: capped(lines / LINES_PER_POINT),
    heat: capped((heat ?? 0) / COMMITS_PER_POINT),
  }
  const told = DEBT_PARTS.flatMap((part) => (parts[part] > 0 ? [`${wordsOf(part, facts)} (${parts[part]})`] : []))
  const points = DEBT_PARTS.reduce((sum, part) => sum + parts[part], 0)
  return { points, parts, because: told.length === 0 ? CHEAP : `It ${sentence(told)}.` }
}

const CHEAP = 'It is young and short, and stands where upstream changes little.'

function sentence(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')}, and ${parts.at(-1)}`
}

function yearsOf(age: PatchAge | null): number {
  return Math.floor((age?.days ?? 0) / DAYS_IN_YEAR)
}

function capped(points: number): number {
  return Math.min(MOST, Math.round(points))
}

/** What follows "It". */
function wordsOf(part: DebtPart, { result, age, heat, target }: DebtFacts): string {
  const { added, removed } = result.patch
  switch (part) {
    case 'conflicts':
      return conflictWords(age?.conflicts ?? 0, result.verdict.kind === 'conflicting' ? target : null)
    case 'age':
      return `has been carried for ${age?.isAtLeast ? 'at least ' : ''}${count(yearsOf(age), 'year')}`
    case 'refreshes':
      return `was refreshed ${count(age?.refreshes ?? 0, 'time')}`
    case 'size':
      return `changes ${count(added + removed, 'line')}`
    case 'heat':
      return `stands in files that upstream changed ${count(heat ?? 0, 'time')} since its base`
  }
}

/** `target`: with what it is in conflict now; null where it is not. */
function conflictWords(before: number, target: string | null): string {
  const past = `was in conflict at ${count(before, 'earlier rebase')}`
  if (target === null) return past
  return before === 0 ? `is in conflict with ${target}` : `${past} and is with ${target}`
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}
