/** The rebases of a queue's life as they can be tried again, and what came of trying them. Pure. */
import type { Listing } from '../model/life.ts'
import type { PastStep, PastTrial } from '../model/past-trial.ts'
import { isOfRelease, releaseKey } from '../model/version.ts'
import { type Lineage, listingAt } from './lineage.ts'
import type { Period } from './shrinkage.ts'
import type { Story } from './story.ts'

/** Releases from which and to which a queue went. */
interface Pair {
  from: string
  to: string
}

/** `tagOf`: what the upstream calls a release; null where it has none like it. */
export function pastSteps(
  periods: readonly Period[],
  pairs: readonly Pair[],
  tagOf: (release: string) => string | null,
): PastStep[] {
  return pairs.flatMap(({ from, to }) => {
    const before = onRelease(periods, from).at(-1)
    const [after] = onRelease(periods, to)
    const [base, target] = [tagOf(before?.base ?? ''), tagOf(after?.first.base ?? '')]
    return before && base !== null && target !== null ? [{ sha: before.revision.sha, base, target }] : []
  })
}

/** The periods of a release itself; else of its line: 4.2.1 is of 4.2. */
function onRelease(periods: readonly Period[], release: string): Period[] {
  const named = periods.filter(({ base }) => base !== null)
  const exact = named.filter(({ name, base }) =>
    [name, base].some((one) => releaseKey(one ?? '') === releaseKey(release)),
  )
  return exact.length > 0 ? exact : named.filter(({ base }) => isOfRelease(base ?? '', release))
}

/** A patch, and the rebases that it was carried to, tried and in conflict. */
export interface HardPatch {
  name: string
  conflicts: number
  tried: number
}

/** A patch at rebases that were tried. */
export interface Ordeal {
  lineage: Lineage
  /** Whether it conflicted at each of them; null: it was not carried. */
  cells: (boolean | null)[]
  /** At how many it conflicted, and at how many it was carried. */
  conflicts: number
  tried: number
}

/** A patch at a rebase that was tried, as the queue listed it then. */
export interface CarriedPatch {
  lineage: Lineage
  listing: Listing
  isConflict: boolean
}

type Told = Pick<Story, 'revisions' | 'lineages'>

/** What was carried to a rebase; nothing where the story does not have its revision. */
export function carriedTo({ revisions, lineages }: Told, { sha, names }: PastTrial): CarriedPatch[] {
  const at = revisions.findIndex((revision) => revision.sha === sha)
  if (at < 0) return []
  const failed = new Set(names)
  const carried = new Set(lineages.changes[at]?.active ?? [])
  return lineages.lineages.flatMap((lineage) => {
    const listing = carried.has(lineage.id) ? listingAt(lineage, at) : null
    return listing ? [{ lineage, listing, isConflict: failed.has(listing.name) }] : []
  })
}

/** What became of each patch at rebases that were tried; those that none of them had are left out. */
export function ordealsOf(story: Told, trials: readonly PastTrial[]): ReadonlyMap<Lineage, Ordeal> {
  const ordeals = new Map<Lineage, Ordeal>()
  for (const [index, trial] of trials.entries())
    for (const { lineage, isConflict } of carriedTo(story, trial)) {
      const ordeal = ordeals.get(lineage) ?? { lineage, cells: trials.map(() => null), conflicts: 0, tried: 0 }
      ordeal.cells[index] = isConflict
      ordeals.set(lineage, { ...ordeal, conflicts: ordeal.conflicts + Number(isConflict), tried: ordeal.tried + 1 })
    }
  return ordeals
}

/** Those that the story has, in the order of its revisions. */
export function trialsIn({ revisions }: Pick<Story, 'revisions'>, trials: readonly PastTrial[]): PastTrial[] {
  const placeOf = new Map(revisions.map(({ sha }, at) => [sha, at]))
  return trials
    .filter(({ sha }) => placeOf.has(sha))
    .sort((one, other) => (placeOf.get(one.sha) ?? 0) - (placeOf.get(other.sha) ?? 0))
}

/**
 * Those that go to a new line of releases: a point release costs next to nothing, and would hide
 * what does. All, where there are none.
 */
export function largeAmong<Item>(items: readonly Item[], isLarge: (item: Item) => boolean): Item[] {
  const large = items.filter(isLarge)
  return large.length > 0 ? large : [...items]
}

/** Of patches that conflicted at more than one rebase that was tried, the worst first. */
export function hardOrdeals(story: Told, trials: readonly PastTrial[]): Ordeal[] {
  const nameOf = ({ lineage }: Ordeal) => lineage.listing.name
  return [...ordealsOf(story, trials).values()]
    .filter(({ conflicts }) => conflicts > 1)
    .sort(
      (one, other) =>
        other.conflicts - one.conflicts || one.tried - other.tried || (nameOf(one) < nameOf(other) ? -1 : 1),
    )
}

/** The same by name. */
export function hardPatches(story: Story, trials: readonly PastTrial[]): HardPatch[] {
  return hardOrdeals(story, trials).map(({ lineage, conflicts, tried }) => {
    return { name: lineage.listing.name, conflicts, tried }
  })
}
