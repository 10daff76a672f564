/**
 * What the next rebase will take, from what past ones took and how many conflicts their attempts
 * had. Pure.
 */
import type { AttemptSummary } from '../model/attempt.ts'
import type { Effort } from '../model/effort.ts'
import type { PastTrial } from '../model/past-trial.ts'
import { compareReleases, isOfRelease } from '../model/version.ts'
import { effortOf, type Step } from './steps.ts'

/** One attempt, as far as it says how hard a rebase was. */
export interface Hardship {
  base: string
  target: string
  /** Patches that need a person. */
  conflicts: number
}

/** How hard an attempt says that its rebase is. */
export function toHardship({ base, target, summary }: Pick<AttemptSummary, 'base' | 'target' | 'summary'>): Hardship {
  return { base: base.ref, target: target.ref, conflicts: summary.conflicting + summary.invalid }
}

/** Of attempts, oldest first: an attempt of that day says more than one of today with that day's queue. */
export function hardshipsOf(attempts: readonly AttemptSummary[], past: readonly PastTrial[]): Hardship[] {
  return [...attempts.map(toHardship), ...past.map((trial) => ({ ...trial, conflicts: trial.names.length }))]
}

/** A past rebase that the forecast rests on. */
export interface PastRebase {
  effort: Effort
  /** Of the first attempt at it: mending some and trying again makes no rebase easier. */
  conflicts: number
  /** Calendar days per conflict. */
  rate: number
  /** What the others alone would have said of it; null where there is no other. */
  fromOthers: Range | null
}

/** Calendar days. */
export interface Range {
  /** By the median rate, the lowest and the highest. */
  days: number
  low: number
  high: number
}

/** A logged step that the forecast cannot rest on, and why. */
export interface LeftOut {
  step: Step
  because: string
}

export interface Forecast {
  /** Null where fewer than two past rebases are known, or nothing is to be mended. */
  range: Range | null
  /** In the order of the releases. */
  past: PastRebase[]
  leftOut: LeftOut[]
}

/** Why a step says nothing that nobody tried. */
export const NO_ATTEMPT = 'no attempt is recorded from and to these releases'

/** Two rebases with an attempt each are the least from which anything can be said. */
const LEAST = 2

/** `attempts`: oldest first. `next`: the rebase that lies ahead. */
export function forecast(steps: readonly Step[], attempts: readonly Hardship[], next: Hardship): Forecast {
  const found = steps.map((step) => ({ step, past: pastOf(step, attempts, next) }))
  const usable = found.flatMap(({ step, past }) => (typeof past === 'string' ? [] : [{ step, past }]))
  // What people said and what commits suggest are never mixed in one number.
  const said = usable.filter(({ past }) => past.effort.source === 'person')
  const estimated = usable.filter(({ past }) => past.effort.source === 'commits')
  const chosen = said.length < LEAST && estimated.length > said.length ? estimated : said
  const past = chosen.map((one) => one.past)
  return {
    range: past.length < LEAST || next.conflicts === 0 ? null : rangeOf(past, next.conflicts),
    past: past.map((one) => {
      const others = past.filter((other) => other !== one)
      return { ...one, fromOthers: others.length === 0 ? null : rangeOf(others, one.conflicts) }
    }),
    leftOut: found.flatMap(({ step, past: why }) => {
      if (typeof why === 'string') return [{ step, because: why }]
      const isMixed = !chosen.some((one) => one.step === step)
      return isMixed ? [{ step, because: 'what people said and what commits suggest are not mixed' }] : []
    }),
  }
}

/** How many of the past rebases took another time than the others' range says. */
export function timesWrong(past: readonly PastRebase[]): number {
  return past.filter(({ effort, fromOthers }) => {
    return fromOthers !== null && (effort.days < fromOthers.low || effort.days > fromOthers.high)
  }).length
}

type KnownRebase = Omit<PastRebase, 'fromOthers'>

/** What a step says of how long a conflict takes, or why it says nothing. */
function pastOf(step: Step, attempts: readonly Hardship[], next: Hardship): KnownRebase | string {
  if (isOfRelease(next.base, step.from) && isOfRelease(next.target, step.to)) return 'it is the rebase that lies ahead'
  if (compareReleases(step.to, next.target) >= 0) return 'it is not before the rebase that lies ahead'
  if (step.covers.length > 0) return 'it reaches over others that are logged'
  const first = attempts.find(({ base, target }) => isOfRelease(base, step.from) && isOfRelease(target, step.to))
  if (!first) return NO_ATTEMPT
  if (first.conflicts === 0) return 'its attempt had nothing to mend'
  const effort = effortOf(step)
  return { effort, conflicts: first.conflicts, rate: effort.days / first.conflicts }
}

function rangeOf(past: readonly KnownRebase[], conflicts: number): Range {
  const rates = past.map(({ rate }) => rate)
  return {
    days: median(rates) * conflicts,
    low: Math.min(...rates) * conflicts,
    high: Math.max(...rates) * conflicts,
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  const middle = Math.floor(sorted.length / 2)
  const [low, high] = [sorted[middle - 1] ?? 0, sorted[middle] ?? 0]
  return sorted.length % 2 === 1 ? high : (low + high) / 2
}
