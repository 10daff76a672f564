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

export const wordChanges = onceForTexts((base, side): WordChanges => {
  const changes: WordChanges = { inserted: new Map(), removed: new Map() }
  const pairs = pairLines(base, side)
  base.forEach((line, at) => {
    const partner = side[pairs[at] ?? -1]
    if (partner !== undefined && partner !== line) compare(line, partner, changes)
  })
  return changes
})

function compare(before: ByteString, after: ByteString, { inserted, removed }: WordChanges): void {
  const [old, now] = [before, after].map((line) => tokensOf(line).filter((token) => token.trim() !== ''))
  if (!old || !now) return
  const pairs = commonPairs(old.length, now.length, (at, other) => old[at] === now[other])
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
