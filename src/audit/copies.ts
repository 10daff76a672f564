/** Which commits are copies of each other, on other branches. Pure. */
import { elementAt } from '../model/elements.ts'
import type { NotedCommit } from '../model/upstream-notes.ts'

/** Commits joined into changes. */
export interface JoinedCopies {
  /** For each commit the number of its change. */
  changeOf: Int32Array
  /** Commits that say that they are several others together, and these. */
  holds: Map<number, number[]>
}

/** A subject of fewer words is given to many commits: "Fix build". */
const TELLING = 3
/** Copies of an embargoed fix name no other, but reach all branches at about the same time. */
const WITHIN = 365 * 24 * 3600

/**
 * A copy names the commit that it was taken from. Fixes that were under embargo name none: there
 * subject and author are the same, on different lines of development. `lines`: for each commit its
 * line. `placesOf`: the commits that an id fits.
 */
export function joinCopies(
  commits: readonly NotedCommit[],
  lines: Int32Array,
  placesOf: (sha: string) => number[],
): JoinedCopies {
  const union = new Union(commits.length)
  const holds = new Map<number, number[]>()
  const unknown = new Map<string, number>()
  for (const [at, { takenFrom }] of commits.entries()) {
    const origins = takenFrom.flatMap((sha) => {
      const places = placesOf(sha)
      return places.length === 1 ? places : []
    })
    if (takenFrom.length === 1 && origins.length === 0) {
      // The commit itself may be in no branch, and still all that name it are its copies.
      const key = takenFrom[0]?.slice(0, 12) ?? ''
      union.join(at, unknown.get(key) ?? at)
      unknown.set(key, at)
    }
    if (origins.length === 1) union.join(at, elementAt(origins, 0))
    if (origins.length > 1) holds.set(at, origins)
  }
  for (const [at, origins] of holds)
    if (new Set(origins.map((origin) => union.find(origin))).size === 1) {
      union.join(at, elementAt(origins, 0))
      holds.delete(at)
    }
  for (const alike of sameTitles(commits)) joinTitled(alike, { commits, lines, union })
  return { changeOf: Int32Array.from(commits, (_, at) => union.find(at)), holds }
}

function sameTitles(commits: readonly NotedCommit[]): number[][] {
  const groups = new Map<string, number[]>()
  for (const [at, { subject, author }] of commits.entries()) {
    if (subject.split(' ').length < TELLING) continue
    // People change their addresses.
    const key = `${subject}\0${author.replace(/\s*<.*/, '').toLowerCase()}`
    const group = groups.get(key)
    if (group) group.push(at)
    else groups.set(key, [at])
  }
  return [...groups.values()].filter(({ length }) => length > 1)
}

/** Of two on one line, one is no copy of the other: there only what was written at one moment is one. */
function joinTitled(
  places: readonly number[],
  { commits, lines, union }: { commits: readonly NotedCommit[]; lines: Int32Array; union: Union },
): void {
  const known = places.map((at) => ({ at, change: union.find(at), ...elementAt(commits, at) }))
  const onLines = new Map<number, Set<number>>()
  for (const { at, change } of known) {
    const line = lines[at] ?? -1
    onLines.set(line, (onLines.get(line) ?? new Set()).add(change))
  }
  const isUnclear = [...onLines.values()].some((changes) => changes.size > 1)
  const [first, ...rest] = [...known].sort((one, other) => one.time - other.time)
  for (const one of rest) {
    const same = isUnclear ? known.find(({ at, authorTime }) => at !== one.at && authorTime === one.authorTime) : first
    if (same && (isUnclear || one.time - same.time <= WITHIN)) union.join(one.at, same.at)
  }
}

/** Sets that are joined until all that belong together are one. */
class Union {
  readonly #above: Int32Array

  constructor(size: number) {
    this.#above = Int32Array.from({ length: size }, (_, at) => at)
  }

  find(at: number): number {
    let top = at
    while (this.#above[top] !== top) {
      const next = this.#above[top] ?? top
      this.#above[top] = this.#above[next] ?? next
      top = next
    }
    return top
  }

  join(one: number, other: number): void {
    const [low, high] = [this.find(one), this.find(other)].sort((left, right) => left - right)
    this.#above[high ?? one] = low ?? one
  }
}
