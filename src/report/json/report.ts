/** The `rebaseline/report@1` document. */
import { type RecordedAttempt, summarize } from '../../model/attempt.ts'
import { tallyOf } from '../../model/tally.ts'
import { workListOf } from '../../model/work-list.ts'
import { leastSure } from '../../trend/least-sure.ts'
import type { LifeOverview, Overview, ReportedPatch } from '../../trend/overview.ts'
import { entriesOf } from '../../trend/steps.ts'
import { headline, leadSentences } from '../story.ts'
import { patchDocument } from './attempt.ts'
import { printJson } from './print.ts'

/** In seconds. */
const DAY = 24 * 60 * 60

/** The document as one JSON text. */
export function reportToJson(overview: Overview): string {
  const { queue, life, latest, patches, steps, costs, forecast } = overview
  const { directories, culprits, matrix, attempts, commitAddress } = overview
  return printJson({
    schema: 'rebaseline/report@1',
    queue: { name: queue, branch: life?.branch ?? null, ...triedIn(life) },
    says: [headline(overview), ...leadSentences(overview)],
    history: life && historyDocument(life),
    efforts: steps.flatMap(entriesOf),
    costs: costs.map(({ from, to, rebase, toMend }) => {
      const date = rebase && new Date(rebase.time * 1000).toISOString()
      return { from, to, date, before: rebase?.before ?? null, after: rebase?.after ?? null, toMend }
    }),
    forecast: forecast?.range ?? null,
    latest: latest && attemptDocument(latest, patches, commitAddress),
    done: life?.done ? { sha: life.done.rebase.sha, to: life.done.rebase.to, rows: life.done.rows } : null,
    ...{ directories, culprits },
    targets: attempts.map(({ id, target }) => ({ attempt: id, target })),
    matrix: matrix.map(({ patch, cells }) => ({ position: patch.position, name: patch.name, cells })),
  })
}

/** The commit of the queue's repository that the attempt tried. */
function triedIn(life: LifeOverview | null): { commit: string | null; date: string | null } {
  const tried = life?.tried
  return { commit: tried?.sha ?? null, date: tried ? new Date(tried.time * 1000).toISOString() : null }
}

function historyDocument({ repository, branch, notes, periods, carried }: LifeOverview) {
  return {
    ...{ repository, branch, notes },
    releases: periods.map(({ name, base, revision, size, came, left, refreshed }) => {
      return { release: name, base, sha: revision.sha, time: revision.time, ...size, came, left, refreshed }
    }),
    carried: carried.map(({ listing, versions, carriedFor }) => ({
      ...listing,
      since: versions[0]?.time ?? null,
      days: Math.round(carriedFor / DAY),
      versions: versions.length,
    })),
  }
}

/** The attempt with its patches, what else is known of each, and the order in which to mend. */
function attemptDocument(
  { id, startedAt, queue, upstream, base, target, results }: RecordedAttempt,
  patches: readonly ReportedPatch[],
  commitAddress: string | null,
) {
  return {
    ...{
      attempt: id,
      startedAt,
      source: queue.source,
      revision: queue.revision,
      upstream,
      commitAddress,
      base,
      target,
    },
    ...{ summary: summarize(results), tally: tallyOf(results) },
    patches: patches.map(({ result, part, kind, past }) => ({
      ...{ ...patchDocument(result), part, kind },
      since: past?.since ?? null,
      isAtLeast: past?.isLeast ?? null,
      versions: past?.versions ?? null,
      earlier: past && { rebases: past.tried, conflicts: past.conflicts },
    })),
    workList: workListOf(results),
    leastSure: leastSure(results).map(({ patch }) => patch.position),
  }
}
