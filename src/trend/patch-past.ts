/** What the queue's history tells of the patches of an attempt. Pure. */

import type { PastTrial } from '../model/past-trial.ts'
import { type Lineage, listingAt } from './lineage.ts'
import { ordealsOf } from './past-steps.ts'
import type { Story } from './story.ts'

/** How long a patch was carried until an attempt, and what it went through. */
export interface PatchPast {
  lineage: Lineage
  /** When it came in, in seconds since 1970; `isLeast`: the history begins with it. */
  since: number
  isLeast: boolean
  /** Different contents that it had until then. */
  versions: number
  /** Rebases until then that were tried, and had it; and those of them in which it conflicted. */
  tried: number
  conflicts: number
}

/** By the name of the patch. */
export type Pasts = ReadonlyMap<string, PatchPast>

/**
 * The revision that an attempt tried, by its index: the last with the same patches; null where the
 * history has none.
 */
export function revisionTried({ revisions }: Pick<Story, 'revisions'>, queue: string): number | null {
  const at = revisions.findLastIndex(({ revision }) => revision === queue)
  return at < 0 ? null : at
}

/** Of the patches that the revision at an index lists. */
export function patchPasts(story: Story, at: number, trials: readonly PastTrial[]): Pasts {
  const { revisions, lineages } = story
  const before = new Set(revisions.slice(0, at).map(({ sha }) => sha))
  const ordeals = ordealsOf(
    story,
    trials.filter(({ sha }) => before.has(sha)),
  )
  const listed = new Set(lineages.changes[at]?.listed ?? [])
  const pasts = lineages.lineages.flatMap((lineage): [string, PatchPast][] => {
    const name = listed.has(lineage.id) ? listingAt(lineage, at)?.name : undefined
    const [first] = lineage.listed
    if (name === undefined || !first) return []
    const { tried, conflicts } = ordeals.get(lineage) ?? { tried: 0, conflicts: 0 }
    const since = { since: lineage.versions[0]?.time ?? 0, isLeast: first.at === 0 }
    return [[name, { lineage, ...since, versions: versionsUntil(lineage, at), tried, conflicts }]]
  })
  return new Map(pasts)
}

function versionsUntil({ listed }: Lineage, at: number): number {
  const digests = listed.flatMap(({ at: place, listing }) => (place <= at ? [listing.digest] : []))
  return digests.filter((digest, index) => index === 0 || digest !== digests[index - 1]).length
}
