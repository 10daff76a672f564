/** What rebases took: logged, listed, and forecast for the next. */
import { existsSync } from 'node:fs'
import { UsageError, UserError } from '../errors.ts'
import type { AttemptSummary } from '../model/attempt.ts'
import { daysOf } from '../model/duration.ts'
import type { Effort } from '../model/effort.ts'
import type { JobContext } from '../model/job.ts'
import { type QueueRevision, revisionsOf } from '../model/life.ts'
import type { PastStep } from '../model/past-trial.ts'
import type { QueueIdentity } from '../model/queue-name.ts'
import { compareReleases, isOfRelease, toVersion } from '../model/version.ts'
import { listSummaries } from '../record/attempts.ts'
import type { Connection } from '../record/database.ts'
import { loadEfforts, saveEffort } from '../record/effort.ts'
import { loadPastTrials } from '../record/past-trials.ts'
import { type Forecast, forecast, type Hardship, hardshipsOf, NO_ATTEMPT, toHardship } from '../trend/forecast.ts'
import { pastSteps } from '../trend/past-steps.ts'
import { type RebaseCommits, rebaseCommits } from '../trend/rebase-commits.ts'
import { periodsOf } from '../trend/shrinkage.ts'
import { type Step, stepsOf } from '../trend/steps.ts'
import { storyOf } from '../trend/story.ts'
import { listTags } from '../upstream/releases.ts'
import { settleName } from '../workspace/queue-identity.ts'
import { lifeOf, noLife } from '../workspace/queue-life.ts'
import { type AttemptPlace, attemptsOf, chooseAttempt, queueOf } from '../workspace/queue-place.ts'
import { type Place, withRecord } from '../workspace/record.ts'
import { isAtHand, withScratch } from '../workspace/scratch.ts'

export function listEfforts(place: Place, context: JobContext): Promise<Effort[]> {
  return withRecord(place, 'read', context, async (database) =>
    loadEfforts(database, (await queueOf(place, database, context))?.places ?? null),
  )
}

/** `typed`: null where the time is to be estimated from the queue's imported commits. */
export type NewEffort = Pick<Effort, 'from' | 'to' | 'hands' | 'note' | 'typed'>

/** What was logged. */
export interface LoggedEffort {
  /** All entries of the queue, oldest first. */
  efforts: Effort[]
  /** The commits that an estimate counts; none where a person gave the time. */
  counted: QueueRevision[]
  /** What the upstream calls the two releases; none where no upstream is at hand. */
  taken: TakenRelease[]
}

/** A release as a person names it, and the upstream's first and last tag of it. */
export interface TakenRelease {
  release: string
  tags: string[]
}

/** @throws UserError where the two are no step forwards, or no releases, or nothing can be estimated. */
export function logEffort(entry: NewEffort, place: Place, context: JobContext): Promise<LoggedEffort> {
  const { from, to, typed } = entry
  if (compareReleases(from, to) === 0) throw new UsageError(`from ${from} to ${to} is no step`, 'name two releases')
  if (compareReleases(from, to) > 0 && toVersion(from) && toVersion(to))
    throw new UsageError(`from ${from} to ${to} goes backwards`, `was --from ${to} --to ${from} meant?`)
  return withRecord(place, 'write', context, async (database) => {
    const { queue: found, attempts } = await attemptsOf(database, place, context)
    const queue = found && (await settleName(found.place, database, context))
    const ids = attempts.map(({ id }) => id)
    const taken = await tagsOf([from, to], listSummaries(database, ids), context)
    const estimated = typed === null ? estimate(database, queue, entry) : null
    const days = estimated?.days ?? daysOf(typed ?? '')
    if (days === null) throw new UsageError(`"${typed}" is no duration`, 'write "3 days"')
    const at = new Date(context.now()).toISOString()
    await saveEffort(database, queue?.place ?? null, { ...entry, days, source: estimated ? 'commits' : 'person', at })
    return { efforts: loadEfforts(database, queue?.places ?? null), counted: estimated?.commits ?? [], taken }
  })
}

