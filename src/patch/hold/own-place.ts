/** Where a hunk is in the file that an upstream commit changed. Pure. */
import type { ByteString } from '../../model/bytes.ts'
import type { HunkLine } from '../../model/patch.ts'
import { stretchOf } from '../apply/apply.ts'
import { align } from './align.ts'
import { isAstray } from './astray.ts'
import { type CommitFile, type Group, linesOf } from './commit-file.ts'
import type { Level } from './counterparts.ts'
import { sideOf } from './elsewhere.ts'
import { AROUND } from './replaced.ts'
import type { PlacedHunk } from './standing.ts'
import { indentOf, type LineKeys, type Text } from './text.ts'

/** Lines between a hunk's place and a change of the commit, and it is still the same place. */
const BESIDE = 3

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
  const isIn = (range: PlaceRange) => (group: Group) =>
    group.from <= range.to + BESIDE && group.to >= range.from - BESIDE
  const [isNear, isAround] = [isIn(rangeIn(own, file)), isIn(rangeIn(own, file, keys))]
  const holds = holderOf(own.hunk, keys)
  const near = groups.filter((group) => isNear(group) || (isAround(group) && holds(linesOf(group, sides))))
  return near.filter((group) => !isAstray(own, group, sides, keys))
}

/** Whether a change adds a line that a hunk adds, or takes one out where that adds none. */
export function holderOf(
  hunk: Pick<PlacedHunk, 'block'>,
  keys: LineKeys,
): (lines: ReturnType<typeof linesOf>) => boolean {
  const own = changedLines(hunk, keys)
  const name = own.add.length > 0 ? 'add' : 'remove'
  const wanted = new Set(own[name].map((line) => keys.keyOf(line)))
  return (lines) => lines[name].some((line) => wanted.has(keys.keyOf(line)))
}

/**
 * Whether what the hunk changes, and the line on either side of it, stand in one piece before the
 * commit.
 */
export function isSamePlace({ hunk, before, toCommit }: OwnPlace, { sides }: CommitFile): boolean {
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

interface PlaceRange {
  from: number
  to: number
}

/**
 * Where the hunk's changes are in the commit's file: between the nearest lines that both have; with
 * `keys`, that both have and that say something, for a brace may be one that is far off.
 */
export function rangeIn({ hunk, before, toCommit }: OwnPlace, { sides }: CommitFile, keys?: LineKeys): PlaceRange {
  const { start, end } = changedRange(hunk)
  const says = (index: number) => keys?.isTelling(before.keys[index] ?? -1) ?? true
  const placeOf = (index: number) => (says(index) ? (toCommit[index] ?? -1) : -1)
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
export function levelsOf({ hunk, before, toCommit }: OwnPlace, { sides, toAfter }: CommitFile): Level[] {
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
export function changedLines(
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
