/** The life of a queue: imported from its own repository, and told release by release. */

import { isAbsolute, join, relative, resolve } from 'node:path'
import { UsageError, UserError } from '../../errors.ts'
import { listBranches } from '../../git/branches.ts'
import { ObjectReader } from '../../git/object-reader.ts'
import type { Scratch } from '../../git/scratch.ts'
import type { AccountSummary } from '../../model/account.ts'
import { fromText, toText } from '../../model/bytes.ts'
import type { JobContext } from '../../model/job.ts'
import type { QueueRevision } from '../../model/life.ts'
import type { PastStep, PastTrial } from '../../model/past-trial.ts'
import type { Patch } from '../../model/patch.ts'
import { compareReleases, releaseKey } from '../../model/version.ts'
import { interdiff } from '../../patch/compare/interdiff.ts'
import { bareListing, readPatch } from '../../patch/read/read-patch.ts'
import { type LocatedQueue, locateQueue, realPath, seekListed } from '../../queue/locate.ts'
import type { SoughtQueue } from '../../queue/past-queues.ts'
import { isPlace } from '../../queue/place.ts'
import { seekQueue } from '../../queue/seek-queue.ts'
import { TreeCache } from '../../queue/tree-files.ts'
import { listAccounts } from '../../record/accounts.ts'
import { listAttempts, listSummaries, loadOutcomes, loadPatch } from '../../record/attempts.ts'
import type { Connection } from '../../record/database.ts'
import { loadPastTrials } from '../../record/past-trials.ts'
import type { Outcomes } from '../../trend/departures.ts'
import type { Lineage } from '../../trend/lineage.ts'
import { type HardPatch, hardPatches, pastSteps } from '../../trend/past-steps.ts'
import { type Rebase, rebasesIn } from '../../trend/rebases.ts'
import { type Flow, flowBetween, type Period, periodsOf } from '../../trend/shrinkage.ts'
import { type Story, storyOf } from '../../trend/story.ts'
import { listTags } from '../../upstream/releases.ts'
import { resolveCommit } from '../../upstream/resolve.ts'
import { withCache } from '../../workspace/cache.ts'
import { lifeOf, noLife } from '../../workspace/queue-life.ts'
import { attemptsOf, queueOf, queueToTry } from '../../workspace/queue-place.ts'
import { type Place, withRecord } from '../../workspace/record.ts'
import { repositoryAround } from '../../workspace/repository-around.ts'
import { isAtHand, withScratch } from '../../workspace/scratch.ts'
import { type Imported, importHistory } from './import-history.ts'

export interface ImportRequest extends Place {
  /** The git repository that holds the queue; null: the one that the queue stands in. */
  repository: string | null
  /** Branches to read; none: all. */
  branches: readonly string[]
  /** The series' file name, in whatever directory; by default what the queue is tells it. */
  series?: string
  /** Bases that the queue's files do not say, or say wrong: "REVISION=RELEASE". */
  bases: readonly string[]
}

export async function importLife(request: ImportRequest, context: JobContext): Promise<Imported> {
  const repository = realPath(resolve(context.cwd, request.repository ?? (await repositoryHere(request, context))))
  return await withCache(context, (cached) =>
    withScratch({ upstream: request.repository ?? repository }, cached, (scratch) =>
      withRecord(request, 'write', context, async (database) => {
        const heads = await listBranches(scratch, request.branches)
        const given = await givenBases(scratch, request.bases)
        const tags = new Map((await listTags(scratch)).map(({ name, commit }) => [commit, name]))
        const located = await locatedIn(request, repository, context)
        const sought = await soughtIn(scratch, request, repository, located)
        const named = located?.source ?? (request.queue === undefined ? null : await queueOf(request, context, []))
        const queue = named ?? (sought.list === null ? repository : join(repository, toText(sought.list)))
        const hasAll = request.branches.length === 0
        const source = { ...{ repository, queue, sought, heads, hasAll, given, tags } }
        return await importHistory(scratch, database, source, context.progress)
      }),
    ),
  )
}

async function repositoryHere(request: ImportRequest, context: JobContext): Promise<string> {
  const queue = await queueToTry(request, context)
  const repository = repositoryAround(queue)
  if (repository !== null) return repository
  throw new UserError(`${queue} is in no git repository`, 'name the one that holds its history with --repo')
}

/** @throws UserError for what names no revision of the repository. */
async function givenBases(scratch: Scratch, bases: readonly string[]): Promise<Map<string, string>> {
  const given = new Map<string, string>()
  for (const one of bases) {
    const [, revision, release] = /^([^=]+)=(.+)$/.exec(one) ?? []
    if (revision === undefined || release === undefined)
      throw new UsageError(`"${one}" is no base of a revision`, 'write --base REVISION=RELEASE: --base 1a2b3c4=4.17.3')
    const sha = await resolveCommit(scratch, revision)
    if (sha === null) throw new UserError(`the repository has no revision "${revision}"`, 'name a commit of it')
    given.set(sha, release)
  }
  return given
}

/** The queue that is named, or that stands in the repository; null where it is none of its files. */
async function locatedIn(
  { queue }: ImportRequest,
  repository: string,
  { cwd }: JobContext,
): Promise<LocatedQueue | null> {
  if (queue === undefined) return isPlace(repository) ? await seekListed(repository) : null
  const path = resolve(cwd, queue)
  return isPlace(path) ? await locateQueue(path) : null
}

/** What is sought is what HEAD's commit has: a queue of the work tree need not be in any. */
async function soughtIn(
  scratch: Scratch,
  { queue, series }: ImportRequest,
  repository: string,
  located: LocatedQueue | null,
): Promise<SoughtQueue> {
  const reader = new ObjectReader(scratch)
  try {
    const files = new TreeCache(reader).filesOf(scratch.head ?? 'HEAD')
    const place = located && queue !== undefined ? relative(repository, located.source) : null
    const isInside = place !== null && !place.startsWith('..') && !isAbsolute(place)
    return await seekQueue({ path: isInside ? fromText(place) : null, series }, files, repository)
  } finally {
    reader.close()
  }
}

/** What is asked about a queue's past. */
export interface LifeRequest extends Place {
  /** Branches of the queue, names or globs; none: HEAD's. */
  branches: readonly string[]
}

/** The life of a queue, and what attempts found of its patches. */
interface ToldStory {
  story: Story
  outcomes: Outcomes
}

function withStory<Result>(
  request: LifeRequest,
  context: JobContext,
  use: (told: ToldStory, database: Connection) => Result | Promise<Result>,
): Promise<Result> {
  return withRecord(request, 'read', context, async (database) => {
    const queue = await queueOf(request, context, listAttempts(database))
    const found = lifeOf(database, queue, request.branches)
    if (!found) throw noLife(database)
    const { attempts } = await attemptsOf(database, request, context)
    const outcomes = loadOutcomes(
      database,
      attempts.map(({ id }) => id),
    )
    return use({ story: storyOf(found.life, found.branches), outcomes }, database)
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
    const known = new Set(loadPastTrials(database, queue).map(keyOfStep))
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
  return withStory(request, context, ({ story, outcomes }, database) => {
    const periods = periodsIn(story)
    const { queue } = story.life
    const checks = queue === null ? [] : listAccounts(database, queue)
    const known = queue === null ? [] : loadPastTrials(database, queue)
    const trials = known.sort((one, other) => compareReleases(one.target, other.target))
    const told = { rebases: rebasesIn(story, periods, outcomes), checks, trials, hard: hardPatches(story, trials) }
    return { story, outcomes, periods, ...told }
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
