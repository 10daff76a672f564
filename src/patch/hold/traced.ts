/** Traces a hunk through an upstream commit that made the change in its own way. Pure. */
import type { ByteString } from '../../model/bytes.ts'
import type { HunkLine } from '../../model/patch.ts'
import { stretchOf } from '../apply/apply.ts'
import { align } from './align.ts'
import { isAstray } from './astray.ts'
import { type CommitFile, type CommitSides, type Group, linesOf, toPlaced } from './commit-file.ts'
import { counterparts, type Level, valuesIn } from './counterparts.ts'
import { pieceIn, sideOf } from './elsewhere.ts'
import type { Standing } from './place.ts'
import { AROUND, replacedBy } from './replaced.ts'
import { type PlacedHunk, standingOf } from './standing.ts'
import { indentOf, type LineKeys, type Text } from './text.ts'

/** What a commit did of a hunk, beside what the hunk does. */
export interface Trace {
  /** Lines that the hunk adds and removes and that say something. */
  lines: number
  /** Those of them that the commit has no counterpart of: they would be lost. */
  missing: number
  /** Those that the commit makes with other numbers, strings or signs, or on another level. */
  valued: number
  /** Those in whose stead the commit has something else. */
  differing: number
  /** Those that it makes in other words, with the same values. */
  reworded: number
  /** Lines that the hunk takes out, and of which the commit takes out no counterpart. */
  left: number
  /**
   * Whether what the hunk changes stood between the same lines before the commit: then nothing
   * explains a difference.
   */
  isSamePlace: boolean
  /**
   * What stands in the target of each change that the commit made there; null where its place can't
   * be told.
   */
  stands: (Standing | null)[]
  /** The changed lines of the commit of which the target has not what the commit left. */
  changed: { added: ByteString[]; removed: ByteString[] }
  /**
   * Share of the words of what is gone, 0..1, comments aside, that stand in new lines at its place,
   * or that the file has no more at all.
   */
  replaced: number
}

/** Lines between a hunk's place and a change of the commit, and it is still the same place. */
const BESIDE = 3
/** A commit that lacks a greater share of a hunk's lines has not made it elsewhere. */
const NEARLY = 0.34

/**
 * A hunk in the text that it fits in, and which line of that text is which of the commit's
 * (`align`).
 */
export interface OwnPlace {
  hunk: PlacedHunk
  before: Text
  toCommit: Int32Array
}

/** The changes of a commit at the place of a hunk. */
export function groupsAt(own: OwnPlace, file: CommitFile, keys: LineKeys): Group[] {
  const { sides, groups } = file
  const range = rangeIn(own, file, keys)
  const near = groups.filter(({ from, to }) => from <= range.to + BESIDE && to >= range.from - BESIDE)
  return near.filter((group) => !isAstray(own, group, sides, keys))
}

/**
 * What a commit did where the hunk has its place, `groups`: its changes there. Beside a place that
 * was the same before, it has done the hunk's change in another order.
 */
export function traceAt(own: OwnPlace, file: CommitFile, groups: readonly Group[], keys: LineKeys): Trace {
  const levels = levelsOf(own, file)
  const trace = { ...traceGroups(own.hunk, file, { groups, levels }, keys), isSamePlace: isSamePlace(own, file) }
  const range = rangeIn(own, file, keys)
  const isBeside = !groups.some(({ from, to }) => from <= range.to && to >= range.from)
  return trace.isSamePlace && isBeside ? { ...trace, reworded: trace.reworded + 1 } : trace
}

/**
 * What a commit did of a hunk elsewhere, where before the commit nothing of the hunk's place was
 * there: the changes of the commit that hold lines of it. Null where they do not hold nearly all of
 * them. `free`: changes that no other hunk's place has.
 */
export function traceElsewhere(
  hunk: Pick<PlacedHunk, 'block'>,
  file: CommitFile,
  free: readonly Group[],
  keys: LineKeys,
): { trace: Trace; groups: Group[] } | null {
  const own = changedLines(hunk, keys)
  const [side, name] = own.add.length > 0 ? ([own.add, 'add'] as const) : ([own.remove, 'remove'] as const)
  const wanted = new Set(side.map((line) => keys.keyOf(line)))
  const groups = free.filter((group) => linesOf(group, file.sides)[name].some((line) => wanted.has(keys.keyOf(line))))
  if (groups.length === 0) return null
  const trace = { ...traceGroups(hunk, file, { groups, levels: [] }, keys), isSamePlace: false }
  return trace.missing + trace.valued + trace.differing > NEARLY * trace.lines ? null : { trace, groups }
}

