/** Says which patches of a queue, or of all queues of a portfolio, are best sent upstream. */
import { heatIn } from '../../audit/heat.ts'
import { UserError } from '../../errors.ts'
import type { RecordedAttempt } from '../../model/attempt.ts'
import type { JobContext } from '../../model/job.ts'
import type { QueuePlan, ToldPlan } from '../../model/plan.ts'
import type { Connection } from '../../record/database.ts'
import { loadAttempt } from '../../record/load-attempt.ts'
import { newestAttempts } from '../../record/scan-items.ts'
import { peerTable } from '../../trend/conflict-rates.ts'
import { planTogether } from '../../trend/plan.ts'
import { withCache } from '../../workspace/cache.ts'
import { withCommitCache } from '../../workspace/commit-cache.ts'
import { type AttemptPlace, chooseAttempt } from '../../workspace/queue-place.ts'
import { type Place, withRecord } from '../../workspace/record.ts'
import { recordedUpstream, withScratch } from '../../workspace/scratch.ts'
import { finishPlan, type GatheredPlan, gatherPlan, type HeatOf } from './plan-attempt.ts'

/** Of the newest attempt of the queue, or of the one that is named. */
export function planQueue(place: AttemptPlace, context: JobContext): Promise<ToldPlan> {
  return withRecord(place, 'read', context, async (database) => {
    const attempt = loadedAttempt(database, await chooseAttempt(database, place, context))
    return await withHeat(attempt.upstream, context, (heatOf) =>
      together([finishPlan(gatherPlan({ attempt, name: attempt.called, heatOf }, database, context), null)]),
    )
  })
}

/** Of each queue of a portfolio that was scanned. `portfolio`: an absolute path. */
export function planPortfolio(portfolio: string, place: Pick<Place, 'db'>, context: JobContext): Promise<ToldPlan> {
  return withRecord(place, 'read', context, async (database) => {
    const named = newestAttempts(database, portfolio)
    if (named.length === 0)
      throw new UserError(`nothing of ${portfolio} was scanned yet`, 'scan it first: "rebaseline scan --help" says how')
    const gathered: GatheredPlan[] = []
    for (const [upstream, group] of groupBy(named, ({ upstream }) => upstream))
      await withHeat(upstream, context, async (heatOf) => {
        for (const { name, attempt: id } of group) {
          context.progress('planning', gathered.length, named.length)
          gathered.push(gatherPlan({ attempt: loadedAttempt(database, id), name, heatOf }, database, context))
        }
      })
    const all = peerTable(
      gathered.flatMap(({ carried }) => carried),
      'portfolio',
    )
    return together(gathered.map((one) => finishPlan(one, all)))
  })
}

function together(plans: QueuePlan[]): ToldPlan {
  return { plans, patches: planTogether(plans.map(({ patches }) => patches)) }
}

function loadedAttempt(database: Connection, id: number): RecordedAttempt {
  const attempt = loadAttempt(database, id)
  if (!attempt) throw new Error('an attempt that is listed is not there')
  return attempt
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return groups
}

/** Where the upstream is not at hand any more, nothing is known of its commits. */
async function withHeat<Result>(
  upstream: string,
  context: JobContext,
  use: (heatOf: HeatOf) => Result | Promise<Result>,
): Promise<Result> {
  let isOpen = false
  try {
    const place = recordedUpstream(upstream, context)
    return await withCache(context, (cached) =>
      withScratch({ upstream: place }, cached, (scratch) =>
        withCommitCache(scratch, cached, async (cache) => {
          isOpen = true
          return await use(({ base, target }) => heatIn(cache, { base: base.commit, target: target.commit }))
        }),
      ),
    )
  } catch (error) {
    if (isOpen || !(error instanceof UserError)) throw error
    return await use(() => () => null)
  }
}
