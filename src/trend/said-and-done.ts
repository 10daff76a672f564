/** What an attempt said of a queue beside what its maintainers did with it. Pure. */
import type { Attempt } from '../model/attempt.ts'
import { PARTS, type Part, partOf } from '../model/tally.ts'
import { releaseKey } from '../model/version.ts'
import type { Pasts } from './patch-past.ts'
import type { Rebase } from './rebases.ts'
import { releaseOf } from './settled.ts'
import type { Story } from './story.ts'

/** A rebase that an attempt foretold. */
export interface SaidAndDone {
  /** Their own rebase. */
  rebase: Rebase
  /** Of each part that the attempt tells, how many patches were carried on, and how many were not. */
  rows: { part: Part; carried: number; dropped: number }[]
}

/**
 * Null where the history has no rebase of that very queue to that very release. `tried`: the index
 * of the revision that the attempt tried.
 */
export function saidAndDone(
  { revisions, lineages }: Pick<Story, 'revisions' | 'lineages'>,
  { target, results }: Pick<Attempt, 'target' | 'results'>,
  { tried, pasts }: { tried: number; pasts: Pasts },
  rebases: readonly Rebase[],
): SaidAndDone | null {
  const placeOf = new Map(revisions.map(({ sha }, at) => [sha, at]))
  const found = rebases
    .map((rebase) => ({ rebase, at: placeOf.get(rebase.sha) ?? -1 }))
    .sort((one, other) => one.at - other.at)
    .find(({ at }) => at > tried)
  if (!found || releaseKey(found.rebase.to) !== releaseKey(releaseOf({ base: target.ref, time: 0 }))) return null
  const active = new Set(lineages.changes[found.at]?.active ?? [])
  const rows = PARTS.map((part) => {
    const own = results.filter((result) => partOf(result) === part)
    const carried = own.filter(({ patch }) => active.has(pasts.get(patch.name)?.lineage.id ?? -1)).length
    return { part, carried, dropped: own.length - carried }
  })
  return { rebase: found.rebase, rows: rows.filter(({ carried, dropped }) => carried + dropped > 0) }
}