function traceGroups(
  hunk: Pick<PlacedHunk, 'block'>,
  file: CommitFile,
  { groups, levels }: { groups: readonly Group[]; levels: readonly Level[] },
  keys: LineKeys,
): Omit<Trace, 'isSamePlace'> {
  const own = changedLines(hunk, keys)
  const groupLines = groups.map((group) => linesOf(group, file.sides))
  const theirs = {
    add: groupLines.flatMap(({ add }) => add),
    remove: groupLines.flatMap(({ remove }) => remove),
  }
  const stands = standingsOf(groups, file, keys)
  const former = { own: valuesIn(own.remove), theirs: valuesIn(theirs.remove) }
  const added = counterparts(own.add, theirs.add, { levels, former }, keys)
  const removed = counterparts(own.remove, theirs.remove, { levels: [], former }, keys)
  const changed = changedSince(groups, file, stands)
  return {
    lines: own.add.length + own.remove.length,
    missing: added.missing + (own.add.length === 0 ? removed.missing : 0),
    valued: added.valued,
    differing: added.differing,
    reworded: added.reworded,
    left: removed.missing + removed.valued + removed.differing,
    stands,
    changed,
    replaced: replacedBy(changed.added, groups, stands, file),
  }
}

/**
 * What stands of each change: alone; else together with the changes around it, since they are each
 * other's surroundings; else in one piece, within its place where that is known.
 */
function standingsOf(groups: readonly Group[], file: CommitFile, keys: LineKeys): (Standing | null)[] {
  const { sides, target, toTarget } = file
  const stand = (hunk: PlacedHunk) => standingOf(hunk, { before: sides.before, text: target, map: toTarget }, keys)
  return groups.map((group) => {
    const own = stand(toPlaced([group], sides))
    if (own && (['whole', 'before', 'switched-off'].includes(own.state) || isOnOtherLevel(own))) return own
    const around = file.groups.filter(({ from, to }) => from <= group.to + AROUND && to >= group.from - AROUND)
    const together = around.length > 1 && around.length <= MANY ? stand(toPlaced(around, sides)) : null
    return together?.state === 'whole' ? together : (standingInOnePiece(group, own, file, keys) ?? own)
  })
}

/** Whether all of a change stands at its place, but in another block. */
function isOnOtherLevel({ state, lines, standing }: Standing): boolean {
  return state === 'other' && lines > 0 && standing === lines
}

/** More changes are not held together against the target: they are another text. */
const MANY = 20

/**
 * What a change adds, in one piece, where the file had no such piece; nothing that it removes is
 * there. Null where it is not so.
 */
function standingInOnePiece(
  group: Group,
  place: Pick<Standing, 'from' | 'to'> | null,
  { sides, target }: CommitFile,
  keys: LineKeys,
): Standing | null {
  const { from, to } = place ?? { from: 0, to: target.lines.length }
  const there = { lines: target.lines.slice(from, to), keys: target.keys.slice(from, to) }
  const { add, remove } = linesOf(group, sides)
  const says = (line: ByteString) => keys.isTelling(keys.keyOf(line))
  const left = new Set(place === null ? sides.after.keys : add.map((line) => keys.keyOf(line)))
  const isBack = (line: ByteString) => !left.has(keys.keyOf(line)) && there.keys.includes(keys.keyOf(line))
  const removed = remove.filter(says)
  // Anywhere in a file lines may stand for other reasons than that they are back.
  if (removed.some(isBack) || (place === null && pieceIn(removed, there, keys) !== null)) return null
  const lines = [...add, ...remove].filter(says).length
  const whole = {
    state: 'whole' as const,
    from,
    to,
    lines,
    standing: lines,
    surroundings: 0,
    gone: [],
    back: [],
    kept: 0,
  }
  if (!add.some(says)) return lines > 0 && (place === null || add.length === 0) ? { ...whole, at: null } : null
  if (pieceIn(add, sides.before, keys) !== null) return null
  const at = pieceIn(add, there, keys)
  return at === null ? null : { ...whole, at: from + at }
}

/**
 * Whether what the hunk changes, and the line on either side of it, stand in one piece before the
 * commit.
 */
