/**
 * The same patch from revision to revision: through refresh, rename, renumbering, moves between
 * sections, merges and splits. Pure.
 */
import type { Listing, PatchFacts, QueueRevision } from '../model/life.ts'

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
  /** As the last revision that had it lists it. */
  listing: Listing
  /** The patch that it was taken out of when it came in; null for one of its own. */
  splitFrom: number | null
  /** Null: the last revision still has it. */
  left: Departure | null
}

export interface Departure {
  /** Of the revision that has it no more. */
  sha: string
  time: number
  /** Subject of the commit that took it out. */
  message: string
  /** The patch that has its lines now; null where none has. */
  mergedInto: number | null
}

/** What one revision changed against the one before it. */
export interface RevisionChange {
  sha: string
  came: number[]
  left: number[]
  /** With another content than before, whatever they are called. */
  refreshed: number[]
  /** Under another name than before. */
  renamed: number[]
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
 * So alike must two patches be for one to be the other under a new name: twice what they share, by
 * what they have.
 */
const SAME = 0.5
/** The same with a subject in common. */
const SAME_SUBJECT = 0.2
/** So much of a patch must be in another for it to have gone into it. */
const INSIDE = 0.8

/**
 * `revisions`: one line of development, oldest first. Commented-out patches count as listed: they
 * often come back.
 */
export function traceLineages(revisions: readonly QueueRevision[], facts: ReadonlyMap<string, PatchFacts>): Lineages {
  const tracer = new Tracer(new Likeness(facts))
  const changes = revisions.map((revision) => tracer.next(revision))
  return { lineages: tracer.lineages, changes }
}

const none = new Uint32Array()

class Tracer {
  readonly lineages: Lineage[] = []
  readonly #likeness: Likeness
  /** What the last revision lists, by name. */
  #current = new Map<string, Lineage>()
  /** What is gone, by the name that it had last: it may come back. */
  readonly #gone = new Map<string, Lineage>()

  constructor(likeness: Likeness) {
    this.#likeness = likeness
  }

