/** Holds an old queue against a new one: every change of the old has one fate. Pure. */
import type { CarriedChange } from '../../model/account.ts'
import type { ByteString } from '../../model/bytes.ts'
import { changesIn, type PatchChange } from '../../model/fate.ts'
import type { Hunk, Patch } from '../../model/patch.ts'
import type { TreeEntry } from '../../model/tree.ts'
import { intervalAt, type LineMap, mapLines } from './line-map.ts'
import { type Run, type RunLine, runsOf, trimEnd } from './runs.ts'

/** A file as a patch finds it and leaves it; null where there is none. */
export interface FileSides {
  before: { entry: TreeEntry; lines: readonly ByteString[] } | null
  after: { entry: TreeEntry; lines: readonly ByteString[] } | null
}

/** A patch of either queue, with the files that it changes there. */
export interface AccountSide {
  patch: Patch
  files: ReadonlyMap<ByteString, FileSides>
}

/** A hunk of either queue, in runs. */
export interface HunkRuns {
  side: number
  path: ByteString
  hunk: number
  source: Hunk
  runs: Run[]
}

/** What of an old change the new queue carries; null where it carries none of it. */
export type Carried = Pick<CarriedChange, 'fate' | 'lost'> & { sides: Set<number> }

/** One change of an old patch with what carries it. */
export interface HeldChange {
  change: PatchChange
  carried: Carried | null
}

export interface HeldQueue {
  /** By old patch, in the order of its changes. */
  patches: HeldChange[][]
  /** New hunks with a line that no old change accounts for. */
  unaccounted: HunkRuns[]
}

/** `movedTo`: where upstream took a file of the base. */
export function holdQueues(
  old: readonly AccountSide[],
  now: readonly AccountSide[],
  movedTo: (path: ByteString) => ByteString,
): HeldQueue {
  return new Holder(old, now, movedTo).hold()
}

class Holder {
  readonly #old: readonly AccountSide[]
  readonly #now: readonly AccountSide[]
  readonly #movedTo: (path: ByteString) => ByteString
  readonly #hunks: HunkRuns[]
  readonly #byPath = new Map<ByteString, HunkRuns[]>()
  /** The new hunks that have a line. */
  readonly #byLine = new Map<ByteString, HunkRuns[]>()
  readonly #added: ReadonlySet<ByteString>
  /** By the lines themselves: files that are alike have the same. */
  readonly #maps = new Map<readonly ByteString[], Map<readonly ByteString[], LineMap>>()
  /** Which new patches carry something of each old one. */
  readonly #matches: Set<number>[]
  /** New hunks that stand for a changed one: what they add need not be named again. */
  readonly #changed = new Set<HunkRuns>()

  constructor(old: readonly AccountSide[], now: readonly AccountSide[], movedTo: (path: ByteString) => ByteString) {
    ;[this.#old, this.#now, this.#movedTo] = [old, now, movedTo]
    this.#hunks = now.flatMap((side, at) => hunksOf(side, at))
    for (const hunk of this.#hunks) {
      addTo(this.#byPath, hunk.path, hunk)
      for (const key of new Set(hunk.runs.flatMap(({ lines }) => lines.map(keyOf)))) addTo(this.#byLine, key, hunk)
    }
    const lines = this.#hunks.flatMap(({ runs }) => runs.flatMap((run) => run.lines))
    this.#added = new Set(lines.filter(({ kind }) => kind === 'add').map(({ text }) => text.trim()))
    const places = new Map(now.map(({ patch }, at) => [patch.name, at]))
    this.#matches = old.map(({ patch }) => {
      const same = places.get(patch.name)
      return new Set(same === undefined ? [] : [same])
    })
  }

  hold(): HeldQueue {
    const wanted = this.#old.flatMap((side, at) => hunksOf(side, at))
    const carried = new Map<HunkRuns, Carried>()
    const pass = (find: (hunk: HunkRuns) => Carried | null) => {
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
    pass((hunk) => this.#partAtPlace(hunk))
    const byKey = new Map(wanted.map((hunk) => [`${hunk.side} ${hunk.hunk} ${hunk.path}`, hunk]))
    return {
      patches: this.#old.map(({ patch }, side) =>
        changesIn(patch).map((change) => {
          const hunk = byKey.get(`${side} ${change.hunk} ${change.path}`)
          return { change, carried: hunk ? (carried.get(hunk) ?? null) : null }
        }),
      ),
      unaccounted: this.#hunks.filter((hunk) => {
        return !this.#changed.has(hunk) && hunk.runs.some(({ lines }) => lines.some(({ isUsed }) => !isUsed))
      }),
    }
  }

