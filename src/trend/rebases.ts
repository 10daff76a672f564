/** The rebases of a queue's life: from which release to which, and what became of it. Pure. */
import { type DepartureReason, type Outcomes, REASONS, reasonOf } from './departures.ts'
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

/** Between releases that follow each other in time; years are none. */
export function rebasesIn(
  { revisions, lineages }: Pick<Story, 'revisions' | 'lineages'>,
  periods: readonly Period[],
  outcomes: Outcomes,
): Rebase[] {
  const placeOf = new Map(revisions.map((revision, at) => [revision, at]))
  return periods.flatMap((period, at) => {
    const before = periods[at - 1]
    if (!before || before.base === null || period.base === null) return []
    const [from, to] = [placeOf.get(before.revision) ?? -1, placeOf.get(period.first) ?? -1]
    if (from < 0 || to <= from) return []
    const { stayed, refreshed, left, came } = flowBetween(lineages, from, to)
    const byReason = Object.fromEntries(REASONS.map((kind) => [kind, 0])) as Rebase['byReason']
    for (const one of left) byReason[reasonOf(one, outcomes).kind]++
    const kept = stayed.length + refreshed.length
    return {
      ...{ from: before.name, to: period.name, sha: period.first.sha, time: period.first.time },
      ...{ before: kept + left.length, after: kept + came.length },
      ...{ stayed: stayed.length, refreshed: refreshed.length, left: left.length, byReason, came: came.length },
    }
  })
}