  next(revision: QueueRevision): RevisionChange {
    const change: RevisionChange = {
      sha: revision.sha,
      came: [],
      left: [],
      refreshed: [],
      renamed: [],
      listed: none,
      active: none,
    }
    const listed = new Map(revision.entries.map((listing) => [listing.name, listing]))
    const missing = new Map([...this.#current].filter(([name]) => !listed.has(name)))
    const fresh = [...listed.values()].filter(({ name }) => !this.#current.has(name))
    const renamed = this.#pair(missing, fresh)
    const next = new Map<string, Lineage>()
    const shrunk = [...this.#current].filter(([name, { listing }]) => listed.get(name)?.digest !== listing.digest)
    const sources = shrunk.map(([, lineage]) => ({ ...lineage }))
    for (const listing of listed.values()) {
      const known = this.#current.get(listing.name) ?? renamed.get(listing.name)
      const lineage = known ?? this.#arrive(listing, revision, change, sources)
      if (known) this.#follow(known, listing, revision, change)
      next.set(listing.name, lineage)
    }
    for (const lineage of missing.values()) {
      if ([...renamed.values()].includes(lineage)) continue
      const mergedInto = this.#whereInto(lineage, change, next)
      lineage.left = { sha: revision.sha, time: revision.time, message: revision.subject, mergedInto }
      this.#gone.set(lineage.listing.name, lineage)
      change.left.push(lineage.id)
    }
    this.#current = next
    const all = [...next.values()]
    change.listed = Uint32Array.from(all, ({ id }) => id)
    change.active = Uint32Array.from(
      all.filter(({ listing }) => !listing.disabled),
      ({ id }) => id,
    )
    return change
  }

  /** New names for patches that are listed under their old ones no more, the most alike first. */
  #pair(missing: ReadonlyMap<string, Lineage>, fresh: readonly Listing[]): Map<string, Lineage> {
    if (missing.size === 0) return new Map()
    const pairs = fresh.flatMap((listing) =>
      [...missing.values()].map((lineage) => ({
        listing,
        lineage,
        alike: this.#likeness.of(lineage.listing, listing),
      })),
    )
    const found = new Map<string, Lineage>()
    const used = new Set<Lineage>()
    for (const { listing, lineage, alike } of pairs.sort((one, other) => other.alike - one.alike)) {
      if (alike < SAME || found.has(listing.name) || used.has(lineage)) continue
      found.set(listing.name, lineage)
      used.add(lineage)
    }
    return found
  }

  #follow(lineage: Lineage, listing: Listing, { sha, time }: QueueRevision, change: RevisionChange): void {
    const { digest, name } = listing
    const before = lineage.listing
    if (before.digest !== digest) change.refreshed.push(lineage.id)
    if (before.name !== name) change.renamed.push(lineage.id)
    if (before.digest !== digest || before.name !== name) lineage.versions.push({ digest, name, sha, time })
    lineage.listing = listing
  }

  /**
   * A patch that was here before under this name comes back as itself; any other is new, or taken
   * out of one that this revision changes.
   */
  #arrive(listing: Listing, revision: QueueRevision, change: RevisionChange, shrunk: readonly Lineage[]): Lineage {
    const back = this.#gone.get(listing.name)
    if (back && this.#likeness.of(back.listing, listing) >= SAME) {
      this.#gone.delete(listing.name)
      back.left = null
      this.#follow(back, listing, revision, change)
      change.came.push(back.id)
      return back
    }
    const { digest, name } = listing
    const { sha, time } = revision
    const parent = shrunk.find((one) => this.#likeness.inside(listing, one.listing) >= INSIDE)
    const lineage: Lineage = {
      id: this.lineages.length + 1,
      versions: [{ digest, name, sha, time }],
      listing,
      splitFrom: parent?.id ?? null,
      left: null,
    }
    this.lineages.push(lineage)
    change.came.push(lineage.id)
    return lineage
  }

  /**
   * A patch that this revision changed or brought, and that holds the lines of one that it took
   * out; not before.
   */
  #whereInto(lineage: Lineage, { refreshed, came }: RevisionChange, next: ReadonlyMap<string, Lineage>): number | null {
    const changed = new Set([...refreshed, ...came])
    const into = [...next.values()].find((one) => {
      if (!changed.has(one.id) || this.#likeness.inside(lineage.listing, one.listing) < INSIDE) return false
      const before = one.versions.at(-2)
      return !before || this.#likeness.inside(lineage.listing, before) < INSIDE
    })
    return into?.id ?? null
  }
}

/** Compares patches by their changed lines. */
class Likeness {
  readonly #facts: ReadonlyMap<string, PatchFacts>
  readonly #counts = new Map<string, ReadonlyMap<number, number>>()

  constructor(facts: ReadonlyMap<string, PatchFacts>) {
    this.#facts = facts
  }

  /**
   * Dice's coefficient of the two, 0..1; lifted to what counts as the same where their subjects
   * agree and the lines do not contradict it.
   */
  of(one: { digest: string | null }, other: { digest: string | null }): number {
    if (one.digest === null || other.digest === null) return 0
    if (one.digest === other.digest) return 1
    const [left, right] = [this.#facts.get(one.digest), this.#facts.get(other.digest)]
    if (!left || !right || left.lines.length + right.lines.length === 0) return 0
    const [less, more] = [left.lines.length, right.lines.length].sort((a, b) => a - b) as [number, number]
    // Sizes that differ so much leave no room for likeness.
    if ((2 * less) / (less + more) < SAME_SUBJECT) return 0
    const alike = (2 * this.#shared(one.digest, other.digest)) / (left.lines.length + right.lines.length)
    const isTitledAlike = left.subject !== null && left.subject === right.subject
    return isTitledAlike && alike >= SAME_SUBJECT ? Math.max(alike, SAME) : alike
  }

  /** Share of the first's lines that the second has, 0..1. */
  inside(part: { digest: string | null }, whole: { digest: string | null }): number {
    const size = this.#facts.get(part.digest ?? '')?.lines.length ?? 0
    return size === 0 || whole.digest === null ? 0 : this.#shared(part.digest ?? '', whole.digest) / size
  }

  #shared(one: string, other: string): number {
    let shared = 0
    const theirs = this.#countsOf(other)
    for (const [line, times] of this.#countsOf(one)) shared += Math.min(times, theirs.get(line) ?? 0)
    return shared
  }

  #countsOf(digest: string): ReadonlyMap<number, number> {
    const known = this.#counts.get(digest)
    if (known) return known
    const counts = new Map<number, number>()
    for (const line of this.#facts.get(digest)?.lines ?? []) counts.set(line, (counts.get(line) ?? 0) + 1)
    this.#counts.set(digest, counts)
    return counts
  }
}
