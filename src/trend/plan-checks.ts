/** How well a plan would have named what came to be in conflict, at the rebases of the past. Pure. */
import { elementAt } from '../model/elements.ts'
import type { Listing } from '../model/life.ts'
import type { PastTrial } from '../model/past-trial.ts'
import type { PlanCheck } from '../model/plan.ts'
import { type Carry, ConflictRates } from './conflict-rates.ts'
import { type CarriedPatch, carriedTo, ordealsOf } from './past-steps.ts'
import type { Story } from './story.ts'

/** So many patches of each order are looked at, of more than so many. */
const FIRST = 20

/** `trials`: in the order of the story. Each is foretold from those before it. */
export function planChecks(story: Story, trials: readonly PastTrial[]): PlanCheck[] {
  return trials.flatMap((trial, at): PlanCheck[] => {
    const carried = forUpstream(story, trial)
    if (at === 0 || carried.length <= FIRST) return []
    const earlier = trials.slice(0, at)
    const inConflict = (measure: (one: CarriedPatch) => number) =>
      inOrder(carried, measure, ({ listing }) => hunksIn(story, listing))
        .slice(0, FIRST)
        .filter(({ isConflict }) => isConflict).length
    return [
      {
        ...{ base: trial.base, target: trial.target, patches: carried.length, first: FIRST },
        conflicts: carried.filter(({ isConflict }) => isConflict).length,
        planned: inConflict(savingOf(story, earlier)),
        longest: inConflict(({ listing }) => linesIn(story, listing)),
        oldest: inConflict(({ lineage }) => -elementAt(lineage.versions, 0).time),
      },
    ]
  })
}

/** What was carried to a rebase that upstream did not have yet, as far as the series tells it. */
function forUpstream(story: Story, trial: PastTrial): CarriedPatch[] {
  return carriedTo(story, trial).filter(({ listing }) => listing.kind !== 'backport')
}

/** What the rates of a queue rest on. */
export function carriesOf(story: Story, trials: readonly PastTrial[]): Carry[] {
  return trials.flatMap((trial) =>
    forUpstream(story, trial).map(({ listing, isConflict }) => {
      return { hunks: hunksIn(story, listing), isConflict }
    }),
  )
}

/** What a plan made from earlier rebases says of a patch. */
function savingOf(story: Story, earlier: readonly PastTrial[]): (one: CarriedPatch) => number {
  const rates = new ConflictRates(carriesOf(story, earlier))
  const ordeals = ordealsOf(story, earlier)
  return ({ lineage, listing }) => {
    const { tried = 0, conflicts = 0 } = ordeals.get(lineage) ?? {}
    return rates.of({ hunks: hunksIn(story, listing), tried, conflicts })?.rate ?? 0
  }
}

/** The greatest first; of the same, the longest. */
function inOrder(
  carried: readonly CarriedPatch[],
  measure: (one: CarriedPatch) => number,
  hunksOf: (one: CarriedPatch) => number,
) {
  return [...carried].sort((one, other) => measure(other) - measure(one) || hunksOf(other) - hunksOf(one))
}

/** A listed file that is missing has none; it is one place to mend. */
function hunksIn({ life }: Story, { digest }: Listing): number {
  return life.facts.get(digest ?? '')?.hunks ?? 1
}

function linesIn({ life }: Story, { digest }: Listing): number {
  const { added = 0, removed = 0 } = life.facts.get(digest ?? '') ?? {}
  return added + removed
}
