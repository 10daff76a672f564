/** What rebases took: logged, listed, and forecast for the next. */
import { UserError } from '../errors.ts'
import type { AttemptSummary } from '../model/attempt.ts'
import { type Effort, isOfRelease } from '../model/effort.ts'
import type { JobContext } from '../model/job.ts'
import { type QueueRevision, revisionsOf } from '../model/life.ts'
import { listSummaries } from '../record/attempts.ts'
import type { Connection } from '../record/database.ts'
import { loadEfforts, saveEffort } from '../record/effort.ts'
import { activeDays } from '../trend/active-days.ts'
import { type Forecast, forecast, type Hardship, withoutAttempt } from '../trend/forecast.ts'
import { lifeOf, noLife } from '../workspace/queue-life.ts'
import { attemptsOf, chooseAttempt, queueOf } from '../workspace/queue-place.ts'
import { type Place, withRecord } from '../workspace/record.ts'

export function listEfforts(place: Place, context: JobContext): Promise<Effort[]> {
  return withRecord(place, 'read', context, async (database) => loadEfforts(database, await queueOf(place, context)))
}

/** `days`: null where they are to be estimated from the times of the queue's imported commits. */
export type NewEffort = Pick<Effort, 'from' | 'to' | 'hands' | 'note'> & { days: number | null }

/** Returns all entries of the queue that count then. */
export function logEffort({ days, ...entry }: NewEffort, place: Place, context: JobContext): Promise<Effort[]> {
  return withRecord(place, 'write', context, async (database) => {
    const queue = await queueOf(place, context)
    const taken = days ?? estimate(database, queue, entry)
    const at = new Date(context.now()).toISOString()
    await saveEffort(database, queue, { ...entry, days: taken, source: days === null ? 'commits' : 'person', at })
    return loadEfforts(database, queue)
  })
}

/** From the branch of the queue's history that has both releases. */
function estimate(database: Connection, queue: string | null, { from, to }: Pick<Effort, 'from' | 'to'>): number {
  const found = lifeOf(database, queue, undefined)
  if (!found) throw noLife(database)
  const has = (revisions: readonly QueueRevision[], release: string) =>
    revisions.some(({ base }) => base !== null && isOfRelease(base, release))
  for (const branch of found.life.branches.keys()) {
    const revisions = revisionsOf(found.life, branch)
    if (has(revisions, from) && has(revisions, to)) return activeDays(revisions, from, to)
  }
  throw new UserError(
    `no branch of the queue's history sits on ${from} and then on ${to}`,
    'name releases as "rebaseline history" lists them',
  )
}

/** What the next rebase will take. */
export interface ForecastFor {
  next: Hardship & { id: number }
  found: Forecast | null
  /** Efforts of which no attempt is recorded. */
  alone: Effort[]
}

export function forecastEffort(place: Place & { attempt?: string }, context: JobContext): Promise<ForecastFor> {
  return withRecord(place, 'read', context, async (database) => {
    const id = await chooseAttempt(database, place, context)
    const [own] = listSummaries(database, [id])
    const { queue, attempts } = await attemptsOf(database, place, context)
    const ids = attempts.map((one) => one.id)
    const hardships = listSummaries(database, [...new Set([...ids, id])]).map(toHardship)
    if (!own) throw new Error('an attempt that is listed is not there')
    const efforts = loadEfforts(database, queue)
    const next = toHardship(own)
    return { next, found: forecast(efforts, hardships, next), alone: withoutAttempt(efforts, hardships) }
  })
}

function toHardship({ id, base, target, summary }: AttemptSummary): Hardship & { id: number } {
  return { id, base: base.ref, target: target.ref, conflicts: summary.conflicting + summary.invalid }
}
