/** Draws everything that the record knows of a queue together. */
import { UserError } from '../errors.ts'
import type { AttemptSummary, RecordedAttempt } from '../model/attempt.ts'
import type { JobContext } from '../model/job.ts'
import type { Burden } from '../model/life.ts'
import { compareReleases } from '../model/version.ts'
import { readPatch } from '../patch/read/read-patch.ts'
import { burdenOf } from '../queue/burden.ts'
import { loadNewestAccount } from '../record/accounts.ts'
import { listSummaries, loadOutcomes, loadPatch } from '../record/attempts.ts'
import { loadNewestAudit } from '../record/audits.ts'
import type { Connection } from '../record/database.ts'
import { loadEfforts } from '../record/effort.ts'
import { loadAttempt } from '../record/load-attempt.ts'
import { loadPastTrials } from '../record/past-trials.ts'
import { calledAt } from '../record/queue-names.ts'
import { forecast, hardshipsOf, toHardship } from '../trend/forecast.ts'
import { type Overview, overviewOf } from '../trend/overview.ts'
import { stepsOf } from '../trend/steps.ts'
import { storyOf } from '../trend/story.ts'
import { lifeOf } from '../workspace/queue-life.ts'
import { type AttemptPlace, attemptsOf, chooseAttempt } from '../workspace/queue-place.ts'
import { withRecord } from '../workspace/record.ts'
import { addressOfCommits } from '../workspace/upstream-address.ts'

/** Which attempt is reported, and which branches of the history. */
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
    const efforts = loadEfforts(database, queue?.places ?? null)
    if (!found && !hasAttempt && efforts.length === 0)
      throw new UserError(
        'there is nothing to report yet',
        'try the queue first, or import its history: "rebaseline try --help", "rebaseline history import --help"',
      )
    const id = hasAttempt ? await chooseAttempt(database, request, context) : null
    const ids = attempts.map((one) => one.id)
    const summaries = listSummaries(database, id === null ? [] : [...new Set([...ids, id])])
    const own = summaries.find((one) => one.id === id)
    const comparable = comparableWith(summaries, own).flatMap((one) => loadAttempt(database, one.id) ?? [])
    const latest = comparable.find((one) => one.id === id) ?? null
    const steps = stepsOf(efforts)
    const trials = loadPastTrials(database, queue?.places ?? [])
    const place = queue?.place ?? latest?.queue.source ?? found?.life.queue ?? found?.life.repository
    const name = place === undefined ? 'a patch queue' : (queue?.name ?? calledAt(database, place))
    return overviewOf({
      ...{ queue: name, trials, steps, latest, attempts: comparable },
      story: found && storyOf(found.life, found.branches),
      outcomes: loadOutcomes(database, ids),
      forecast: own ? forecast(steps, hardshipsOf(summaries, trials), toHardship(own)) : null,
      kinds: latest ? kindsOf(database, latest) : [],
      account: loadNewestAccount(database, queue?.places ?? []),
      audit: latest && loadNewestAudit(database, alikeWith(summaries, own).map(numberOf), latest.target.ref),
      commitAddress: latest && (await addressOfCommits(latest.upstream, context)),
    })
  })
}

/**
 * The newest attempt on each target with the queue and the base of the one that is meant, and that
 * one itself; in the order of their versions.
 */
function comparableWith(summaries: readonly AttemptSummary[], own: AttemptSummary | undefined): AttemptSummary[] {
  const byTarget = new Map(alikeWith(summaries, own).map((one) => [one.target.commit, one]))
  if (own) byTarget.set(own.target.commit, own)
  return [...byTarget.values()].sort((one, other) => {
    return compareReleases(one.target.ref, other.target.ref) || one.id - other.id
  })
}

/** All attempts of the same queue and base. */
function alikeWith(summaries: readonly AttemptSummary[], own: AttemptSummary | undefined): AttemptSummary[] {
  return summaries.filter((one) => one.revision === own?.revision && one.base.commit === own.base.commit)
}

function numberOf({ id }: AttemptSummary): number {
  return id
}

/** What kind of burden each patch of an attempt is, as its own header and section say. */
function kindsOf(database: Connection, { results }: RecordedAttempt): Burden[] {
  return results.map(({ patch }) => {
    const { header } = readPatch(patch, patch.position, loadPatch(database, patch.digest))
    return burdenOf(patch.section, header)
  })
}