  /** All its lines, at its own place. */
  #wholeAtPlace(hunk: HunkRuns): Carried | null {
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
    return { fate: isAsIs ? 'as-is' : 'moved', lost: [], sides }
  }

  /** All its lines in one hunk with the surroundings that it had, where its own place is gone. */
  #wholeWhereItWent(hunk: HunkRuns): Carried | null {
    if (hunk.runs.some((run) => this.#runsAt(hunk, run).length > 0 || this.#stands(hunk, run))) return null
    const around = contextOf(hunk.source)
    if (around.length === 0) return null
    for (const other of this.#hunks) {
      const stands = new Set(contextOf(other.source))
      if (around.filter((line) => stands.has(line)).length * 2 < around.length) continue
      const taken: RunLine[] = []
      const there = other.runs.map((run) => ({ hunk: other, run }))
      for (const line of hunk.runs.flatMap(({ lines }) => lines)) {
        const found = findLine(there, line, taken)
        if (found) taken.push(found.line)
      }
      if (taken.length < hunk.runs.reduce((sum, { lines }) => sum + lines.length, 0)) continue
      for (const line of taken) line.isUsed = true
      return { fate: 'moved', lost: [], sides: new Set([other.side]) }
    }
    return null
  }

  /** Some of its lines, or others of the patch that carries the rest, at its own place. */
  #partAtPlace(hunk: HunkRuns): Carried | null {
    const sides = new Set<number>()
    const stands = new Set<HunkRuns>()
    const lost: ByteString[] = []
    let found = 0
    for (const run of hunk.runs) {
      const there = this.#runsAt(hunk, run)
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
    return { fate: 'changed', lost, sides }
  }

  /** New runs at the place of an old one, those of the patches that carry the rest first. */
  #runsAt(hunk: HunkRuns, run: Run): { hunk: HunkRuns; run: Run }[] {
    const own = this.#matches[hunk.side] ?? new Set()
    const paths = this.#pathsOf(hunk)
    // Finding places is dear: only where there is something to find.
    const likely = new Set(run.lines.flatMap((line) => this.#byLine.get(keyOf(line)) ?? []))
    for (const path of paths)
      for (const other of this.#byPath.get(path) ?? []) if (own.has(other.side)) likely.add(other)
    const there = [...likely].flatMap((other) => {
      const at = paths.includes(other.path) ? other.runs.filter((one) => this.#isAt(hunk, run, other, one)) : []
      return at.map((one) => ({ hunk: other, run: one }))
    })
    return there.sort((one, other) => Number(own.has(other.hunk.side)) - Number(own.has(one.hunk.side)))
  }

  #pathsOf({ path, side }: HunkRuns): ByteString[] {
    const oldPath = this.#old[side]?.patch.content.kind === 'readable' ? this.#oldNameOf(side, path) : path
    return [...new Set([path, this.#movedTo(path), this.#movedTo(oldPath)])]
  }

  /** The name that a file has before the patch: a rename gives it another. */
  #oldNameOf(side: number, path: ByteString): ByteString {
    const content = this.#old[side]?.patch.content
    const change = content?.kind === 'readable' ? content.files.find(({ newPath }) => newPath === path) : undefined
    return change?.oldPath ?? path
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
    const other = this.#pathsOf(hunk).flatMap((path) => this.#byPath.get(path) ?? [])[0]
    const now = other ? this.#beforeOf(this.#now, other) : null
    if (!old || !other || !now) return false
    const { isSure } = intervalAt(this.#map(old, now), run)
    return isSure
  }

  #isLost(hunk: HunkRuns, run: Run, { text }: RunLine): boolean {
    if (text.trim() === '' || this.#added.has(text.trim())) return false
    return !this.#pathsOf(hunk).some((path) => {
      const other = (this.#byPath.get(path) ?? [])[0]
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

/** A file before a patch, by the name that it has after it; null where there was none. */
function beforeOf(side: AccountSide | undefined, path: ByteString): readonly ByteString[] | null {
  const content = side?.patch.content
  const change = content?.kind === 'readable' ? content.files.find(({ newPath }) => newPath === path) : undefined
  const name = change && change.oldPath !== null ? change.oldPath : path
  return (side?.files.get(name) ?? side?.files.get(path))?.before?.lines ?? null
}

function hunksOf(side: AccountSide, at: number): HunkRuns[] {
  return changesIn(side.patch).flatMap(({ path, hunk, file }) => {
    const source = file.body.kind === 'text' && hunk !== null ? file.body.hunks[hunk - 1] : undefined
    if (hunk === null || !source) return []
    return [{ side: at, path, hunk, source, runs: runsOf(source, beforeOf(side, path) ?? []) }]
  })
}

function keyOf({ kind, text }: RunLine): ByteString {
  return kind + trimEnd(text)
}

function addTo<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const known = map.get(key)
  if (known) known.push(value)
  else map.set(key, [value])
}

function findLine(
  there: readonly { hunk: HunkRuns; run: Run }[],
  { kind, text }: RunLine,
  taken: readonly RunLine[],
): { hunk: HunkRuns; line: RunLine } | null {
  for (const { hunk, run } of there) {
    const line = run.lines.find((one) => {
      return one.kind === kind && !one.isUsed && trimEnd(one.text) === trimEnd(text) && !taken.includes(one)
    })
    if (line) return { hunk, line }
  }
  return null
}

/** Lines around a hunk's changes that say something. */
function contextOf({ lines }: Hunk): ByteString[] {
  return lines.filter(({ kind, text }) => kind === 'context' && /\w/.test(text)).map(({ text }) => text.trim())
}
