/** Draws everything that the record knows of a queue together. */
import { UserError } from '../errors.ts'
import type { AttemptSummary } from '../model/attempt.ts'
import type { JobContext } from '../model/job.ts'
import { compareReleases } from '../model/version.ts'
import { loadNewestAccount } from '../record/accounts.ts'
import { listSummaries } from '../record/attempts.ts'
import { loadEfforts } from '../record/effort.ts'
import { loadAttempt } from '../record/load-attempt.ts'
import { type Overview, overviewOf } from '../trend/overview.ts'
import { stepsOf } from '../trend/steps.ts'
import { storyOf } from '../trend/story.ts'
import { lifeOf } from '../workspace/queue-life.ts'
import { type AttemptPlace, attemptsOf, chooseAttempt } from '../workspace/queue-place.ts'
import { withRecord } from '../workspace/record.ts'

export interface ReportRequest extends AttemptPlace {
  /** Names or globs; none: HEAD's. */
  branches: readonly string[]
}

/** @throws UserError where there is nothing to report. */
export function makeOverview(request: ReportRequest, context: JobContext): Promise<Overview> {
  return withRecord(request, 'read', context, async (database) => {
    const { queue, attempts } = await attemptsOf(database, request, context)
    const found = lifeOf(database, queue, request.branches)
    const hasAttempt = request.attempt !== undefined || attempts.length > 0
    const efforts = loadEfforts(database, queue)
    if (!found && !hasAttempt && efforts.length === 0)
      throw new UserError('there is nothing to report yet', 'run "rebaseline try" or "rebaseline history import" first')
    const story = found && storyOf(found.life, found.branches)
    const id = hasAttempt ? await chooseAttempt(database, request, context) : null
    const ids = attempts.map((one) => one.id)
    const summaries = listSummaries(database, id === null ? [] : [...new Set([...ids, id])])
    const comparable = comparableWith(summaries, id).flatMap((one) => loadAttempt(database, one.id) ?? [])
    const latest = comparable.find((one) => one.id === id) ?? null
    const account = queue === null ? null : loadNewestAccount(database, queue)
    return { ...overviewOf(story, stepsOf(efforts), latest, comparable), account }
  })
}

/**
 * The newest attempt on each target with the queue and the base of the one that is meant, and that
 * one itself; in the order of their versions.
 */
function comparableWith(summaries: readonly AttemptSummary[], id: number | null): AttemptSummary[] {
  const own = summaries.find((one) => one.id === id)
  const byTarget = new Map<string, AttemptSummary>()
  for (const one of summaries)
    if (one.revision === own?.revision && one.base.commit === own.base.commit) byTarget.set(one.target.commit, one)
  if (own) byTarget.set(own.target.commit, own)
  return [...byTarget.values()].sort((one, other) => {
    return compareReleases(one.target.ref, other.target.ref) || one.id - other.id
  })
}
