/** The rebases of a queue's life as they can be tried again, and what came of trying them. Pure. */
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

/** What became of each patch at rebases that were tried; those that none of them had are left out. */
export function ordealsOf(
  { revisions, lineages }: Pick<Story, 'revisions' | 'lineages'>,
  trials: readonly PastTrial[],
): ReadonlyMap<Lineage, Ordeal> {
  const ordeals = new Map<Lineage, Ordeal>()
  for (const [index, { sha, names }] of trials.entries()) {
    const at = revisions.findIndex((revision) => revision.sha === sha)
    if (at < 0) continue
    const failed = new Set(names)
    const carried = new Set(lineages.changes[at]?.active ?? [])
    for (const lineage of lineages.lineages) {
      const listing = carried.has(lineage.id) ? listingAt(lineage, at) : null
      if (!listing) continue
      const ordeal = ordeals.get(lineage) ?? { lineage, cells: trials.map(() => null), conflicts: 0, tried: 0 }
      const hasFailed = failed.has(listing.name)
      ordeal.cells[index] = hasFailed
      ordeals.set(lineage, { ...ordeal, conflicts: ordeal.conflicts + Number(hasFailed), tried: ordeal.tried + 1 })
    }
  }
  return ordeals
}

/** Of patches that conflicted at more than one rebase that was tried, the worst first. */
export function hardOrdeals(story: Pick<Story, 'revisions' | 'lineages'>, trials: readonly PastTrial[]): Ordeal[] {
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
