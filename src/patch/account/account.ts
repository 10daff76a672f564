/** Holds an old queue against a new one: every change of the old has one fate. Pure. */
import type { CarriedChange } from '../../model/account.ts'
import type { ByteString } from '../../model/bytes.ts'
import { changesIn } from '../../model/fate.ts'
import type { Hunk } from '../../model/patch.ts'
import type { HeldQueue } from './held.ts'
import {
  type AccountSide,
  beforeOf,
  findLine,
  type HunkRuns,
  hunksOf,
  nameBefore,
  QueueHunks,
  sharesContext,
} from './hunk-runs.ts'
import { hasTextFromBefore } from './landed-then.ts'
import { intervalAt, type LineMap, mapLines } from './line-map.ts'
import { aliasesOf, matchesOf } from './matches.ts'
import { wentTo } from './moved-around.ts'
import { type ChangedPlace, tellChanged } from './reworded.ts'
import { isRewrittenAs } from './rewritten.ts'
import { type Run, type RunLine, trimEnd } from './runs.ts'
import { isTopLevel, scopeOf } from './scope.ts'

/** What carries a change, before the lines of two changed hunks are told apart. */
interface Found extends ChangedPlace {
  fate: CarriedChange['fate']
  sides: Set<number>
}

/** `movedTo`: where upstream took a file of the base. */
export function holdQueues(
  old: readonly AccountSide[],
  now: readonly AccountSide[],
  movedTo: (path: ByteString) => ByteString,
): HeldQueue {
  return new Holder(old, now, movedTo).hold()
}

const WHOLE = { lost: [], place: [], stands: [] }

class Holder {
  readonly #old: readonly AccountSide[]
  readonly #now: readonly AccountSide[]
  readonly #movedTo: (path: ByteString) => ByteString
  readonly #hunks: QueueHunks
  /** By the lines themselves: files that are alike have the same. */
  readonly #maps = new Map<readonly ByteString[], Map<readonly ByteString[], LineMap>>()
  /** What a file that an old patch makes is called in the new queue, where it is called otherwise. */
  readonly #aliases: ReadonlyMap<string, ByteString>
  /** Which new patches carry something of each old one. */
  readonly #matches: Set<number>[]
  /** New hunks that stand for a changed one: what they add need not be named again. */
  readonly #changed = new Set<HunkRuns>()

