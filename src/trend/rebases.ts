/** The rebases of a queue's life: from which release to which, and what became of it. Pure. */
import type { QueueRevision } from '../model/life.ts'
import { compareReleases, releaseKey, toVersion } from '../model/version.ts'
import { type DepartureReason, type Outcomes, REASONS, reasonOf } from './departures.ts'
import { releaseOf } from './settled.ts'
import { flowBetween, type Period } from './shrinkage.ts'
import type { Story } from './story.ts'

export interface Rebase {
  /** Releases, and the first revision on the new one. */
  from: string
  to: string
  sha: string
  time: number
  /** Patches of the last revision on the old release, and of the first on the new one. */
  before: number
  after: number
  /** Of those before: carried on, as they were or refreshed; and left, by reason. */
  stayed: number
  refreshed: number
  left: number
  byReason: Record<DepartureReason['kind'], number>
  came: number
}

/** From release to release in the order of time: a return to an older one, and years, are none. */
export function rebasesIn(
  { revisions, lineages, settled }: Pick<Story, 'revisions' | 'lineages' | 'settled'>,
  periods: readonly Period[],
  outcomes: Outcomes,
): Rebase[] {
  const placeOf = new Map(revisions.map((revision, at) => [revision, at]))
  const arrivals = periods
    .map((period) => ({ period, to: placeOf.get(period.first) ?? -1 }))
    .sort((one, other) => one.to - other.to)
  return arrivals.flatMap(({ period, to }) => {
    const from = settled.lastIndexOf(true, to - 1)
    const [before, first] = [revisions[from], revisions[to]]
    if (to < 1 || !before || !first || before.base === null || first.base === null) return []
    const name = nameOf(before, periods)
    if (!isForwards(name, period.name)) return []
    const { stayed, refreshed, left, came } = flowBetween(lineages, from, to)
    const byReason = Object.fromEntries(REASONS.map((kind) => [kind, 0])) as Rebase['byReason']
    for (const one of left) byReason[reasonOf(one, outcomes).kind]++
    const kept = stayed.length + refreshed.length
    return {
      ...{ from: name, to: period.name, sha: first.sha, time: first.time },
      ...{ before: kept + left.length, after: kept + came.length },
      ...{ stayed: stayed.length, refreshed: refreshed.length, left: left.length, byReason, came: came.length },
    }
  })
}

function isForwards(from: string, to: string): boolean {
  return toVersion(from) && toVersion(to) ? compareReleases(from, to) < 0 : from !== to
}

/** What the period of a revision is called. */
function nameOf(revision: QueueRevision, periods: readonly Period[]): string {
  const key = releaseKey(releaseOf(revision))
  return periods.find(({ name }) => releaseKey(name) === key)?.name ?? releaseOf(revision)
}
