/** The life of a queue, told release by release. */
import { UsageError, UserError } from '../../errors.ts'
import type { AccountSummary } from '../../model/account.ts'
import type { JobContext } from '../../model/job.ts'
import type { QueueRevision } from '../../model/life.ts'
import type { PastStep, PastTrial } from '../../model/past-trial.ts'
import type { Patch } from '../../model/patch.ts'
import { compareReleases, releaseKey } from '../../model/version.ts'
import { interdiff } from '../../patch/compare/interdiff.ts'
import { bareListing, readPatch } from '../../patch/read/read-patch.ts'
import { listAccounts } from '../../record/accounts.ts'
import { listSummaries, loadOutcomes, loadPatch } from '../../record/attempts.ts'
import type { Connection } from '../../record/database.ts'
import { loadPastTrials } from '../../record/past-trials.ts'
import { calledAt, placesOf } from '../../record/queue-names.ts'
import type { Outcomes } from '../../trend/departures.ts'
import type { Lineage } from '../../trend/lineage.ts'
import { type HardPatch, hardPatches, pastSteps } from '../../trend/past-steps.ts'
import { type Rebase, rebasesIn } from '../../trend/rebases.ts'
import { type Flow, flowBetween, type Period, periodsOf } from '../../trend/shrinkage.ts'
import { type Story, storyOf } from '../../trend/story.ts'
import { listTags } from '../../upstream/releases.ts'
import { lifeOf, noLife } from '../../workspace/queue-life.ts'
import { attemptsOf, queueOf } from '../../workspace/queue-place.ts'
import { type Place, withRecord } from '../../workspace/record.ts'
import { isAtHand, withScratch } from '../../workspace/scratch.ts'

/** What is asked about a queue's past. */
export interface LifeRequest extends Place {
  /** Branches of the queue, names or globs; none: HEAD's. */
  branches: readonly string[]
}

/** The life of a queue, and what attempts found of its patches. */
interface ToldStory {
  /** What the queue is called. */
  called: string
  story: Story
  outcomes: Outcomes
}

function withStory<Result>(
  request: LifeRequest,
  context: JobContext,
  use: (told: ToldStory, database: Connection) => Result | Promise<Result>,
): Promise<Result> {
  return withRecord(request, 'read', context, async (database) => {
    const queue = await queueOf(request, database, context)
    const found = lifeOf(database, queue, request.branches)
    if (!found) throw noLife(database)
    const { attempts } = await attemptsOf(database, request, context)
    const outcomes = loadOutcomes(
      database,
      attempts.map(({ id }) => id),
    )
    const called = queue?.name ?? calledAt(database, found.life.queue ?? found.life.repository)
    return use({ called, story: storyOf(found.life, found.branches), outcomes }, database)
  })
}

/** The queue, release by release. */
export interface ToldPeriods extends ToldStory {
  periods: Period[]
  rebases: Rebase[]
  /** The rebases of the queue that were checked, oldest first. */
  checks: AccountSummary[]
  /** What trying the queue of that day found of its rebases, and which patches conflicted again and again. */
  trials: PastTrial[]
  hard: HardPatch[]
}

/** Rebases of the queue's history that can be tried, and on which upstream. */
export interface UntriedRebases {
  repository: string
  queue: string
  upstream: string
  steps: PastStep[]
}

/** @throws UserError where no upstream is known to try them on. */
export function untriedRebases(request: LifeRequest, context: JobContext): Promise<UntriedRebases | null> {
  return withStory(request, context, async ({ story, outcomes }, database) => {
    const { queue, repository } = story.life
    const { attempts } = await attemptsOf(database, request, context)
    const [newest] = listSummaries(
      database,
      attempts.slice(-1).map(({ id }) => id),
    )
    if (queue === null || !newest || !isAtHand(newest.upstream))
      throw new UserError(
        'no upstream is known to try its rebases on',
        'try the queue first: "rebaseline try --help" says how',
      )
    const tags = await withScratch({ upstream: newest.upstream }, context, listTags)
    const tagOf = (release: string) => tags.find(({ name }) => compareReleases(name, release) === 0)?.name ?? null
    const periods = periodsIn(story)
    const known = new Set(loadPastTrials(database, placesOf(database, queue)).map(keyOfStep))
    const steps = pastSteps(periods, rebasesIn(story, periods, outcomes), tagOf).filter(
      (step) => !known.has(keyOfStep(step)),
    )
    return steps.length === 0 ? null : { repository, queue, upstream: newest.upstream, steps }
  })
}

function keyOfStep({ sha, base, target }: PastStep): string {
  return `${sha} ${base} ${target}`
}

