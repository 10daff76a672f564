/** Finds what is to be tried of a portfolio: queues that changed, and releases that are new. */
import { dirname, resolve } from 'node:path'
import { NoPatchesError, UserError } from '../errors.ts'
import { protocolOf, withoutPassword } from '../git/mirror.ts'
import type { Scratch } from '../git/scratch.ts'
import type { JobContext } from '../model/job.ts'
import type { NumberlessOverrule, Overrule } from '../model/overrule.ts'
import {
  type Portfolio,
  type PortfolioQueue,
  type ScanItem,
  type ScanProblem,
  type Shard,
  upstreamKey,
} from '../model/scan.ts'
import type { InRepository } from '../queue/formats/format.ts'
import { type LocatedQueue, locateQueue } from '../queue/locate.ts'
import { readLocated } from '../queue/read-queue.ts'
import type { Connection } from '../record/database.ts'
import { loadOverrules } from '../record/overrules.ts'
import { planItems } from '../record/scan-items.ts'
import { expandTargets, listTags } from '../upstream/releases.ts'
import { resolveRelease } from '../upstream/resolve.ts'
import { settleName } from '../workspace/queue-identity.ts'
import { isInShard, keyOf } from '../workspace/scan-keys.ts'
import { repositoriesBeside, withScratch } from '../workspace/scratch.ts'

/** What is to be tried, and what cannot be. */
export interface ScanPlan {
  items: ScanItem[]
  /** How many queues carry no patch. */
  empty: number
  problems: ScanProblem[]
}

/** Puts the items of a portfolio, or of a shard of it, into the record. */
export async function planScan(
  portfolio: Portfolio,
  shard: Shard | null,
  database: Connection,
  context: JobContext,
): Promise<ScanPlan> {
  const { source } = portfolio
  const isOurs = (name: string) => isInShard(name, shard)
  const ours = portfolio.queues.filter(({ name }) => isOurs(name))
  const plan: ScanPlan = { items: [], empty: 0, problems: [...portfolio.problems] }
  const answers = loadOverrules(database)
  let done = 0
  for (const group of groupByUpstream(ours, dirname(source))) {
    context.progress('looking for what changed', done, ours.length)
    const { items, empty, problems } = await planGroup(group, { answers, database }, context)
    plan.items.push(...items)
    plan.empty += empty
    plan.problems.push(...problems)
    done += group.queues.length
  }
  await planItems(database, { source, isOurs }, plan.items)
  return plan
}

/** Queues on the same upstream. */
interface Group extends Pick<ScanItem, 'upstream'> {
  queues: PortfolioQueue[]
}

function groupByUpstream(queues: readonly PortfolioQueue[], directory: string): Group[] {
  const groups = new Map<string, Group>()
  for (const queue of queues) {
    const upstream = placeOf(queue.upstream, directory)
    const key = upstreamKey({ upstream })
    const group = groups.get(key) ?? { upstream, queues: [] }
    groups.set(key, group)
    group.queues.push(queue)
  }
  return [...groups.values()]
}

function placeOf(upstream: PortfolioQueue['upstream'], directory: string): ScanItem['upstream'] {
  return typeof upstream !== 'string' || protocolOf(upstream) !== null ? upstream : resolve(directory, upstream)
}

/** What the record knows before a scan. */
interface KnownBefore {
  answers: ReadonlyMap<string, Overrule>
  database: Connection
}

/** What cannot be planned is named, and keeps nothing else from it. */
async function planGroup({ upstream, queues }: Group, known: KnownBefore, context: JobContext): Promise<ScanPlan> {
  const plan: ScanPlan = { items: [], empty: 0, problems: [] }
  const setAside = ({ name }: PortfolioQueue, error: unknown) => {
    if (!(error instanceof UserError)) throw error
    if (error instanceof NoPatchesError) plan.empty++
    else plan.problems.push({ name, onto: null, message: error.message, hint: error.hint })
  }
  const planAll = async (releases: Releases, recorded: ScanItem['upstream']) => {
    for (const queue of queues)
      try {
        const located = await locateQueue(queue.queue, queue.format)
        await settleName(located.source, known.database, context)
        plan.items.push(...(await itemsOf(queue, located, { ...releases, upstream: recorded }, known)))
      } catch (error) {
        setAside(queue, error)
      }
  }
  if (typeof upstream !== 'string') await planAll(NAMED_RELEASES, upstream)
  else
    await withScratch({ upstream }, context, async (scratch) => {
      await planAll(await releasesIn(scratch, context), withoutPassword(upstream))
    }).catch((error: unknown) => {
      for (const queue of queues) setAside(queue, error)
    })
  return plan
}

/** The releases of an upstream, as they are named. */
interface Releases {
  expand: (onto: readonly string[]) => string[]
  /** The commit; null where only its tarballs tell it. */
  resolve: (name: string) => Promise<string | null>
  inRepository?: InRepository
}

/** Those that tarballs are of: what they hold is known by their checksums. */
const NAMED_RELEASES: Releases = { expand: (onto) => [...onto], resolve: async () => null }

async function releasesIn(scratch: Scratch, context: JobContext): Promise<Releases> {
  const tags = await listTags(scratch)
  return {
    expand: (onto) => expandTargets(tags, onto),
    resolve: async (name) => (await resolveRelease(scratch, name, tags)).commit,
    inRepository: repositoriesBeside(scratch, context),
  }
}

/** @throws UserError where the queue cannot be read, or the upstream lacks a release. */
async function itemsOf(
  { onto: wanted, ...queue }: PortfolioQueue,
  located: LocatedQueue,
  { expand, resolve, inRepository, upstream }: Releases & Pick<ScanItem, 'upstream'>,
  { answers }: KnownBefore,
): Promise<ScanItem[]> {
  const { guards, format } = queue
  const base = queue.base === null ? null : [queue.base, await resolve(queue.base)]
  const options = inRepository === undefined ? {} : { inRepository }
  const { revision, patches } = await readLocated(located, { guards: new Set(guards), ...options })
  const given = patches.flatMap(({ digest }) => withoutNumber(answers.get(digest)))
  const items: ScanItem[] = []
  for (const onto of expand(wanted)) {
    const target = await resolve(onto)
    const key = keyOf([located.source, format, guards, revision, base, upstream, onto, target, given])
    items.push({ ...queue, upstream, key, revision, onto, target, answers: given })
  }
  return items
}

function withoutNumber(answer: Overrule | undefined): NumberlessOverrule[] {
  if (answer === undefined) return []
  const { id: _, ...rest } = answer
  return [rest]
}