function isSamePlace({ hunk, before, toCommit }: OwnPlace, { sides }: CommitFile): boolean {
  const { start, end } = changedRange(hunk)
  const from = Math.max(hunk.at, start - 1)
  const to = Math.min(end + 1, hunk.at + oldLines(hunk.block))
  const shift = (toCommit[from] ?? -1) - from
  for (let at = from; at < to; at++) {
    const place = toCommit[at] ?? -1
    if (place < 0 || place - at !== shift || before.lines[at] !== sides.before.lines[place]) return false
  }
  return true
}

/**
 * The lines that a hunk takes out, with what of its context is between: indexes in the text that it
 * fits in.
 */
function changedRange({ at, block }: PlacedHunk): { start: number; end: number } {
  const { leading, changed } = stretchOf(block)
  return { start: at + leading, end: at + leading + oldLines(changed) }
}

function oldLines(block: readonly HunkLine[]): number {
  return block.filter(({ kind }) => kind !== 'add').length
}

/** Where the hunk's changes are in the commit's file: between the nearest lines that both have. */
function rangeIn(
  { hunk, before, toCommit }: OwnPlace,
  { sides }: CommitFile,
  keys: LineKeys,
): { from: number; to: number } {
  const { start, end } = changedRange(hunk)
  // A brace or a blank line may be mapped to one that is far from it.
  const placeOf = (index: number) => (keys.isTelling(before.keys[index] ?? -1) ? (toCommit[index] ?? -1) : -1)
  let [from, to] = [0, sides.before.lines.length]
  for (let index = start - 1; index >= 0; index--) {
    const place = placeOf(index)
    if (place < 0) continue
    from = place + 1
    break
  }
  for (let index = end; index < toCommit.length; index++) {
    const place = placeOf(index)
    if (place < 0) continue
    to = place
    break
  }
  return { from, to }
}

/**
 * How the nearest lines above and below a hunk's changes are indented, and how the commit leaves
 * them.
 */
function levelsOf({ hunk, before, toCommit }: OwnPlace, { sides, toAfter }: CommitFile): Level[] {
  const { start, end } = changedRange(hunk)
  const levelAt = (index: number): Level[] => {
    const [line, found] = [before.lines[index], sides.after.lines[toAfter[toCommit[index] ?? -1] ?? -1]]
    return line && found ? [{ own: indentOf(line), other: indentOf(found) }] : []
  }
  const steps = Array.from({ length: AROUND }, (_, step) => step)
  const nearest = (at: (step: number) => number) => steps.map((step) => levelAt(at(step))).find((one) => one.length > 0)
  return [...(nearest((step) => start - 1 - step) ?? []), ...(nearest((step) => end + step) ?? [])]
}

/**
 * The lines that a hunk adds and removes and that say something, as they come out where its two
 * sides are compared in the way the commit's are: one that a patch takes out and puts in again may
 * not have been touched.
 */
function changedLines(
  { block }: Pick<PlacedHunk, 'block'>,
  keys: LineKeys,
): { add: ByteString[]; remove: ByteString[] } {
  const [before, after] = [sideOf(block, 'remove'), sideOf(block, 'add')]
  const keysOf = (lines: readonly ByteString[]) => lines.map((line) => keys.keyOf(line))
  const kept = { before: new Set<number>(), after: new Set<number>() }
  align(keysOf(before), keysOf(after)).forEach((place, at) => {
    if (place < 0 || before[at] !== after[place]) return
    kept.before.add(at)
    kept.after.add(place)
  })
  const changed = (lines: readonly ByteString[], same: ReadonlySet<number>) =>
    lines.filter((line, at) => !same.has(at) && keys.isTelling(keys.keyOf(line)))
  return { add: changed(after, kept.after), remove: changed(before, kept.before) }
}

/**
 * Of the changes that do not stand as the commit left them: what it added and is not there, what it
 * removed and is there again.
 */
function changedSince(
  groups: readonly Group[],
  { sides, target }: CommitFile,
  stands: readonly (Standing | null)[],
): Trace['changed'] {
  const open = groups.flatMap((group, at) => {
    const stand = stands[at]
    return stand?.state === 'whole' ? [] : [stand ?? { gone: goneFrom(group, sides, target), back: [] }]
  })
  return { added: open.flatMap(({ gone }) => gone), removed: open.flatMap(({ back }) => back) }
}

/** Of a change whose place can't be told, the lines that are nowhere in the target. */
function goneFrom({ afterFrom, afterTo }: Group, { after }: CommitSides, target: Text): ByteString[] {
  const there = new Set(target.keys)
  return after.lines.slice(afterFrom, afterTo).filter((_, step) => !there.has(after.keys[afterFrom + step] ?? -1))
}