export function tellPeriods(request: LifeRequest, context: JobContext): Promise<ToldPeriods> {
  return withStory(request, context, ({ story, ...rest }, database) => {
    const { outcomes } = rest
    const periods = periodsIn(story)
    const { queue } = story.life
    const places = queue === null ? [] : placesOf(database, queue)
    const checks = listAccounts(database, places)
    const known = loadPastTrials(database, places)
    const trials = known.sort((one, other) => compareReleases(one.target, other.target))
    const told = { rebases: rebasesIn(story, periods, outcomes), checks, trials, hard: hardPatches(story, trials) }
    return { story, ...rest, periods, ...told }
  })
}

function periodsIn({ life, revisions, lineages, settled }: Story): Period[] {
  return periodsOf(revisions, life.facts, lineages, settled)
}

/** What stayed, left and came in between two revisions. */
export interface ToldFlow extends ToldStory {
  flow: Flow
  /** The rebase that lies in between; null where it is none, or several. */
  rebase: Rebase | null
}

/** `from`, `to`: a release of the table, or a commit of the queue. */
export function tellFlow(from: string, to: string, request: LifeRequest, context: JobContext): Promise<ToldFlow> {
  return withStory(request, context, (told) => {
    const { revisions, lineages } = told.story
    const periods = periodsIn(told.story)
    const [first, last] = [from, to].map((wanted) => indexOfRevision(wanted, periods, revisions))
    if (first === undefined || last === undefined || first >= last)
      throw new UsageError(`${from} does not come before ${to}`, 'name the earlier one first')
    const isBetween = ({ sha }: Rebase) => {
      const at = revisions.findIndex((one) => one.sha === sha)
      return first < at && at <= last
    }
    const [rebase = null, ...others] = rebasesIn(told.story, periods, told.outcomes).filter(isBetween)
    return { ...told, flow: flowBetween(lineages, first, last), rebase: others.length === 0 ? rebase : null }
  })
}

function indexOfRevision(wanted: string, periods: readonly Period[], revisions: readonly QueueRevision[]): number {
  const period = periods.findLast(
    ({ name, base }) => [name, base].includes(wanted) || releaseKey(name) === releaseKey(wanted),
  )
  const sha = period?.revision.sha ?? wanted
  const at = revisions.findIndex((one) => /^[0-9a-f]{4,}$/.test(sha) && one.sha.startsWith(sha))
  if (at >= 0) return at
  throw new UserError(`this branch has no revision "${wanted}"`, 'name a release of "rebaseline history", or a commit')
}

/** One patch through the years. */
export interface ToldPatch extends ToldStory {
  lineage: Lineage
  /** What changed between two of its versions, as lines. */
  change: string[]
}

/** `versions`: "a..b", their numbers from 1; by default the last two. */
export function tellPatch(
  name: string,
  { versions, ...request }: LifeRequest & { versions?: string },
  context: JobContext,
): Promise<ToldPatch> {
  return withStory(request, context, (told, database) => {
    const lineage = findLineage(told.story.lineages.lineages, name)
    return { ...told, lineage, change: changeBetween(database, lineage, versions) }
  })
}

function findLineage(lineages: readonly Lineage[], name: string): Lineage {
  const fits = (test: (own: string) => boolean) =>
    lineages.filter(({ versions }) => versions.some((one) => test(one.name)))
  const exact = fits((own) => own === name)
  const found = exact.length > 0 ? exact : fits((own) => own.includes(name))
  const [lineage] = found
  if (!lineage)
    throw new UserError(`no patch was ever called "${name}" on this branch`, 'try part of the name, or --branch')
  if (found.length === 1 || exact.length > 0) return found.at(-1) ?? lineage
  const names = found.slice(0, 5).map(({ listing }) => listing.name)
  throw new UserError(`"${name}" fits ${found.length} patches: ${names.join(', ')}`, 'give more of the name')
}

function changeBetween(database: Connection, { versions }: Lineage, wanted: string | undefined): string[] {
  const [, from, to] = /^(\d+)\.\.(\d+)$/.exec(wanted ?? `${versions.length - 1}..${versions.length}`) ?? []
  const pair = [versions[Number(from) - 1], versions[Number(to) - 1]]
  if (wanted !== undefined && pair.includes(undefined))
    throw new UsageError(
      `"${wanted}" names no two versions`,
      `it has ${versions.length}: write --diff 1..${versions.length}`,
    )
  const [before, after] = pair.map((version): Patch | null => {
    if (!version?.digest) return null
    return readPatch(bareListing(version.name), 1, loadPatch(database, version.digest))
  })
  return before && after ? interdiff(before, after) : []
}
