/** Whether a commit did what a hunk does in another block. Pure. */
import type { CommitSides, Group } from './commit-file.ts'
import { inOtherBlocks } from './heads.ts'
import type { PlacedHunk } from './standing.ts'
import { type LineKeys, type Text, trimEnd } from './text.ts'

/** Whether a change adds lines of the hunk, and each of them in another block. */
export function isAstray({ hunk, before }: Placed, group: Group, { after }: CommitSides, keys: LineKeys): boolean {
  let at = hunk.at
  const own = hunk.block.flatMap(({ kind, text }) => {
    const line = trimEnd(text)
    const under = { text: before, at, line }
    if (kind !== 'add') at++
    return kind === 'add' && keys.isTelling(keys.keyOf(line)) ? [{ under, key: keys.keyOf(line) }] : []
  })
  const theirs = indexesOf(group).map((place) => ({ text: after, at: place, line: after.lines[place] ?? '' }))
  let isAny = false
  for (const other of theirs) {
    for (const { under, key } of own) {
      if (key !== after.keys[other.at]) continue
      if (!inOtherBlocks(under, other, keys)) return false
      isAny = true
    }
  }
  return isAny
}

/** A hunk in a text that it fits in. */
interface Placed {
  hunk: PlacedHunk
  before: Text
}

/** Whether a hunk that fits in two texts would be in two blocks there. */
export function areOtherBlocks(one: Placed, other: Placed, keys: LineKeys): boolean {
  const underOf = ({ hunk: { at, block }, before }: Placed) => {
    const leading = block.findIndex(({ kind }) => kind !== 'context')
    return { text: before, at: at + leading, line: trimEnd(block[leading]?.text ?? '') }
  }
  return inOtherBlocks(underOf(one), underOf(other), keys)
}

function indexesOf({ afterFrom, afterTo }: Group): number[] {
  return Array.from({ length: afterTo - afterFrom }, (_, step) => afterFrom + step)
}
