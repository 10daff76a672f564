/**
 * The same patch from revision to revision: through refresh, rename, renumbering, moves between
 * sections, merges and splits. Pure.
 */
import { elementAt } from '../model/elements.ts'
import type { Listing, PatchFacts, QueueRevision } from '../model/life.ts'
import { INSIDE, PatchLikeness, SAME } from './patch-likeness.ts'

/** One content of a patch, from the revision that brought it on. */
export interface Version {
  digest: string | null
  name: string
  /** Of the revision. */
  sha: string
  time: number
}

export interface Lineage {
  /** Numbered from 1, by first appearance. */
  id: number
  /** Oldest first; the first is the one it came in with. */
  versions: Version[]
  /** How it was listed, from which revision on, oldest first; what left is listed no more. */
  listed: { at: number; listing: Listing }[]
  /** As the last revision that had it lists it. */
  listing: Listing
  /** The patch that it was taken out of when it came in; null for one of its own. */
  splitFrom: number | null
  /** Each time that it left, oldest first. */
  departures: Departure[]
  /** The last of them; null: the last revision still has it. */
  left: Departure | null
}

export interface Departure {
  /** The index of the revision that has it no more. */
  at: number
  sha: string
  time: number
  /** Subject and author of the commit that took it out. */
  message: string
  author: string
  /** The patch that has its lines now; null where none has. */
  mergedInto: number | null
  /** The patches that it was split into. */
  splitInto: number[]
  /** When it came back, in seconds since 1970; null where it did not. */
  back: number | null
}

/** What one revision changed against the one before it. */
export interface RevisionChange {
  sha: string
  came: number[]
  left: number[]
  /** With another content than before, whatever they are called. */
  refreshed: number[]
  /** What it lists, commented-out patches too; and what of that it carries. */
  listed: Uint32Array
  active: Uint32Array
}

export interface Lineages {
  lineages: Lineage[]
  /** One per revision, in their order; the first has everything come in. */
  changes: RevisionChange[]
}

/**
 * `revisions`: one line of development, oldest first. Commented-out patches count as listed: they
 * often come back.
 */
export function traceLineages(revisions: readonly QueueRevision[], facts: ReadonlyMap<string, PatchFacts>): Lineages {
  const tracer = new Tracer(new PatchLikeness(facts))
  const changes = revisions.map((revision) => tracer.next(revision))
  return { lineages: tracer.lineages, changes }
}

/** How a patch is listed at a revision, by its index; null where it was not there yet. */
export function listingAt({ listed }: Lineage, at: number): Listing | null {
  return listed.findLast((state) => state.at <= at)?.listing ?? null
}

/** How long a patch was carried until a moment, gaps left out, in seconds. */
export function carriedFor({ versions, departures }: Lineage, until: number): number {
  const since = elementAt(versions, 0).time
  const gaps = departures.map(({ time, back }) => (back ?? until) - time)
  return until - since - gaps.reduce((sum, gap) => sum + gap, 0)
}

/** How many listings are as before at the beginning and at the end: most commits change one patch. */
function commonEnds(before: readonly Lineage[], now: readonly Listing[]): { start: number; end: number } {
  const most = Math.min(before.length, now.length)
  let start = 0
  while (start < most && before[start]?.listing === now[start]) start++
  let end = 0
  while (end < most - start && before.at(-1 - end)?.listing === now.at(-1 - end)) end++
  return { start, end }
}

function idsOf(lineages: readonly Lineage[]): Uint32Array {
  const ids = new Uint32Array(lineages.length)
  for (const [at, { id }] of lineages.entries()) ids[at] = id
  return ids
}

/** A name that is a number, and what a file of that kind is called: it says nothing of the patch. */
const NUMBERED = /^\d+(?:\.\w+)*$/

class Tracer {
  readonly lineages: Lineage[] = []
  readonly #likeness: PatchLikeness
  #at = -1
  /** The last revision that changed anything. */
  #last: { entries: readonly Listing[]; change: RevisionChange } | null = null
  /** What the last revision lists, in its order. */
  #current: readonly Lineage[] = []
  /** What is gone, by the name that it had last: it may come back. */
  readonly #gone = new Map<string, Lineage>()
  /** The same, by the content that it had last. */
  readonly #goneContents = new Map<string | null, Lineage>()

  constructor(likeness: PatchLikeness) {
    this.#likeness = likeness
  }

  next(revision: QueueRevision): RevisionChange {
    this.#at++
    const { sha, entries } = revision
    const last = this.#last
    // Most commits of a queue's repository change something else.
    if (last && entries.length === last.entries.length && entries.every((one, at) => one === last.entries[at]))
      return { ...last.change, sha, came: [], left: [], refreshed: [] }
    const change = this.#step(revision)
    this.#last = { entries, change }
    return change
  }

