/** What the history of a queue tells of its patches at past rebases. */
import type { RecordedAttempt } from '../../model/attempt.ts'
import type { PatchAge } from '../../model/audit.ts'
import type { JobContext } from '../../model/job.ts'
import type { PlanCheck } from '../../model/plan.ts'
import { isNewLine } from '../../model/version.ts'
import type { Connection } from '../../record/database.ts'
import { loadPastTrials } from '../../record/past-trials.ts'
import { placesOf } from '../../record/queue-names.ts'
import type { Carry } from '../../trend/conflict-rates.ts'
import { carriedFor } from '../../trend/lineage.ts'
import { largeAmong, trialsIn } from '../../trend/past-steps.ts'
import { patchPasts, revisionTried } from '../../trend/patch-past.ts'
import { carriesOf, planChecks } from '../../trend/plan-checks.ts'
import { storyOf } from '../../trend/story.ts'
import { ownLifeOf } from '../../workspace/queue-life.ts'

export interface KnownPast {
  /** Rebases to new lines of releases that were tried again, before the one at hand. */
  rebases: number
  /** By the name of a patch; null for one that the history does not have. */
  of: (name: string) => { tried: number; conflicts: number; age: Pick<PatchAge, 'days' | 'isAtLeast'> } | null
  carried: Carry[]
  checks: PlanCheck[]
}

const NOTHING: KnownPast = { rebases: 0, of: () => null, carried: [], checks: [] }
const SECONDS_IN_DAY = 86_400

export function pastOf({ queue }: RecordedAttempt, database: Connection, { now }: JobContext): KnownPast {
  const found = ownLifeOf(database, queue.source)
  if (!found) return NOTHING
  const story = storyOf(found.life, found.branches)
  const at = revisionTried(story, queue.revision) ?? story.revisions.length - 1
  const before = new Set(story.revisions.slice(0, at).map(({ sha }) => sha))
  const known = trialsIn(story, loadPastTrials(database, placesOf(database, found.life.queue ?? queue.source)))
  const trials = largeAmong(
    known.filter(({ sha }) => before.has(sha)),
    ({ base, target }) => isNewLine(base, target),
  )
  const pasts = patchPasts(story, at, trials)
  return {
    rebases: trials.length,
    of: (name) => {
      const past = pasts.get(name)
      if (!past) return null
      const { tried, conflicts, lineage, isLeast } = past
      const days = Math.floor(carriedFor(lineage, now() / 1000) / SECONDS_IN_DAY)
      return { tried, conflicts, age: { days, isAtLeast: isLeast } }
    },
    carried: carriesOf(story, trials),
    checks: planChecks(story, trials),
  }
}
