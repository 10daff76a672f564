/** A file that a commit changed, stretch by stretch. Pure. */
import type { HunkLine } from '../../model/patch.ts'
import { align } from './align.ts'
import type { PlacedHunk } from './standing.ts'
import type { Text } from './text.ts'

/** A file before a commit and after it. */
export interface CommitSides {
  before: Text
  after: Text
}

/** A file that a commit changed, beside what the target has of it. */
export interface CommitFile {
  sides: CommitSides
  target: Text
  /** What the commit changed in it, from above. */
  groups: readonly Group[]
  /** Which line of the file before the commit is which after it, and of the target (`align`). */
  toAfter: Int32Array
  toTarget: Int32Array
}

export function commitFile(sides: CommitSides, target: Text): CommitFile {
  const toAfter = align(sides.before.keys, sides.after.keys)
  return { sides, target, groups: groupsOf(toAfter, sides), toAfter, toTarget: align(sides.before.keys, target.keys) }
}

/** What a commit changed in one stretch of a file: indexes before and after. */
export interface Group {
  from: number
  to: number
  afterFrom: number
  afterTo: number
}

/**
 * What a commit changed in a file: indexes before and after. A line that was only indented anew is
 * changed.
 */
function groupsOf(change: Int32Array, { before, after }: CommitSides): Group[] {
  const groups: Group[] = []
  let [from, afterFrom] = [0, 0]
  const close = (to: number, afterTo: number) => {
    if (to > from || afterTo > afterFrom) groups.push({ from, to, afterFrom, afterTo })
    from = to + 1
    afterFrom = afterTo + 1
  }
  change.forEach((place, index) => {
    if (place >= 0 && before.lines[index] === after.lines[place]) close(index, place)
  })
  close(before.lines.length, after.lines.length)
  return groups
}

/** Changes of a commit as a hunk: what stands between them is its context. */
export function toPlaced(groups: readonly Group[], sides: CommitSides): PlacedHunk {
  const start = groups[0]?.from ?? 0
  let next = start
  const block = groups.flatMap((group): HunkLine[] => {
    const { add, remove } = linesOf(group, sides)
    const between = sides.before.lines.slice(next, group.from).map((text) => ({ kind: 'context' as const, text }))
    next = group.to
    return [
      ...between,
      ...remove.map((text) => ({ kind: 'remove' as const, text })),
      ...add.map((text) => ({ kind: 'add' as const, text })),
    ]
  })
  return { at: start, block }
}

/** The lines that a commit adds and removes in one stretch. */
export function linesOf({ from, to, afterFrom, afterTo }: Group, { before, after }: CommitSides) {
  return { add: after.lines.slice(afterFrom, afterTo), remove: before.lines.slice(from, to) }
}
