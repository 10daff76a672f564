/** How large a queue was, and what came and went in between. Pure. */
import { BURDENS, type Burden, type Listing, type PatchFacts, type QueueRevision } from '../model/life.ts'
import type { Lineage, Lineages } from './lineage.ts'

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

/**
 * A stretch of a queue's life: the last revision on one base, or of one year where no base is
 * named.
 */
export interface Period {
  /** The base, or the year. */
  name: string
  /** Null: no revision of it names a base. */
  base: string | null
  revision: QueueRevision
  size: QueueSize
  /** Against the period before. */
  came: number
  left: number
  refreshed: number
}

export function periodsOf(
  revisions: readonly QueueRevision[],
  facts: ReadonlyMap<string, PatchFacts>,
  { changes }: Lineages,
): Period[] {
  const periods: Period[] = []
  let before = new Set<number>()
  let refreshed = new Set<number>()
  revisions.forEach((revision, at) => {
    const change = changes[at]
    for (const id of change?.refreshed ?? []) refreshed.add(id)
    const name = nameOf(revision)
    const following = revisions[at + 1]
    if (!change || (following && nameOf(following) === name)) return
    const now = new Set(change.active)
    periods.push({
      ...{ name, base: revision.base, revision, size: sizeOf(revision, facts) },
      came: [...now].filter((id) => !before.has(id)).length,
      left: [...before].filter((id) => !now.has(id)).length,
      refreshed: refreshed.size,
    })
    before = now
    refreshed = new Set()
  })
  return periods
}

/** "RELEASE-4.13.2" and "4.13.2" are one. */
function nameOf({ base, time }: QueueRevision): string {
  if (base === null) return String(new Date(time * 1000).getUTCFullYear())
  return /\d+(?:\.\d+)+(?:[-.~]?rc\d+)?$/.exec(base)?.[0] ?? base
}

/** What became of a patch between two revisions. */
export interface Flow {
  stayed: Lineage[]
  refreshed: Lineage[]
  renamed: Lineage[]
  left: Lineage[]
  came: Lineage[]
}

/**
 * From one revision to a later one: `from` and `to` are indices into those that the lineages were
 * traced through.
 */
export function flowBetween({ lineages, changes }: Lineages, from: number, to: number): Flow {
  // Where all of a queue is commented out, for a rebase under way, it is compared by what it lists.
  const which = [from, to].every((at) => (changes[at]?.active.length ?? 0) > 0) ? 'active' : 'listed'
  const [before, after] = [patchesAt(changes, from, which), patchesAt(changes, to, which)]
  const between = changes.slice(from + 1, to + 1)
  const [refreshed, renamed] = [
    new Set(between.flatMap((one) => one.refreshed)),
    new Set(between.flatMap((one) => one.renamed)),
  ]
  const pick = (ids: Iterable<number>) => [...ids].flatMap((id) => lineages[id - 1] ?? [])
  const both = [...before].filter((id) => after.has(id))
  return {
    stayed: pick(both.filter((id) => !refreshed.has(id))),
    refreshed: pick(both.filter((id) => refreshed.has(id))),
    renamed: pick(both.filter((id) => renamed.has(id))),
    left: pick([...before].filter((id) => !after.has(id))),
    came: pick([...after].filter((id) => !before.has(id))),
  }
}

/** The patches of a revision: what it carries, or also what is commented out. */
function patchesAt(changes: Lineages['changes'], at: number, which: 'active' | 'listed'): Set<number> {
  return new Set(changes[at]?.[which] ?? [])
}