  constructor(old: readonly AccountSide[], now: readonly AccountSide[], movedTo: (path: ByteString) => ByteString) {
    ;[this.#old, this.#now, this.#movedTo] = [old, now, movedTo]
    this.#hunks = new QueueHunks(now)
    this.#matches = matchesOf(old, now)
    this.#aliases = aliasesOf(old, now, this.#matches)
  }

  hold(): HeldQueue {
    const wanted = this.#old.flatMap((side, at) => hunksOf(side, at))
    const carried = new Map<HunkRuns, Found>()
    const pass = (find: (hunk: HunkRuns) => Found | null) => {
      for (const hunk of wanted) {
        if (carried.has(hunk)) continue
        const found = find(hunk)
        if (!found) continue
        carried.set(hunk, found)
        for (const side of found.sides) this.#matches[hunk.side]?.add(side)
      }
    }
    pass((hunk) => this.#wholeAtPlace(hunk))
    pass((hunk) => this.#wholeWhereItWent(hunk))
    pass((hunk) => this.#wholeInScope(hunk))
    pass((hunk) => this.#partAtPlace(hunk))
    pass((hunk) => this.#rewrittenElsewhere(hunk))
    const told = tellChanged(carried, this.#hunks.all)
    const byKey = new Map(wanted.map((hunk) => [`${hunk.side} ${hunk.hunk} ${hunk.path}`, hunk]))
    return {
      patches: this.#old.map(({ patch }, side) =>
        changesIn(patch).map((change) => {
          const hunk = byKey.get(`${side} ${change.hunk} ${change.path}`)
          return { change, carried: hunk ? (told.get(hunk) ?? null) : null }
        }),
      ),
      unaccounted: this.#hunks.all.filter((hunk) => {
        return !this.#changed.has(hunk) && hunk.runs.some(({ lines }) => lines.some(({ isUsed }) => !isUsed))
      }),
    }
  }

  /** All its lines, at its own place. */
  #wholeAtPlace(hunk: HunkRuns): Found | null {
    const taken: RunLine[] = []
    const sides = new Set<number>()
    let only: HunkRuns | null = null
    for (const run of hunk.runs) {
      const there = this.#runsAt(hunk, run)
      for (const line of run.lines) {
        const found = findLine(there, line, taken)
        if (!found) return null
        taken.push(found.line)
        sides.add(found.hunk.side)
        only = found.hunk
      }
    }
    for (const line of taken) line.isUsed = true
    const isAsIs = sides.size === 1 && only !== null && this.#isSame(hunk, only)
    return { fate: isAsIs ? 'as-is' : 'moved', ...WHOLE, sides }
  }

  /** All its lines in one hunk with the surroundings that it has, where its own place is gone. */
  #wholeWhereItWent(hunk: HunkRuns): Found | null {
    if (hunk.runs.some((run) => this.#runsAt(hunk, run).length > 0 || this.#stands(hunk, run))) return null
    for (const other of this.#hunks.all) {
      if (!sharesContext(hunk, other) && !this.#wentTo(hunk, other)) continue
      const taken: RunLine[] = []
      const there = other.runs.map((run) => ({ hunk: other, run }))
      for (const line of hunk.runs.flatMap(({ lines }) => lines)) {
        const found = findLine(there, line, taken)
        if (found) taken.push(found.line)
      }
      if (taken.length < hunk.runs.reduce((sum, { lines }) => sum + lines.length, 0)) continue
      for (const line of taken) line.isUsed = true
      return { fate: 'moved', ...WHOLE, sides: new Set([other.side]) }
    }
    return null
  }

  /** Whether upstream took what is around a hunk to where one of the patch that carries the rest is. */
  #wentTo(hunk: HunkRuns, other: HunkRuns): boolean {
    if (!this.#matches[hunk.side]?.has(other.side) || this.#pathsOf(hunk).includes(other.path)) return false
    const [first] = this.#pathsOf(hunk).flatMap((path) => this.#hunks.at(path))
    const [old, now] = [this.#beforeOf(this.#old, hunk), this.#beforeOf(this.#now, other)]
    const rest = first ? this.#beforeOf(this.#now, first) : null
    const [from, to] = [hunk.runs[0]?.from, other.runs[0]?.from]
    if (!old || !now || !rest || from === undefined || to === undefined) return false
    return wentTo({ lines: old, at: from }, rest, { lines: now, at: to })
  }

  /** All its lines, in the patch that carries the rest: elsewhere in the same function and branch. */
  #wholeInScope(hunk: HunkRuns): Found | null {
    const own = this.#matches[hunk.side] ?? new Set()
    const old = this.#beforeOf(this.#old, hunk) ?? []
    const there = this.#pathsOf(hunk)
      .flatMap((path) => this.#hunks.at(path))
      .filter(({ side }) => own.has(side))
      .flatMap((other) => other.runs.map((run) => ({ hunk: other, run })))
    const taken: RunLine[] = []
    const sides = new Set<number>()
    for (const run of hunk.runs) {
      const isTop = isTopLevel(run.lines.map(({ text }) => text))
      const scope = scopeOf(old, run.from, isTop)
      const inScope = there.filter((one) => {
        return scopeOf(this.#beforeOf(this.#now, one.hunk) ?? [], one.run.from, isTop) === scope
      })
      for (const line of run.lines) {
        const found = findLine(inScope, line, taken)
        if (!found) return null
        taken.push(found.line)
        sides.add(found.hunk.side)
      }
    }
    for (const line of taken) line.isUsed = true
    return { fate: 'moved', ...WHOLE, sides }
  }

  /** Some of its lines, or others of the patch that carries the rest, at its own place. */
  #partAtPlace(hunk: HunkRuns): Found | null {
    const sides = new Set<number>()
    const stands = new Set<HunkRuns>()
    const place: Run[] = []
    const lost: ByteString[] = []
    let found = 0
    for (const run of hunk.runs) {
      const there = this.#runsAt(hunk, run)
      place.push(...there.map((one) => one.run))
      for (const line of run.lines) {
        const same = findLine(there, line, [])
        if (same) {
          same.line.isUsed = true
          found++
          sides.add(same.hunk.side)
          stands.add(same.hunk)
        } else if (line.kind === 'add' && this.#isLost(hunk, run, line)) lost.push(trimEnd(line.text))
      }
      for (const { hunk: other, run: others } of there) {
        const isOwn = this.#matches[hunk.side]?.has(other.side) ?? false
        if (!isOwn || others.lines.every(({ isUsed }) => isUsed)) continue
        sides.add(other.side)
        stands.add(other)
        found++
      }
    }
    if (found === 0) return null
    for (const one of stands) this.#changed.add(one)
    return { fate: 'changed', lost, place, stands: [...stands], sides }
  }

  /**
   * Where its place is gone: a hunk of the patch that carries the rest, in the same file, that nothing
   * else accounts for and that has much of its words.
   */
  #rewrittenElsewhere(hunk: HunkRuns): Found | null {
    const own = this.#matches[hunk.side] ?? new Set()
    const there = this.#pathsOf(hunk).flatMap((path) => this.#hunks.at(path))
    const [first] = there
    const now = first ? this.#beforeOf(this.#now, first) : null
    if (!now || hasTextFromBefore(hunk.source, now)) return null
    const free = there.filter((one) => own.has(one.side) && !this.#changed.has(one))
    const other = free.find((one) => isRewrittenAs(hunk, one))
    if (!other) return null
    const lost: ByteString[] = []
    for (const run of hunk.runs)
      for (const line of run.lines)
        if (line.kind === 'add' && this.#isLost(hunk, run, line)) lost.push(trimEnd(line.text))
    this.#changed.add(other)
    return { fate: 'changed', lost, place: other.runs, stands: [other], sides: new Set([other.side]) }
  }

  /** New runs at the place of an old one, those of the patches that carry the rest first. */
  #runsAt(hunk: HunkRuns, run: Run): { hunk: HunkRuns; run: Run }[] {
    const own = this.#matches[hunk.side] ?? new Set()
    const paths = this.#pathsOf(hunk)
    // Finding places is dear: only where there is something to find.
    const likely = new Set(run.lines.flatMap((line) => [...this.#hunks.with(line)]))
    for (const path of paths) for (const other of this.#hunks.at(path)) if (own.has(other.side)) likely.add(other)
    const there = [...likely].flatMap((other) => {
      const at = paths.includes(other.path) ? other.runs.filter((one) => this.#isAt(hunk, run, other, one)) : []
      return at.map((one) => ({ hunk: other, run: one }))
    })
    return there.sort((one, other) => Number(own.has(other.hunk.side)) - Number(own.has(one.hunk.side)))
  }

  #pathsOf({ path, side }: HunkRuns): ByteString[] {
    const oldPath = nameBefore(this.#old[side], path)
    const alias = this.#aliases.get(`${side} ${path}`)
    const names = [path, this.#movedTo(path), this.#movedTo(oldPath), ...(alias === undefined ? [] : [alias])]
    return [...new Set(names)]
  }

  #isAt(hunk: HunkRuns, run: Run, other: HunkRuns, one: Run): boolean {
    const [old, now] = [this.#beforeOf(this.#old, hunk), this.#beforeOf(this.#now, other)]
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

  #beforeOf(sides: readonly AccountSide[], { side, path }: HunkRuns): readonly ByteString[] | null {
    return beforeOf(sides[side], path)
  }

  /** Whether what surrounds an old run still stands, in any state of the new queue. */
  #stands(hunk: HunkRuns, run: Run): boolean {
    const old = this.#beforeOf(this.#old, hunk)
    const other = this.#pathsOf(hunk).flatMap((path) => this.#hunks.at(path))[0]
    const now = other ? this.#beforeOf(this.#now, other) : null
    if (!old || !other || !now) return false
    const { isSure } = intervalAt(this.#map(old, now), run)
    return isSure
  }

  #isLost(hunk: HunkRuns, run: Run, { text }: RunLine): boolean {
    if (text.trim() === '') return false
    return !this.#pathsOf(hunk).some((path) => {
      const other = this.#hunks.at(path)[0]
      const [old, now] = [this.#beforeOf(this.#old, hunk), other ? this.#beforeOf(this.#now, other) : null]
      if (!old || !other || !now) return false
      const { low, high } = intervalAt(this.#map(old, now), run)
      return now.slice(Math.max(0, low), high).some((line) => line.trim() === text.trim())
    })
  }

  #isSame(hunk: HunkRuns, other: HunkRuns): boolean {
    const textOf = ({ oldStart, newStart, lines }: Hunk) =>
      `${oldStart} ${newStart} ${lines.map(({ kind, text }) => kind + text).join('')}`
    const [old, now] = [this.#old[hunk.side]?.patch.name, this.#now[other.side]?.patch.name]
    return old === now && hunk.path === other.path && textOf(hunk.source) === textOf(other.source)
  }
}
