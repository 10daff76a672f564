/** Where the changes of an old queue belong in the new one. Pure. */
import type { ByteString } from '../../model/bytes.ts'
import { type AccountSide, beforeOf, type HunkRuns, nameBefore, type QueueHunks } from './hunk-runs.ts'
import { intervalAt, type LineMap, mapLines } from './line-map.ts'
import type { Run, RunLine } from './runs.ts'

/** Both queues, and what is known of them. */
export interface PlaceFacts {
  old: readonly AccountSide[]
  now: readonly AccountSide[]
  hunks: QueueHunks
  /** Which new patches carry something of each old one. */
  matches: readonly ReadonlySet<number>[]
  /** What a file that an old patch makes is called in the new queue, by "side path". */
  aliases: ReadonlyMap<string, ByteString>
  /** Where upstream took a file of the base. */
  movedTo: (path: ByteString) => ByteString
}

export class Places {
  readonly #old: readonly AccountSide[]
  readonly #now: readonly AccountSide[]
  readonly #hunks: QueueHunks
  readonly #matches: readonly ReadonlySet<number>[]
  readonly #aliases: ReadonlyMap<string, ByteString>
  readonly #movedTo: (path: ByteString) => ByteString
  /** By the lines themselves: files that are alike have the same. */
  readonly #maps = new Map<readonly ByteString[], Map<readonly ByteString[], LineMap>>()

  constructor({ old, now, hunks, matches, aliases, movedTo }: PlaceFacts) {
    ;[this.#old, this.#now, this.#hunks] = [old, now, hunks]
    ;[this.#matches, this.#aliases, this.#movedTo] = [matches, aliases, movedTo]
  }

  /** New runs at the place of an old one, those of the patches that carry the rest first. */
  runsAt(hunk: HunkRuns, run: Run): { hunk: HunkRuns; run: Run }[] {
    const own = this.#matches[hunk.side] ?? new Set()
    const paths = this.pathsOf(hunk)
    // Finding places is dear: only where there is something to find.
    const likely = new Set(run.lines.flatMap((line) => [...this.#hunks.with(line)]))
    for (const path of paths) for (const other of this.#hunks.at(path)) if (own.has(other.side)) likely.add(other)
    const there = [...likely].flatMap((other) => {
      const at = paths.includes(other.path) ? other.runs.filter((one) => this.#isAt(hunk, run, other, one)) : []
      return at.map((one) => ({ hunk: other, run: one }))
    })
    return there.sort((one, other) => Number(own.has(other.hunk.side)) - Number(own.has(one.hunk.side)))
  }

  /** What the file of an old hunk may be called in the new queue. */
  pathsOf({ path, side }: HunkRuns): ByteString[] {
    const oldPath = nameBefore(this.#old[side], path)
    const alias = this.#aliases.get(`${side} ${path}`)
    const names = [path, this.#movedTo(path), this.#movedTo(oldPath), ...(alias === undefined ? [] : [alias])]
    return [...new Set(names)]
  }

  #isAt(hunk: HunkRuns, run: Run, other: HunkRuns, one: Run): boolean {
    const [old, now] = [this.old(hunk), this.now(other)]
    if (old === null && now === null) return true
    // A file that is made anew holds what a patch of it brought, wherever.
    if (old === null || now === null) return true
    const { low, high } = intervalAt(this.#map(old, now), run)
    return one.from <= high && one.to >= low
  }

  #map(old: readonly ByteString[], now: readonly ByteString[]): LineMap {
    const known = this.#maps.get(old)?.get(now)
    if (known) return known
    const map = mapLines(old, now)
    this.#maps.set(old, (this.#maps.get(old) ?? new Map()).set(now, map))
    return map
  }

  /** The file of an old hunk before its patch; null where there was none. */
  old({ side, path }: HunkRuns): readonly ByteString[] | null {
    return beforeOf(this.#old[side], path)
  }

  /** The file of a new hunk before its patch; null where there was none. */
  now({ side, path }: HunkRuns): readonly ByteString[] | null {
    return beforeOf(this.#now[side], path)
  }

  /** Whether what surrounds an old run still stands, in any state of the new queue. */
  stands(hunk: HunkRuns, run: Run): boolean {
    const old = this.old(hunk)
    const other = this.pathsOf(hunk).flatMap((path) => this.#hunks.at(path))[0]
    const now = other ? this.now(other) : null
    if (!old || !other || !now) return false
    const { isSure } = intervalAt(this.#map(old, now), run)
    return isSure
  }

  /** Whether the target has not at its place what a line says. */
  isLost(hunk: HunkRuns, run: Run, { text }: RunLine): boolean {
    if (text.trim() === '') return false
    return !this.pathsOf(hunk).some((path) => {
      const other = this.#hunks.at(path)[0]
      const [old, now] = [this.old(hunk), other ? this.now(other) : null]
      if (!old || !other || !now) return false
      const { low, high } = intervalAt(this.#map(old, now), run)
      return now.slice(Math.max(0, low), high).some((line) => line.trim() === text.trim())
    })
  }
}
