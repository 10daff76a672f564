/**
 * What the next rebase will take, from what past ones took and how many conflicts their attempts
 * had. Pure.
 */
import { type Effort, isOfRelease } from '../model/effort.ts'

/** One attempt, as far as it says how hard a rebase was. */
export interface Hardship {
  base: string
  target: string
  /** Patches that need a person. */
  conflicts: number
}

export interface Forecast {
  /** Median of the past rates, times the conflicts. In calendar days, as the next two. */
  days: number
  /** By the lowest and the highest rate. */
  low: number
  high: number
  /**
   * Calendar days per conflict of the rebases that it rests on, and what it would have said of each
   * from the others alone.
   */
  past: { effort: Effort; conflicts: number; rate: number; forecast: number | null }[]
}

/** Two rebases with an attempt each are the least from which anything can be said. */
const LEAST = 2

/**
 * `attempts`: oldest first; the newest that fits a step counts. `next`: the rebase that lies ahead.
 * Null where there is too little data.
 */
export function forecast(efforts: readonly Effort[], attempts: readonly Hardship[], next: Hardship): Forecast | null {
  const past = efforts.flatMap((effort) => {
    const attempt = attempts.findLast((one) => fits(effort, one))
    if (!attempt || (attempt.base === next.base && attempt.target === next.target)) return []
    return [{ effort, conflicts: attempt.conflicts, rate: effort.days / attempt.conflicts }]
  })
  if (past.length < LEAST) return null
  const rates = past.map(({ rate }) => rate)
  return {
    days: median(rates) * next.conflicts,
    low: Math.min(...rates) * next.conflicts,
    high: Math.max(...rates) * next.conflicts,
    past: past.map((one, at) => {
      const others = rates.filter((_, index) => index !== at)
      return { ...one, forecast: others.length < LEAST ? null : median(others) * one.conflicts }
    }),
  }
}

/** The logged steps that no attempt fits: nothing says how hard they were. */
export function withoutAttempt(efforts: readonly Effort[], attempts: readonly Hardship[]): Effort[] {
  return efforts.filter((effort) => !attempts.some((one) => fits(effort, one)))
}

function fits({ from, to }: Effort, { base, target, conflicts }: Hardship): boolean {
  return isOfRelease(base, from) && isOfRelease(target, to) && conflicts > 0
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  const middle = Math.floor(sorted.length / 2)
  const [low, high] = [sorted[middle - 1] ?? 0, sorted[middle] ?? 0]
  return sorted.length % 2 === 1 ? high : (low + high) / 2
}
