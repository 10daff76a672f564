/** Which commits brought what stands of a patch, and which took it out again. Pure. */
import type { ByteString } from '../model/bytes.ts'
import type { CommitHistory } from '../model/commit-history.ts'
import type { IndexedCommit } from '../model/history.ts'
import { hashLine } from '../model/line-hash.ts'
import type { ChangedLines, SignedLine } from '../patch/lines.ts'
import type { HashIndex } from './hash-index.ts'
import type { PathIndex } from './path-index.ts'

/** A line changed by more commits than this does not tell who brought it. */
const COMMON = 100

/** Lines that a hunk adds and removes, and the names under which upstream has the file. */
export interface HunkLines {
  lines: readonly SignedLine[]
  names: ReadonlySet<string>
}

/** A commit that changed lines of a hunk just so, in a file of its names; and how many of them. */
export interface Bringer {
  commit: IndexedCommit
  lines: number
}

/** Where bringers are looked for. `lines`: an index of `history` that knows the hunks' lines. */
export interface BringerSources {
  history: CommitHistory
  lines: HashIndex
  paths: PathIndex
}

/** The commits that changed lines of a hunk just so, newest first. */
export function bringersOf({ lines: own, names }: HunkLines, { history, lines, paths }: BringerSources): Bringer[] {
  const counts = new Map<number, number>()
  for (const { sign, text } of own) {
    const hash = hashLine(sign, text)
    const places = hash === null ? [] : lines.commitsWith(hash)
    for (const place of places) counts.set(place, (counts.get(place) ?? 0) + (places.length > COMMON ? 0.01 : 1))
  }
  return [...counts]
    .filter(([place]) => paths.touches(place, names))
    .sort(([one], [other]) => other - one)
    .map(([place, count]) => ({ commit: history.at(place), lines: count }))
}

/** The one that brought most, of several the newest; a preferred one before all others. */
export function bringerOf(bringers: readonly Bringer[], preferred: ReadonlySet<string>): IndexedCommit | null {
  const own = bringers.filter(({ commit }) => preferred.has(commit.sha))
  const among = own.length > 0 ? own : bringers
  let best: Bringer | null = null
  for (const one of among) if (one.lines > (best?.lines ?? 0)) best = one
  return best?.commit ?? null
}

/** The commits after one of them, asked about files under all their names. */
export class LaterCommits {
  readonly #history: CommitHistory
  readonly #paths: PathIndex
  readonly #place: number

  /** `place`: of that one. */
  constructor(history: CommitHistory, paths: PathIndex, place: number) {
    this.#history = history
    this.#paths = paths
    this.#place = place
  }

  /** The last that touched a file of these names; null where none did. */
  newest(names: ReadonlySet<ByteString>): IndexedCommit | null {
    return this.#paths.newest(names, this.#place)
  }

  /**
   * The one that took out what the first left in such a file: most of these lines, the newest of
   * several. Null where none did.
   */
  changerOf(
    changed: { added: readonly ByteString[]; removed: readonly ByteString[] },
    names: ReadonlySet<ByteString>,
  ): IndexedCommit | null {
    const wanted = new Set([
      ...changed.added.flatMap((text) => hashLine('-', text) ?? []),
      ...changed.removed.flatMap((text) => hashLine('+', text) ?? []),
    ])
    const places = new Set<number>()
    this.#history.find('line', wanted, (_, place) => {
      if (place > this.#place && this.#paths.touches(place, names)) places.add(place)
    })
    let best: { commit: IndexedCommit; count: number } | null = null
    for (const place of [...places].sort((one, other) => one - other)) {
      const commit = this.#history.at(place)
      let count = 0
      for (const line of commit.lines) if (wanted.has(line)) count++
      if (count >= (best?.count ?? 0)) best = { commit, count }
    }
    return best?.commit ?? null
  }
}

/** Whether most of what a commit takes out of a file it puts in again, there or elsewhere. */
export function movesLines(removed: readonly ByteString[], commit: IndexedCommit): boolean {
  const hashes = removed.flatMap((text) => hashLine('+', text) ?? [])
  const put = new Set(commit.lines)
  return hashes.length > 0 && hashes.filter((hash) => put.has(hash)).length >= MOST * hashes.length
}

/**
 * Whether what a commit takes out of a file may live on: it moves the lines, or changes others than
 * the patch does, and may have put these in their place. `own`: the lines of the patch, which takes
 * them out.
 */
export function mayLiveOn(removed: readonly ByteString[], commit: IndexedCommit, own: ChangedLines): boolean {
  return commit.lines.some((line) => !own.has(line)) || movesLines(removed, commit)
}

/** So much of a removal must be put in again. */
const MOST = 0.5
