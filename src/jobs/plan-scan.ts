/** Finds what is to be tried of a portfolio: queues that changed, and releases that are new. */
import { dirname, resolve } from 'node:path'
import { UserError } from '../errors.ts'
import { protocolOf, withoutPassword } from '../git/mirror.ts'
import type { Scratch } from '../git/scratch.ts'
import type { Release } from '../model/attempt.ts'
import type { JobContext } from '../model/job.ts'
import type { NumberlessOverrule, Overrule } from '../model/overrule.ts'
import type { Portfolio, PortfolioQueue, ScanItem, ScanProblem, Shard } from '../model/scan.ts'
import { locateQueue } from '../queue/locate.ts'
import { readLocated } from '../queue/read-queue.ts'
import type { Connection } from '../record/database.ts'
import { loadOverrules } from '../record/overrules.ts'
import { planItems } from '../record/scan-items.ts'
import { expandTargets, listTags, type Tag } from '../upstream/releases.ts'
import { resolveRelease } from '../upstream/resolve.ts'
import { isInShard, keyOf } from '../workspace/scan-keys.ts'
import { repositoriesBeside, withScratch } from '../workspace/scratch.ts'

/** What is to be tried, and what cannot be. */
export interface ScanPlan {
  items: ScanItem[]
  problems: ScanProblem[]
}

/** Puts the items of a portfolio, or of a shard of it, into the record. */
export async function planScan(
  { source, queues }: Portfolio,
  shard: Shard | null,
  database: Connection,
  context: JobContext,
): Promise<ScanPlan> {
  const isOurs = (name: string) => isInShard(name, shard)
  const ours = queues.filter(({ name }) => isOurs(name))
  const answers = loadOverrules(database)
  const plan: ScanPlan = { items: [], problems: [] }
  let done = 0
  for (const [upstream, group] of groupByUpstream(ours, dirname(source))) {
    context.progress('looking for what changed', done, ours.length)
    const { items, problems } = await planUpstream(upstream, group, answers, context)
    plan.items.push(...items)
    plan.problems.push(...problems)
    done += group.length
  }
  await planItems(database, { source, isOurs }, plan.items)
  return plan
}

/** The queues of each upstream: an absolute path, or a URL. */
function groupByUpstream(queues: readonly PortfolioQueue[], directory: string): Map<string, PortfolioQueue[]> {
  const groups = new Map<string, PortfolioQueue[]>()
  for (const queue of queues) {
    const upstream = protocolOf(queue.upstream) === null ? resolve(directory, queue.upstream) : queue.upstream
    const group = groups.get(upstream)
    if (group) group.push(queue)
    else groups.set(upstream, [queue])
  }
  return groups
}

async function planUpstream(
  upstream: string,
  queues: readonly PortfolioQueue[],
  answers: ReadonlyMap<string, Overrule>,
  context: JobContext,
): Promise<ScanPlan> {
  const plan: ScanPlan = { items: [], problems: [] }
  const setAside = (queue: PortfolioQueue, onto: string | null, error: unknown) => {
    if (!(error instanceof UserError)) throw error
    plan.problems.push({ name: queue.name, onto, message: error.message, hint: error.hint })
  }
  try {
    await withScratch({ upstream }, context, async (scratch) => {
      const upstreamOf = new Planner(scratch, await listTags(scratch), context)
      for (const queue of queues) {
        try {
          plan.items.push(...(await upstreamOf.itemsOf({ ...queue, upstream: withoutPassword(upstream) }, answers)))
        } catch (error) {
          setAside(queue, null, error)
        }
      }
    })
  } catch (error) {
    for (const queue of queues) setAside(queue, null, error)
  }
  return plan
}

/** Plans the queues of one upstream, of which each release is looked up once. */
class Planner {
  readonly #scratch: Scratch
  readonly #tags: readonly Tag[]
  readonly #context: JobContext
  readonly #releases = new Map<string, Promise<Release>>()

  constructor(scratch: Scratch, tags: readonly Tag[], context: JobContext) {
    this.#scratch = scratch
    this.#tags = tags
    this.#context = context
  }

  /** @throws UserError where the queue cannot be read, or the upstream lacks a release. */
  async itemsOf(queue: PortfolioQueue, answers: ReadonlyMap<string, Overrule>): Promise<ScanItem[]> {
    const { onto: wanted, ...rest } = queue
    const base = queue.base === null ? null : await this.#resolve(queue.base)
    const located = await locateQueue(queue.queue, queue.format)
    const inRepository = repositoriesBeside(this.#scratch, this.#context)
    const { revision, patches } = await readLocated(located, { guards: new Set(queue.guards), inRepository })
    const given = patches.flatMap(({ digest }) => withoutNumber(answers.get(digest)))
    const items: ScanItem[] = []
    for (const onto of expandTargets(this.#tags, wanted)) {
      const { commit: target } = await this.#resolve(onto)
      const decisive = [located.source, queue.format, queue.guards, revision, base, queue.upstream, onto, target, given]
      items.push({ ...rest, key: keyOf(decisive), revision, onto, target, answers: given })
    }
    return items
  }

  #resolve(name: string): Promise<Release> {
    const known = this.#releases.get(name) ?? resolveRelease(this.#scratch, name, this.#tags)
    this.#releases.set(name, known)
    return known
  }
}

function withoutNumber(answer: Overrule | undefined): NumberlessOverrule[] {
  if (answer === undefined) return []
  const { id: _, ...rest } = answer
  return [rest]
}
