/** Which patches are best sent upstream: those that are in conflict most often. Pure. */
import { elementAt } from '../model/elements.ts'
import type { PlannedPatch, SharedPatch } from '../model/plan.ts'
import type { ConflictRates } from './conflict-rates.ts'

/** A patch that stays in the queue. */
export interface StayingPatch {
  patch: Omit<PlannedPatch, 'saves' | 'days' | 'along' | 'bears'>
  /** Whether upstream could take it. */
  isForUpstream: boolean
  /** Rebases that had it, and those at which it was in conflict. */
  tried: number
  conflicts: number
  /** The earlier patches that it applies behind only, by their places in the list. */
  on: readonly number[]
}

/** The patches for upstream, the best first. `daysPerConflict`: null where no effort tells it. */
export function planOf(
  staying: readonly StayingPatch[],
  rates: ConflictRates,
  daysPerConflict: number | null,
): PlannedPatch[] {
  const nameOf = (at: number) => elementAt(staying, at).patch.name
  const planned = staying.flatMap(({ patch, isForUpstream, tried, conflicts }, at): PlannedPatch[] => {
    if (!isForUpstream) return []
    const saves = rates.of({ hunks: patch.hunks, tried, conflicts })
    const days = saves === null || daysPerConflict === null ? null : saves.rate * daysPerConflict
    const bears = staying.flatMap(({ on, patch: { name } }) => (on.includes(at) ? [name] : []))
    return [{ ...patch, saves, days, along: alongWith(staying, at).map(nameOf), bears }]
  })
  return bestFirst(planned, ({ saves }) => saves?.rate ?? 0)
}

/** The plans of many queues as one: what several of them carry counts for each of them. */
export function planTogether(plans: readonly (readonly PlannedPatch[])[]): SharedPatch[] {
  const carriers = new Map<string, PlannedPatch[]>()
  for (const patch of plans.flat()) {
    const known = carriers.get(patch.digest) ?? []
    if (known.every(({ queue }) => queue !== patch.queue)) carriers.set(patch.digest, [...known, patch])
  }
  const shared = [...carriers.values()].map((own): SharedPatch => {
    const ordered = bestFirst(own, ({ saves }) => saves?.rate ?? 0)
    const alsoIn = ordered.slice(1).map(({ queue }) => queue)
    return { ...elementAt(ordered, 0), alsoIn, savesInAll: savedBy(own) }
  })
  return bestFirst(shared, ({ savesInAll }) => savesInAll ?? 0)
}

/** Null where nothing is known of any. */
function savedBy(patches: readonly PlannedPatch[]): number | null {
  const known = patches.flatMap(({ saves }) => saves?.rate ?? [])
  return known.length === 0 ? null : known.reduce((sum, rate) => sum + rate, 0)
}

/** What orders patches of which the same is known. */
type Alone = Pick<PlannedPatch, 'along' | 'hunks'>

/** Those that save the most first; of the same, or of nothing known, those that stand alone, and then the longest. */
function bestFirst<Item extends Alone>(patches: readonly Item[], savingOf: (patch: Item) => number): Item[] {
  return [...patches].sort(
    (one, other) => savingOf(other) - savingOf(one) || one.along.length - other.along.length || other.hunks - one.hunks,
  )
}

/** What must be sent with a patch: all that it stands on, in their order. */
function alongWith(patches: readonly Pick<StayingPatch, 'on'>[], at: number): number[] {
  const found = new Set<number>()
  const add = (place: number): void => {
    for (const one of elementAt(patches, place).on)
      if (!found.has(one)) {
        found.add(one)
        add(one)
      }
  }
  add(at)
  return [...found].sort((one, other) => one - other)
}
