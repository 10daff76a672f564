/** How old the patches are that a queue carries now, and what they cost at past rebases. Pure. */
import type { PatchAge } from '../model/audit.ts'
import type { PastTrial } from '../model/past-trial.ts'
import { carriedFor } from './lineage.ts'
import { ordealsOf } from './past-steps.ts'
import type { Story } from './story.ts'

const SECONDS_IN_DAY = 86_400

/** By the names that the newest revision lists. `now`: seconds since 1970. */
export function agesIn(story: Story, trials: readonly PastTrial[], now: number): Map<string, PatchAge> {
  const { lineages, changes } = story.lineages
  const first = new Set(changes[0]?.came)
  const ordeals = ordealsOf(story, trials)
  const carried = lineages.filter(({ left }) => left === null)
  return new Map(
    carried.map((lineage): [string, PatchAge] => {
      const age = {
        days: Math.floor(carriedFor(lineage, now) / SECONDS_IN_DAY),
        isAtLeast: first.has(lineage.id),
        refreshes: lineage.versions.length - 1,
        conflicts: ordeals.get(lineage)?.conflicts ?? 0,
      }
      return [lineage.listing.name, age]
    }),
  )
}
