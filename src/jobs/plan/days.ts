/** How long a conflict takes whoever mends it, from what past rebases took. */
import type { RecordedAttempt } from '../../model/attempt.ts'
import type { QueuePlan } from '../../model/plan.ts'
import { listAttempts, listSummaries } from '../../record/attempts.ts'
import type { Connection } from '../../record/database.ts'
import { loadEfforts } from '../../record/effort.ts'
import { loadPastTrials } from '../../record/past-trials.ts'
import { placesOf } from '../../record/queue-names.ts'
import { forecast, hardshipsOf } from '../../trend/forecast.ts'
import { stepsOf } from '../../trend/steps.ts'

/** Null where fewer than two rebases tell it. */
export function daysPerConflict(
  { queue: { source }, base, target }: Pick<RecordedAttempt, 'queue' | 'base' | 'target'>,
  database: Connection,
): QueuePlan['daysPerConflict'] {
  const places = placesOf(database, source)
  const steps = stepsOf(loadEfforts(database, places))
  if (steps.length === 0) return null
  const own = listAttempts(database).filter((one) => places.includes(one.source))
  const summaries = listSummaries(
    database,
    own.map(({ id }) => id),
  )
  const hardships = hardshipsOf(summaries, loadPastTrials(database, places))
  return forecast(steps, hardships, { base: base.ref, target: target.ref, conflicts: 1 }).range
}