  #step(revision: QueueRevision): RevisionChange {
    const { sha } = revision
    const change = { sha, came: [] as number[], left: [] as number[], refreshed: [] as number[] }
    const listings = [...new Map(revision.entries.map((listing) => [listing.name, listing])).values()]
    const { start, end } = commonEnds(this.#current, listings)
    const before = this.#current.slice(start, this.#current.length - end)
    const now = listings.slice(start, listings.length - end)
    const known = this.#recognise(now, before)
    const stayed = new Map([...known].map(([listing, lineage]) => [lineage, listing]))
    const changed = before.filter((lineage) => stayed.get(lineage)?.digest !== lineage.listing.digest)
    // As they were: what went on has another content soon.
    const sources = changed.map((lineage) => ({ ...lineage }))
    const next = now.map((listing) => {
      const lineage = known.get(listing)
      if (lineage && this.#follow(lineage, listing, revision)) change.refreshed.push(lineage.id)
      const own = lineage ?? this.#arrive(listing, revision, sources)
      if (!lineage) change.came.push(own.id)
      return own
    })
    for (const lineage of before) {
      if (stayed.has(lineage)) continue
      this.#leave(lineage, revision, change, next)
      change.left.push(lineage.id)
    }
    this.#current = [...this.#current.slice(0, start), ...next, ...this.#current.slice(this.#current.length - end)]
    const active = this.#current.filter(({ listing }) => !listing.disabled)
    return { ...change, listed: idsOf(this.#current), active: idsOf(active) }
  }

  /**
   * Which patches of the last revision are which ones now: first those whose content is the same,
   * then those that are alike, and then those whose name is.
   */
  #recognise(listings: readonly Listing[], before: readonly Lineage[]): Map<Listing, Lineage> {
    const found = new Map<Listing, Lineage>()
    const named = new Map(before.map((lineage) => [lineage.listing.name, lineage]))
    const left = new Set(before)
    const take = (listing: Listing, lineage: Lineage | undefined) => {
      if (!lineage || !left.delete(lineage)) return
      found.set(listing, lineage)
    }
    const open = () => listings.filter((listing) => !found.has(listing))
    for (const listing of listings) {
      const same = named.get(listing.name)
      if (same?.listing.digest === listing.digest) take(listing, same)
    }
    const byContent = new Map([...left].map((lineage) => [lineage.listing.digest, lineage]))
    for (const listing of open()) if (listing.digest !== null) take(listing, byContent.get(listing.digest))
    for (const listing of open()) {
      const same = named.get(listing.name)
      if (same && left.has(same) && this.#likeness.of(same.listing, listing) >= SAME) take(listing, same)
    }
    for (const [listing, lineage] of this.#mostAlike(open(), left)) take(listing, lineage)
    for (const listing of open()) if (!NUMBERED.test(listing.name)) take(listing, named.get(listing.name))
    return found
  }

  /** Patches under new names, the most alike first. */
  #mostAlike(listings: readonly Listing[], left: ReadonlySet<Lineage>): Map<Listing, Lineage> {
    const pairs = listings.flatMap((listing) =>
      [...left].map((lineage) => ({ listing, lineage, alike: this.#likeness.of(lineage.listing, listing) })),
    )
    const found = new Map<Listing, Lineage>()
    const used = new Set<Lineage>()
    for (const { listing, lineage, alike } of pairs.sort((one, other) => other.alike - one.alike)) {
      if (alike < SAME || found.has(listing) || used.has(lineage)) continue
      found.set(listing, lineage)
      used.add(lineage)
    }
    return found
  }

  /** Whether a patch has another content than before. */
  #follow(lineage: Lineage, listing: Listing, { sha, time }: QueueRevision): boolean {
    const { digest, name } = listing
    const before = lineage.listing
    if (before.digest !== digest || before.name !== name) lineage.versions.push({ digest, name, sha, time })
    if (before !== listing) lineage.listed.push({ at: this.#at, listing })
    lineage.listing = listing
    return before.digest !== digest
  }

  /** A patch that was here before, under this name or with this content. */
  #formerOf(listing: Listing): Lineage | undefined {
    const named = this.#gone.get(listing.name)
    if (named && named.left !== null && this.#likeness.of(named.listing, listing) >= SAME) return named
    const alike = listing.digest === null ? undefined : this.#goneContents.get(listing.digest)
    return alike && alike.left !== null ? alike : undefined
  }

  /**
   * A patch that was here before comes back as itself; any other is new, or taken out of one that
   * this revision changes.
   */
  #arrive(listing: Listing, revision: QueueRevision, sources: readonly Lineage[]): Lineage {
    const back = this.#formerOf(listing)
    if (back) {
      this.#gone.delete(back.listing.name)
      const departure = back.departures.at(-1)
      if (departure) departure.back = revision.time
      back.left = null
      this.#follow(back, listing, revision)
      return back
    }
    const { digest, name } = listing
    const { sha, time } = revision
    const parent = sources.find((one) => this.#likeness.inside(listing, one.listing) >= INSIDE)
    const lineage: Lineage = {
      id: this.lineages.length + 1,
      versions: [{ digest, name, sha, time }],
      listed: [{ at: this.#at, listing }],
      listing,
      splitFrom: parent?.id ?? null,
      departures: [],
      left: null,
    }
    this.lineages.push(lineage)
    return lineage
  }

  #leave(
    lineage: Lineage,
    { sha, time, author, subject: message }: QueueRevision,
    { came, refreshed }: Pick<RevisionChange, 'came' | 'refreshed'>,
    next: readonly Lineage[],
  ): void {
    const parts = came.filter((id) => elementAt(this.lineages, id - 1).splitFrom === lineage.id)
    const mergedInto = parts.length > 0 ? null : this.#whereInto(lineage, { came, refreshed }, next)
    const departure = { at: this.#at, sha, time, message, author, mergedInto, splitInto: parts, back: null }
    lineage.departures.push(departure)
    lineage.left = departure
    this.#gone.set(lineage.listing.name, lineage)
    this.#goneContents.set(lineage.listing.digest, lineage)
  }

  /**
   * A patch that this revision changed or brought, and that holds the lines of one that it took
   * out; not before.
   */
  #whereInto(
    lineage: Lineage,
    { came, refreshed }: Pick<RevisionChange, 'came' | 'refreshed'>,
    next: readonly Lineage[],
  ): number | null {
    const changed = new Set([...refreshed, ...came])
    const into = next.find((one) => {
      if (!changed.has(one.id) || this.#likeness.inside(lineage.listing, one.listing) < INSIDE) return false
      const before = one.versions.at(-2)
      return !before || this.#likeness.inside(lineage.listing, before) < INSIDE
    })
    return into?.id ?? null
  }
}
