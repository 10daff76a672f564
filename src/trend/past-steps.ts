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

/** Patches that conflicted at more than one rebase that was tried, the worst first. */
export function hardPatches(story: Story, trials: readonly PastTrial[]): HardPatch[] {
  return [...conflictsOf(story, trials).values()]
    .filter(({ conflicts }) => conflicts > 1)
    .sort(
      (one, other) => other.conflicts - one.conflicts || one.tried - other.tried || (one.name < other.name ? -1 : 1),
    )
}

/** How each patch went at the rebases that were tried. */
export function conflictsOf(
  { revisions, lineages }: Story,
  trials: readonly PastTrial[],
): ReadonlyMap<Lineage, HardPatch> {
  const counts = new Map<Lineage, HardPatch>()
  for (const { sha, names } of trials) {
    const at = revisions.findIndex((revision) => revision.sha === sha)
    if (at < 0) continue
    const failed = new Set(names)
    for (const lineage of lineages.lineages) {
      const left = lineage.departures.some(
        (one) => one.at <= at && (one.back === null || one.back > (revisions[at]?.time ?? 0)),
      )
      const listing = left ? null : listingAt(lineage, at)
      if (!listing || listing.disabled) continue
      const known = counts.get(lineage) ?? { name: lineage.listing.name, conflicts: 0, tried: 0 }
      const conflicts = known.conflicts + (failed.has(listing.name) ? 1 : 0)
      counts.set(lineage, { ...known, conflicts, tried: known.tried + 1 })
    }
  }
  return counts
}