/**
 * What the upstream of the attempts calls each release: its tag, or its first and last. None where
 * no upstream is at hand. @throws UserError where it has no such release.
 */
async function tagsOf(
  releases: readonly string[],
  attempts: readonly AttemptSummary[],
  context: JobContext,
): Promise<TakenRelease[]> {
  const upstream = attempts.at(-1)?.upstream
  if (upstream === undefined || !isAtHand(upstream)) return []
  const tags = await withScratch({ upstream }, context, listTags)
  if (tags.length === 0) return []
  return releases.map((release) => {
    const named = tags.filter(({ name }) => name === release)
    const found = named.length > 0 ? named : tags.filter(({ name }) => isOfRelease(name, release))
    const [first, last] = [found[0], found.at(-1)]
    if (first && last) return { release, tags: [...new Set([first.name, last.name])] }
    throw new UserError(`the upstream has no release ${release}`, `name one of its tags, such as ${tags.at(-1)?.name}`)
  })
}

/** From the branch of the queue's history that has both releases. */
function estimate(database: Connection, queue: QueueIdentity | null, { from, to }: NewEffort): RebaseCommits {
  const found = lifeOf(database, queue, [])
  if (!found) throw noLife(database)
  for (const branch of found.life.branches.keys()) {
    const commits = rebaseCommits(revisionsOf(found.life, branch), from, to)
    if (commits) return commits
  }
  throw new UserError(
    `no branch of the queue's history sits on ${from} and then on ${to}`,
    'name releases as "rebaseline history" lists them',
  )
}

/** What the next rebase will take. */
export interface ForecastFor {
  next: Hardship & { id: number }
  found: Forecast
  /** What can be tried of the past to rest on more; null where nothing can. */
  untried: UntriedPast | null
}

/** Logged steps that nobody tried, and the revisions of the queue's history that were before them. */
export interface UntriedPast {
  repository: string
  queue: string
  upstream: string
  steps: PastStep[]
}

export function forecastEffort(place: AttemptPlace, context: JobContext): Promise<ForecastFor> {
  return withRecord(place, 'read', context, async (database) => {
    const id = await chooseAttempt(database, place, context)
    const [own] = listSummaries(database, [id])
    if (!own) throw new Error('an attempt that is listed is not there')
    const { queue, attempts } = await attemptsOf(database, place, context)
    const summaries = listSummaries(
      database,
      attempts.map((one) => one.id),
    )
    const next = { id, ...toHardship(own) }
    const steps = stepsOf(loadEfforts(database, queue?.places ?? null))
    const past = loadPastTrials(database, queue?.places ?? [])
    const found = forecast(steps, hardshipsOf(summaries, past), next)
    const missing = found.leftOut.flatMap(({ step, because }) => (because === NO_ATTEMPT ? [step] : []))
    return { next, found, untried: await untriedPast(database, { queue, upstream: own.upstream }, missing, context) }
  })
}

/** The revisions before logged rebases, where the queue's history and the upstream are at hand. */
async function untriedPast(
  database: Connection,
  { queue, upstream }: { queue: QueueIdentity | null; upstream: string },
  missing: readonly Step[],
  context: JobContext,
): Promise<UntriedPast | null> {
  const found = queue === null || missing.length === 0 ? null : lifeOf(database, queue, [])
  if (!found || queue === null || !isAtHand(upstream) || !existsSync(found.life.repository)) return null
  const story = storyOf(found.life, found.branches)
  const periods = periodsOf(story.revisions, found.life.facts, story.lineages, story.settled)
  const tags = await withScratch({ upstream }, context, listTags)
  const tagOf = (release: string) => tags.find(({ name }) => compareReleases(name, release) === 0)?.name ?? null
  const steps = pastSteps(periods, missing, tagOf)
  return steps.length === 0
    ? null
    : { repository: found.life.repository, queue: found.life.queue ?? queue.place, upstream, steps }
}
