/** What each rebase of a queue cost, by one measure beside what people logged. Pure. */
import type { PastTrial } from '../model/past-trial.ts'
import { compareReleases, isOfRelease, releaseKey } from '../model/version.ts'
import type { Rebase } from './rebases.ts'
import type { Step } from './steps.ts'

/** One rebase, and all that is known of what it took. */
export interface RebaseCost {
  from: string
  to: string
  /** What became of the queue; null where the history does not reach there. */
  rebase: Rebase | null
  /** Patches that needed a person, of the queue of that day; null where nobody tried it. */
  toMend: number | null
  /** What was logged; null where nothing was. */
  step: Step | null
}

/** In the order of the releases: every rebase of the history, and every step that is logged. */
export function rebaseCosts(
  rebases: readonly Rebase[],
  steps: readonly Step[],
  trials: readonly PastTrial[],
): RebaseCost[] {
  const costs = rebases.map((rebase): RebaseCost => {
    const { from, to } = rebase
    const trial = trials.find(({ base, target }) => isSame(base, from) && isSame(target, to))
    const step = steps.find((one) => isSame(one.from, from) && isSame(one.to, to))
    const loose = step ?? steps.find((one) => isOfRelease(from, one.from) && isOfRelease(to, one.to))
    return { from, to, rebase, toMend: trial?.names.length ?? null, step: loose ?? null }
  })
  const told = new Set(costs.map(({ step }) => step))
  const others = steps.flatMap((step): RebaseCost[] => {
    const { from, to } = step
    return told.has(step) ? [] : [{ from, to, rebase: null, toMend: null, step }]
  })
  return [...others, ...costs].sort((one, other) => {
    return compareReleases(one.from, other.from) || compareReleases(one.to, other.to)
  })
}

function isSame(one: string, other: string): boolean {
  return releaseKey(one) === releaseKey(other)
}
