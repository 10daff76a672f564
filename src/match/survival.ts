/** How much of a patch's change stands in a tree. Pure: the tree's files are handed in. */
import type { ByteString } from '../model/bytes.ts'
import { changesOf, type FileChange, type Patch } from '../model/patch.ts'
import { saysSomething } from './lines.ts'

/** The lines of one file of the tree, blanks at both ends folded away, and how often each stands there. Null: no such file. */
export type LineCounts = ReadonlyMap<string, number> | null

export function countLines(content: ByteString): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const line of content.split('\n')) {
    const key = line.trim()
    if (key !== '') counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}

/** A removed line of fewer characters may stand elsewhere in the file for other reasons. */
const TELLING_LENGTH = 12

/**
 * The share, 0..1, of what the patch adds that is in the tree and of what it removes that is not. `fileAt` gives the tree's file for a
 * path of the patch, wherever it was renamed to. A file that is gone holds nothing of what was added, and none of what was removed.
 */
export function survivalOf(patch: Patch, fileAt: (path: ByteString) => LineCounts): number {
  let stands = 0
  let total = 0
  for (const change of changesOf(patch)) {
    const counted = countChange(change, fileAt(change.newPath ?? change.oldPath ?? ''))
    stands += counted.stands
    total += counted.total
  }
  return total === 0 ? 0 : stands / total
}

function countChange(change: FileChange, file: LineCounts): { stands: number; total: number } {
  if (change.body.kind !== 'text') return { stands: 0, total: 0 }
  const added = new Map<string, number>()
  const removed = new Map<string, number>()
  for (const hunk of change.body.hunks) {
    for (const { kind, text } of hunk.lines) {
      if (kind === 'context' || !saysSomething(text)) continue
      const lines = kind === 'add' ? added : removed
      const key = text.trim()
      lines.set(key, (lines.get(key) ?? 0) + 1)
    }
  }
  let stands = 0
  let total = 0
  for (const [line, times] of added) {
    total += times
    stands += Math.min(times, file?.get(line) ?? 0)
  }
  for (const [line, times] of removed) {
    if (line.length < TELLING_LENGTH || added.has(line)) continue
    total += times
    stands += Math.max(0, times - (file?.get(line) ?? 0))
  }
  return { stands, total }
}
