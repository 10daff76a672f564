/** The life of a queue: imported from its own repository, and told release by release. */
import { resolve } from 'node:path'
import { UsageError, UserError } from '../../errors.ts'
import { listBranches } from '../../git/branches.ts'
import { fromText } from '../../model/bytes.ts'
import type { JobContext } from '../../model/job.ts'
import { type QueueLife, type QueueRevision, revisionsOf } from '../../model/life.ts'
import type { Patch } from '../../model/patch.ts'
import { baseName } from '../../model/paths.ts'
import { interdiff } from '../../patch/compare/interdiff.ts'
import { bareListing, readPatch } from '../../patch/read/read-patch.ts'
import { directoryOf, kindAt } from '../../queue/files.ts'
import { type LocatedQueue, locateQueue, realPath, seekListed } from '../../queue/locate.ts'
import { isPlace } from '../../queue/place.ts'
import { listAttempts, loadOutcomes, loadPatch } from '../../record/attempts.ts'
import type { Connection } from '../../record/database.ts'
import { type Lineage, type Lineages, traceLineages } from '../../trend/lineage.ts'
import { type Flow, flowBetween, type Period, periodsOf } from '../../trend/shrinkage.ts'
import { withCache } from '../../workspace/cache.ts'
import { lifeOf, noLife } from '../../workspace/queue-life.ts'
import { attemptsOf, queueOf } from '../../workspace/queue-place.ts'
import { type Place, withRecord } from '../../workspace/record.ts'
import { withScratch } from '../../workspace/scratch.ts'
import { type Imported, importHistory } from './import-history.ts'
import type { SoughtQueue } from './past-queues.ts'

export interface ImportRequest extends Place {
  /** The git repository that holds the queue. */
  repository: string
  /** Branches to read; none: all. */
  branches: readonly string[]
  /** The series' file name, in whatever directory; by default what the queue is tells it. */
  series?: string
}

export function importLife(request: ImportRequest, context: JobContext): Promise<Imported> {
  const repository = realPath(resolve(context.cwd, request.repository))
  return withCache(context, (cached) =>
    withScratch({ upstream: request.repository }, cached, (scratch) =>
      withRecord(request, 'write', context, async (database) => {
        const heads = await listBranches(scratch, request.branches)
        const located = await locatedIn(request, repository, context)
        const named = located?.source ?? (request.queue === undefined ? null : await queueOf(request, context, []))
        const sought = await soughtFor(request.series, located)
        const source = { repository, queue: named ?? repository, sought, heads }
        return await importHistory(scratch, database, source, context.progress)
      }),
    ),
  )
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

/** A series may have been in another directory, and is sought by its name. */
async function soughtFor(series: string | undefined, located: LocatedQueue | null): Promise<SoughtQueue> {
  const isOfCommits = located !== null && !/^\.(?:git|hg)\b|^#/.test(located.list) && located.reader.name !== 'quilt'
  if (series !== undefined) return { path: null, series: fromText(series), below: '' }
  if (!isOfCommits) return { path: '', series: 'series', below: '' }
  const { list, files } = located
  const directory = (await kindAt(files, list)) === 'directory' ? list : directoryOf(list)
  // The sources of a tree for rpmbuild(8) are beside its specs.
  const below = baseName(directory) === 'SPECS' ? directoryOf(directory) : directory
  return { path: list, series: null, below }
}

/** What is asked about a queue's past. */
export interface LifeRequest extends Place {
  /** A branch of the queue; by default the one with the newest revision. */
  branch?: string
}

/** The life of a queue on one branch, patch by patch. */
interface TracedLife {
  life: QueueLife
  branch: string
  revisions: QueueRevision[]
  lineages: Lineages
  outcomes: Outcomes
}

/** What the newest attempt that drops a patch said of it, by the patch's digest. */
export type Outcomes = ReturnType<typeof loadOutcomes>

function withLife<Result>(
  request: LifeRequest,
  context: JobContext,
  use: (traced: TracedLife, database: Connection) => Result,
): Promise<Result> {
  return withRecord(request, 'read', context, async (database) => {
    const queue = await queueOf(request, context, listAttempts(database))
    const found = lifeOf(database, queue, request.branch)
    if (!found) throw noLife(database)
    const revisions = revisionsOf(found.life, found.branch)
    const { attempts } = await attemptsOf(database, request, context)
    const outcomes = loadOutcomes(
      database,
      attempts.map(({ id }) => id),
    )
    return use({ ...found, revisions, lineages: traceLineages(revisions, found.life.facts), outcomes }, database)
  })
}

/** The queue, release by release. */
export interface ToldPeriods {
  life: QueueLife
  branch: string
  periods: Period[]
}

export function tellPeriods(request: LifeRequest, context: JobContext): Promise<ToldPeriods> {
  return withLife(request, context, ({ life, branch, revisions, lineages }) => {
    return { life, branch, periods: periodsOf(revisions, life.facts, lineages) }
  })
}

/** What stayed, left and came in between two revisions. */
export interface ToldFlow {
  flow: Flow
  outcomes: Outcomes
}

/** `from`, `to`: a release of the table, or a commit of the queue. */
export function tellFlow(from: string, to: string, request: LifeRequest, context: JobContext): Promise<ToldFlow> {
  return withLife(request, context, ({ life, revisions, lineages, outcomes }) => {
    const periods = periodsOf(revisions, life.facts, lineages)
    const [first, last] = [from, to].map((wanted) => indexOfRevision(wanted, periods, revisions))
    if (first === undefined || last === undefined || first >= last)
      throw new UsageError(`${from} does not come before ${to}`, 'name the earlier one first')
    return { flow: flowBetween(lineages, first, last), outcomes }
  })
}

function indexOfRevision(wanted: string, periods: readonly Period[], revisions: readonly QueueRevision[]): number {
  const sha = periods.findLast(({ name, base }) => name === wanted || base === wanted)?.revision.sha ?? wanted
  const at = revisions.findIndex((one) => /^[0-9a-f]{4,}$/.test(sha) && one.sha.startsWith(sha))
  if (at >= 0) return at
  throw new UserError(`this branch has no revision "${wanted}"`, 'name a release of "rebaseline history", or a commit')
}

/** One patch through the years. */
export interface ToldPatch {
  lineage: Lineage
  outcomes: Outcomes
  /** What changed between two of its versions, as lines. */
  change: string[]
}

/** `versions`: "a..b", their numbers from 1; by default the last two. */
export function tellPatch(
  name: string,
  { versions, ...request }: LifeRequest & { versions?: string },
  context: JobContext,
): Promise<ToldPatch> {
  return withLife(request, context, ({ lineages, outcomes }, database) => {
    const lineage = findLineage(lineages.lineages, name)
    return { lineage, outcomes, change: changeBetween(database, lineage, versions) }
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
