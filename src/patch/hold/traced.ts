/** Traces a hunk through an upstream commit that made the change in its own way. Pure. */
import type { ByteString } from '../../model/bytes.ts'
import { type CommitFile, type CommitSides, type Group, linesOf, toPlaced } from './commit-file.ts'
import { counterparts, isInOrder, type Level, valuesIn } from './counterparts.ts'
import { pieceIn } from './elsewhere.ts'
import { changedLines, holderOf, isSamePlace, levelsOf, type OwnPlace, rangeIn } from './own-place.ts'
import type { Standing } from './place.ts'
import { AROUND, replacedBy } from './replaced.ts'
import { withoutSameEdits } from './same-edit.ts'
import { type PlacedHunk, standingOf } from './standing.ts'
import { type LineKeys, type Text, trimEnd } from './text.ts'

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

/** A commit that lacks a greater share of a hunk's lines has not made it elsewhere. */
const NEARLY = 0.34

/**
 * What a commit did where the hunk has its place, `groups`: its changes there. Beside a place that
 * was the same before, it has done the hunk's change in another order.
 */
export function traceAt(own: OwnPlace, file: CommitFile, groups: readonly Group[], keys: LineKeys): Trace {
  const levels = levelsOf(own, file)
  const trace = {
    ...traceGroups(own.hunk, file, { groups, levels, before: own.before }, keys),
    isSamePlace: isSamePlace(own, file),
  }
  const range = rangeIn(own, file)
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
  const holds = holderOf(hunk, keys)
  const groups = free.filter((group) => holds(linesOf(group, file.sides)))
  if (groups.length === 0) return null
  const trace = { ...traceGroups(hunk, file, { groups, levels: [], before: null }, keys), isSamePlace: false }
  return trace.missing + trace.valued + trace.differing > NEARLY * trace.lines ? null : { trace, groups }
}

/** `before`: the text in which the hunk has its place; null where the commit made it elsewhere. */
interface TracedThere {
  groups: readonly Group[]
  levels: readonly Level[]
  before: Text | null
}

function traceGroups(
  hunk: Pick<PlacedHunk, 'block'>,
  file: CommitFile,
  { groups, levels, before }: TracedThere,
  keys: LineKeys,
): Omit<Trace, 'isSamePlace'> {
  const all = changedLines(hunk, keys)
  const groupLines = groups.map((group) => linesOf(group, file.sides))
  const made = {
    add: groupLines.flatMap(({ add }) => add),
    remove: groupLines.flatMap(({ remove }) => remove),
  }
  const { own, theirs } = before
    ? withoutSameEdits({ ...all, before }, { ...made, before: file.sides.before }, keys)
    : { own: all, theirs: made }
  const stands = standingsOf(groups, file, keys)
  const former = { own: valuesIn(all.remove), theirs: valuesIn(made.remove) }
  const added = counterparts(own.add, theirs.add, { levels, former }, keys)
  const removed = counterparts(own.remove, theirs.remove, { levels: [], former }, keys)
  const changed = changedSince(groups, file, stands)
  return {
    lines: all.add.length + all.remove.length,
    missing: added.missing + (all.add.length === 0 ? removed.missing : 0) + countReordered(hunk, groups, file, keys),
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
 * How many lines a hunk takes out and puts in again where the commit has them, and all that the hunk
 * puts in, in another order.
 */
function countReordered(
  { block }: Pick<PlacedHunk, 'block'>,
  groups: readonly Group[],
  { sides: { after } }: CommitFile,
  keys: LineKeys,
): number {
  const put = block
    .flatMap(({ kind, text }) => (kind === 'add' ? [keys.keyOf(trimEnd(text))] : []))
    .filter((key) => keys.isTelling(key))
  const count = put.length - changedLines({ block }, keys).add.length
  const from = Math.max(0, Math.min(...groups.map(({ afterFrom }) => afterFrom)) - AROUND)
  const there = after.keys.slice(from, Math.max(...groups.map(({ afterTo }) => afterTo)) + AROUND)
  return count > 0 &&
    !isInOrder(
      put.filter((key) => there.includes(key)),
      there,
    )
    ? count
    : 0
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
