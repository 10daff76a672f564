/** What one side did to single words of lines that it kept. Pure. */
import type { ByteString } from '../../model/bytes.ts'
import { commonPairs } from '../hold/align.ts'
import { pairLines } from './pair-lines.ts'
import { onceForTexts } from './remembered.ts'
import { tokensOf } from './tokens.ts'

export interface WordChanges {
  /** Words put into lines, with the lines as they are then. */
  inserted: Map<ByteString, ByteString[]>
  /** How often a word was taken out of a line, or replaced in it. */
  removed: Map<ByteString, number>
}

const WORD = /^[A-Za-z_]\w{2,}$/

/** A line that one side kept in other words. */
export interface RewordedLine {
  after: ByteString
  /** Its words and signs, before and after. */
  old: readonly ByteString[]
  now: readonly ByteString[]
  /** For each of the old ones the place of the same one in the new; -1 where it has none. */
  pairs: Int32Array
}

export const rewordedLines = onceForTexts((base, side): RewordedLine[] => {
  const pairs = pairLines(base, side)
  return base.flatMap((line, at) => {
    const partner = side[pairs[at] ?? -1]
    return partner === undefined || partner === line ? [] : [reworded(line, partner)]
  })
})

function reworded(before: ByteString, after: ByteString): RewordedLine {
  const [old, now] = [wordsIn(before), wordsIn(after)]
  return { after, old, now, pairs: commonPairs(old.length, now.length, (at, other) => old[at] === now[other]) }
}

function wordsIn(line: ByteString): ByteString[] {
  return tokensOf(line).filter((token) => token.trim() !== '')
}

export const wordChanges = onceForTexts((base, side): WordChanges => {
  const changes: WordChanges = { inserted: new Map(), removed: new Map() }
  for (const line of rewordedLines(base, side)) count(line, changes)
  return changes
})

function count({ after, old, now, pairs }: RewordedLine, { inserted, removed }: WordChanges): void {
  const kept = new Set<number>()
  old.forEach((word, at) => {
    const partner = pairs[at] ?? -1
    if (partner >= 0) kept.add(partner)
    else if (WORD.test(word)) removed.set(word, (removed.get(word) ?? 0) + 1)
  })
  now.forEach((word, at) => {
    if (kept.has(at) || !WORD.test(word)) return
    inserted.set(word, [...(inserted.get(word) ?? []), after])
  })
}
