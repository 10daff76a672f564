/** Holds an old queue against a new one: every change of the old has one fate. Pure. */
import type { CarriedChange } from '../../model/account.ts'
import type { ByteString } from '../../model/bytes.ts'
import { changesIn } from '../../model/fate.ts'
import type { Hunk } from '../../model/patch.ts'
import { saysSomething } from '../lines.ts'
import type { HeldQueue } from './held.ts'
import { type AccountSide, findLine, type HunkRuns, hunksOf, QueueHunks, sharesContext } from './hunk-runs.ts'
import { idleIn, saysItIsGenerated } from './idle.ts'
import { hasTextFromAfter, hasTextFromBefore } from './landed-then.ts'
import { aliasesOf, matchesOf } from './matches.ts'
import { wentTo } from './moved-around.ts'
import { Places } from './places.ts'
import { type ChangedPlace, tellChanged } from './reworded.ts'
import { isRewrittenAs, isWrittenAnew, onlyTakesAway } from './rewritten.ts'
import { type Run, type RunLine, trimEnd } from './runs.ts'
import { isTopLevel, scopeOf } from './scope.ts'
import { withoutTakenBack } from './undone.ts'

/** What carries a change, before the lines of two changed hunks are told apart. */
interface Found extends ChangedPlace {
  fate: CarriedChange['fate']
  sides: Set<number>
  /** Whether only patches that carry nothing else of the old one have it, or some of its lines, there. */
  isStranger: boolean
}

/** What upstream made of files. */
export interface UpstreamFiles {
  /** Where it took a file of the base. */
  movedTo: (path: ByteString) => ByteString
  /** Whether it has what a program makes the file from. */
  hasTemplate: (path: ByteString) => boolean
}

export function holdQueues(old: readonly AccountSide[], now: readonly AccountSide[], files: UpstreamFiles): HeldQueue {
  return new Holder(old, now, files).hold()
}

const WHOLE = { lost: [], replaced: [], idle: new Set<ByteString>(), place: [], stands: [], isStranger: false }

class Holder {
  readonly #old: readonly AccountSide[]
  readonly #now: readonly AccountSide[]
  readonly #hunks: QueueHunks
  readonly #places: Places
  readonly #hasTemplate: (path: ByteString) => boolean
  /** Which new patches carry something of each old one. */
  readonly #matches: Set<number>[]
  /** New hunks that stand for a changed one: what they add need not be named again. */
  readonly #changed = new Set<HunkRuns>()

