/** How large a queue was, and what came and went in between. Pure. */
import { elementAt } from '../model/elements.ts'
import { BURDENS, type Burden, type Listing, type PatchFacts, type QueueRevision } from '../model/life.ts'
import { compareReleases, releaseKey, toVersion } from '../model/version.ts'
import { type Departure, type Lineage, type Lineages, listingAt } from './lineage.ts'
import { releaseOf } from './settled.ts'

export interface QueueSize {
  patches: number
  /** Listed, and commented out. */
  disabled: number
  added: number
  removed: number
  /** Distinct paths. */
  files: number
  hunks: number
  byBurden: Record<Burden, number>
  /** Patches by section, in the order of the series. */
  bySection: Record<string, number>
  byOwner: Record<string, number>
}

export function sizeOf({ entries }: QueueRevision, facts: ReadonlyMap<string, PatchFacts>): QueueSize {
  const active = entries.filter(({ disabled }) => !disabled)
  const known = active.flatMap(({ digest }) => facts.get(digest ?? '') ?? [])
  const sum = (value: (one: PatchFacts) => number) => known.reduce((total, one) => total + value(one), 0)
  const byBurden = Object.fromEntries(BURDENS.map((burden) => [burden, 0])) as Record<Burden, number>
  for (const { kind } of active) byBurden[kind]++
  return {
    patches: active.length,
    disabled: entries.length - active.length,
    added: sum((one) => one.added),
    removed: sum((one) => one.removed),
    files: new Set(known.flatMap((one) => one.paths)).size,
    hunks: sum((one) => one.hunks),
    byBurden,
    bySection: countBy(active, ({ section }) => section),
    byOwner: countBy(active, ({ owner }) => owner ?? ''),
  }
}

function countBy(entries: readonly Listing[], keyOf: (listing: Listing) => string): Record<string, number> {
  // Not a plain object: a section may be called __proto__.
  const counts = new Map<string, number>()
  for (const entry of entries) counts.set(keyOf(entry), (counts.get(keyOf(entry)) ?? 0) + 1)
  return Object.fromEntries(counts)
}

/** All revisions on one base, or of one year where no base is named. */
export interface Period {
  /** The release that the base means, or the year. */
  name: string
  /** As the last revision names it; null: none of the period names a base. */
  base: string | null
  /** How that is known: "kettle.spec", "tag v3.1-1"; null where it is not. */
  baseFrom: string | null
  /** The last settled revision, and the first: what a rebase left, and what grew since. */
  revision: QueueRevision
  first: QueueRevision
  size: QueueSize
  /** Against the period before. */
  came: number
  left: number
  refreshed: number
}

/** In the order of the releases, each once; years, where nothing names a base, in their own. */
export function periodsOf(
  revisions: readonly QueueRevision[],
  facts: ReadonlyMap<string, PatchFacts>,
  { changes }: Lineages,
  isSettled: readonly boolean[],
): Period[] {
  const groups = new Map<string, number[]>()
  for (const [at, revision] of revisions.entries()) {
    const key = releaseKey(releaseOf(revision))
    groups.set(key, [...(groups.get(key) ?? []), at])
  }
  let [before, last] = [new Set<number>(), -1]
  return inOrder([...groups.values()], revisions).map((places): Period => {
    const settled = places.filter((at) => isSettled[at])
    const [first, end] = [settled[0] ?? elementAt(places, 0), settled.at(-1) ?? places.at(-1) ?? 0]
    const revision = elementAt(revisions, end)
    const now = new Set(elementAt(changes, end).active)
    const between = changes.slice(Math.min(last, end) + 1, Math.max(last, end) + 1)
    const period = {
      ...{ name: releaseOf(revision), base: revision.base, baseFrom: revision.baseFrom },
      ...{ revision, first: elementAt(revisions, first), size: sizeOf(revision, facts) },
      came: [...now].filter((id) => !before.has(id)).length,
      left: [...before].filter((id) => !now.has(id)).length,
      refreshed: new Set(between.flatMap((change) => change.refreshed)).size,
    }
    ;[before, last] = [now, end]
    return period
  })
}

/** The period that the newest revision is in: a queue may have gone back to an older release. */
export function periodNow(periods: readonly Period[], revisions: readonly QueueRevision[]): Period | undefined {
  const last = revisions.at(-1)
  const key = last && releaseKey(releaseOf(last))
  return periods.find(({ name }) => releaseKey(name) === key)
}

/** Groups of places by release where all have one, else as they came. */
function inOrder(groups: readonly number[][], revisions: readonly QueueRevision[]): number[][] {
  const nameAt = (places: readonly number[]) => releaseOf(elementAt(revisions, elementAt(places, 0)))
  const hasReleases = revisions.every(({ base }) => base !== null && toVersion(releaseOf({ base, time: 0 })) !== null)
  return hasReleases ? [...groups].sort((one, other) => compareReleases(nameAt(one), nameAt(other))) : [...groups]
}

/** A patch between two revisions, as the one or the other lists it. */
export interface FlowingPatch {
  lineage: Lineage
  listing: Listing
  /** How it was listed at the first of them; null where it was not there. */
  before: Listing | null
  /** When and why it left, of one that did. */
  departure: Departure | null
}

/** What became of a patch between two revisions. */
export interface Flow {
  stayed: FlowingPatch[]
  refreshed: FlowingPatch[]
  renamed: FlowingPatch[]
  left: FlowingPatch[]
  came: FlowingPatch[]
}

/**
 * From one revision to a later one: `from` and `to` are indices into those that the lineages were
 * traced through. Names and sections are those of the later one; of what left, of the earlier.
 */
export function flowBetween({ lineages, changes }: Lineages, from: number, to: number): Flow {
  // Where all of a queue is commented out, for a rebase under way, it is compared by what it lists.
  const which = [from, to].every((at) => (changes[at]?.active.length ?? 0) > 0) ? 'active' : 'listed'
  const [before, after] = [patchesAt(changes, from, which), patchesAt(changes, to, which)]
  const pick = (ids: Iterable<number>, at: number) =>
    [...ids].map((id): FlowingPatch => {
      const lineage = elementAt(lineages, id - 1)
      const departure = lineage.departures.findLast((one) => from < one.at && one.at <= to) ?? null
      const listing = listingAt(lineage, at)
      if (!listing) throw new Error(`patch ${id} is not listed at revision ${at}`)
      return { lineage, listing, before: listingAt(lineage, from), departure }
    })
  const both = pick(
    [...before].filter((id) => after.has(id)),
    to,
  )
  const isRefreshed = ({ before: was, listing }: FlowingPatch) => was?.digest !== listing.digest
  return {
    stayed: both.filter((one) => !isRefreshed(one)),
    refreshed: both.filter(isRefreshed),
    renamed: both.filter(({ before: was, listing }) => was?.name !== listing.name),
    left: pick(
      [...before].filter((id) => !after.has(id)),
      from,
    ),
    came: pick(
      [...after].filter((id) => !before.has(id)),
      to,
    ),
  }
}

/** The patches of a revision: what it carries, or also what is commented out. */
function patchesAt(changes: Lineages['changes'], at: number, which: 'active' | 'listed'): Set<number> {
  return new Set(changes[at]?.[which] ?? [])
}
