/** Draws everything that the record knows of a queue together. */
import { sep } from 'node:path'
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
import { forecast, hardshipsOf, toHardship } from '../trend/forecast.ts'
import { type Overview, overviewOf, queueName } from '../trend/overview.ts'
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
    const efforts = loadEfforts(database, queue)
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
    const trials = queue === null ? [] : loadPastTrials(database, queue)
    const name = nameOf(queue ?? latest?.queue.source ?? null, found?.life.repository ?? null)
    return overviewOf({
      ...{ queue: name, trials, steps, latest, attempts: comparable },
      story: found && storyOf(found.life, found.branches),
      outcomes: loadOutcomes(database, ids),
      forecast: own ? forecast(steps, hardshipsOf(summaries, trials), toHardship(own)) : null,
      kinds: latest ? kindsOf(database, latest) : [],
      account: queue === null ? null : loadNewestAccount(database, queue),
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

/** Directories and files that hold a queue, whatever it is called. */
const PLACES = /(?:\/(?:debian|patches|master|SOURCES|SPECS|series(?:\.conf)?))+$/

/**
 * What a queue is called: after the repository that it is in, else after where it is: "xen" of
 * /src/xen/debian/patches.
 */
function nameOf(source: string | null, repository: string | null): string {
  const isInside = source === null || source === repository || source.startsWith(`${repository}${sep}`)
  if (repository !== null && isInside) return queueName({ repository })
  const [place = ''] = (source ?? '').split('#')
  return queueName({ repository: place.replace(PLACES, '').replace(/\.(?:spec|dsc|bb)$/, '') }) || 'a patch queue'
}

/** What kind of burden each patch of an attempt is, as its own header and section say. */
function kindsOf(database: Connection, { results }: RecordedAttempt): Burden[] {
  return results.map(({ patch }) => {
    const { header } = readPatch(patch, patch.position, loadPatch(database, patch.digest))
    return burdenOf(patch.section, header)
  })
}