  constructor(old: readonly AccountSide[], now: readonly AccountSide[], { movedTo, hasTemplate }: UpstreamFiles) {
    ;[this.#old, this.#now, this.#hasTemplate] = [old, now, hasTemplate]
    this.#hunks = new QueueHunks(now)
    this.#matches = matchesOf(old, now)
    const aliases = aliasesOf(old, now, this.#matches)
    this.#places = new Places({ old, now, hunks: this.#hunks, matches: this.#matches, aliases, movedTo })
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
        if (!found.isStranger) for (const side of found.sides) this.#matches[hunk.side]?.add(side)
      }
    }
    pass((hunk) => this.#wholeAtPlace(hunk))
    pass((hunk) => this.#wholeWhereItWent(hunk))
    pass((hunk) => this.#wholeInScope(hunk))
    pass((hunk) => this.#partAtPlace(hunk))
    pass((hunk) => this.#rewrittenElsewhere(hunk))
    pass((hunk) => this.#takenAwayElsewhere(hunk))
    pass((hunk) => this.#folded(hunk))
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
      const there = this.#places.runsAt(hunk, run)
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
    if (hunk.runs.some((run) => this.#places.runsAt(hunk, run).length > 0 || this.#places.stands(hunk, run)))
      return null
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
    if (!this.#matches[hunk.side]?.has(other.side) || this.#places.pathsOf(hunk).includes(other.path)) return false
    const [first] = this.#places.pathsOf(hunk).flatMap((path) => this.#hunks.at(path))
    const [old, now] = [this.#places.old(hunk), this.#places.now(other)]
    const rest = first ? this.#places.now(first) : null
    const [from, to] = [hunk.runs[0]?.from, other.runs[0]?.from]
    if (!old || !now || !rest || from === undefined || to === undefined) return false
    return wentTo({ lines: old, at: from }, rest, { lines: now, at: to })
  }

  /** All its lines, in the patch that carries the rest: elsewhere in the same function and branch. */
  #wholeInScope(hunk: HunkRuns): Found | null {
    const own = this.#matches[hunk.side] ?? new Set()
    const old = this.#places.old(hunk) ?? []
    const there = this.#places
      .pathsOf(hunk)
      .flatMap((path) => this.#hunks.at(path))
      .filter(({ side }) => own.has(side))
      .flatMap((other) => other.runs.map((run) => ({ hunk: other, run })))
    const taken: RunLine[] = []
    const sides = new Set<number>()
    for (const run of hunk.runs) {
      const isTop = isTopLevel(run.lines.map(({ text }) => text))
      const scope = scopeOf(old, run.from, isTop)
      const inScope = there.filter((one) => {
        return scopeOf(this.#places.now(one.hunk) ?? [], one.run.from, isTop) === scope
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
    const own = this.#matches[hunk.side] ?? new Set()
    const taken: RunLine[] = []
    const stands = new Set<HunkRuns>()
    const place: Run[] = []
    const [lost, replaced]: [ByteString[], ByteString[]] = [[], []]
    for (const run of hunk.runs) {
      const there = this.#places.runsAt(hunk, run)
      place.push(...there.map((one) => one.run))
      for (const line of run.lines) {
        const same = findLine(there, line, taken)
        if (same) {
          taken.push(same.line)
          stands.add(same.hunk)
        } else if (line.kind === 'remove') replaced.push(line.text)
        else if (this.#places.isLost(hunk, run, line)) lost.push(trimEnd(line.text))
      }
      for (const { hunk: other, run: others } of there)
        if (own.has(other.side) && others.lines.some((line) => !line.isUsed && !taken.includes(line))) stands.add(other)
    }
    const sides = new Set([...stands].map(({ side }) => side))
    const isStranger = ![...sides].some((side) => own.has(side))
    if (stands.size === 0 || (isStranger && !isMuchOf(taken, hunk))) return null
    for (const line of taken) line.isUsed = true
    for (const one of stands) this.#changed.add(one)
    return { fate: 'changed', lost, replaced, idle: this.#idleIn(hunk), place, stands: [...stands], sides, isStranger }
  }

  /**
   * A hunk of the patch that carries the rest, in the same file, that nothing else accounts for and
   * that has much of its words. Where the old place still stands, one that a person wrote: a tool
   * that puts a hunk into the function beside has its very lines, or lines around them.
   */
  #rewrittenElsewhere(hunk: HunkRuns): Found | null {
    const own = this.#matches[hunk.side] ?? new Set()
    const there = this.#places.pathsOf(hunk).flatMap((path) => this.#hunks.at(path))
    const [first] = there
    const now = first ? this.#places.now(first) : null
    if (!now) return null
    const isGone = !hasTextFromBefore(hunk.source, now)
    const free = there.filter((one) => own.has(one.side) && !this.#changed.has(one))
    const other = this.#isGenerated(hunk)
      ? free[0]
      : free.find((one) => isRewrittenAs(hunk, one) && (isGone || isWrittenAnew(hunk, one)))
    return other ? this.#changedTo(hunk, other) : null
  }

  /**
   * Of a hunk that only takes something away, which is gone from its file: the one hunk of the patch
   * that carries the rest which does so in another file, and that nothing else accounts for.
   */
  #takenAwayElsewhere(hunk: HunkRuns): Found | null {
    const own = this.#matches[hunk.side] ?? new Set()
    const [first] = this.#places.pathsOf(hunk).flatMap((path) => this.#hunks.at(path))
    const now = first ? this.#places.now(first) : null
    if (!onlyTakesAway(hunk) || (now && hasTextFromBefore(hunk.source, now))) return null
    const free = this.#hunks.all.filter((one) => {
      return (
        own.has(one.side) &&
        !this.#changed.has(one) &&
        one.runs.every(({ lines }) => lines.every((line) => !line.isUsed))
      )
    })
    const [other, more] = free.filter(onlyTakesAway)
    return other && !more ? this.#changedTo(hunk, other) : null
  }

  /** What the new queue makes in the end, though no hunk of it does so: it became part of another. */
  #folded(hunk: HunkRuns): Found | null {
    const { source } = hunk
    const paths = this.#places.pathsOf(hunk)
    const states = this.#now.flatMap((side, at) => {
      const path = paths.find((one) => side.files.has(one))
      const file = path === undefined ? undefined : side.files.get(path)
      return file ? [{ at, before: file.before?.lines ?? [], after: file.after?.lines ?? [] }] : []
    })
    const end = states.at(-1)?.after
    if (!end || hasTextFromBefore(source, end) || !hasTextFromAfter([source], end)) return null
    const maker = states.findLast(({ before }) => !hasTextFromAfter([source], before))
    return maker ? { fate: 'moved', ...WHOLE, sides: new Set([maker.at]), isStranger: true } : null
  }

  #changedTo(hunk: HunkRuns, other: HunkRuns): Found {
    const lines = hunk.runs.flatMap((run) => run.lines.map((line) => ({ run, line })))
    const lost = lines.filter(({ run, line }) => line.kind === 'add' && this.#places.isLost(hunk, run, line))
    this.#changed.add(other)
    return {
      fate: 'changed',
      lost: lost.map(({ line }) => trimEnd(line.text)),
      replaced: lines.flatMap(({ line }) => (line.kind === 'remove' ? [line.text] : [])),
      idle: this.#idleIn(hunk),
      ...{ place: other.runs, stands: [other], sides: new Set([other.side]), isStranger: false },
    }
  }

  #isGenerated({ side, path }: HunkRuns): boolean {
    const { before, after } = this.#old[side]?.files.get(path) ?? { before: null, after: null }
    return saysItIsGenerated(after?.lines ?? before?.lines ?? []) || this.#hasTemplate(path)
  }

  #idleIn(hunk: HunkRuns): ReadonlySet<ByteString> {
    const lines = hunk.runs.flatMap((run) => run.lines.map(({ text }) => trimEnd(text)))
    if (this.#isGenerated(hunk)) return new Set(lines)
    const left = new Set(withoutTakenBack(this.#old, hunk.side, hunk).lines.map(({ text }) => trimEnd(text)))
    return new Set([...idleIn(hunk.source, hunk.path), ...lines.filter((line) => !left.has(line))])
  }

  #isSame(hunk: HunkRuns, other: HunkRuns): boolean {
    const textOf = ({ oldStart, newStart, lines }: Hunk) =>
      `${oldStart} ${newStart} ${lines.map(({ kind, text }) => kind + text).join('')}`
    const [old, now] = [this.#old[hunk.side]?.patch.name, this.#now[other.side]?.patch.name]
    return old === now && hunk.path === other.path && textOf(hunk.source) === textOf(other.source)
  }
}

/** Whether lines are half of what a hunk says: braces and blank lines are everywhere. */
function isMuchOf(taken: readonly RunLine[], { runs }: HunkRuns): boolean {
  const telling = (lines: readonly RunLine[]) => lines.filter(({ text }) => saysSomething(text)).length
  return telling(taken) * 2 >= Math.max(1, telling(runs.flatMap(({ lines }) => lines)))
}
