/** Whether lines that a patch takes out of a file went elsewhere. Pure. */
import type { ByteString } from '../model/bytes.ts'
import type { Hunk } from '../model/patch.ts'
import type { FileSides } from '../patch/hold/held.ts'
import { saysSomething } from '../patch/lines.ts'

/** A hunk that adds nothing, and the lines by which what it takes out would be known elsewhere. */
export interface Removal {
  hunk: Hunk
  /** Blanks at their ends cut off; only such as the file has nowhere else. */
  lines: ByteString[]
  /** Whether the target's own file has them in another place, or new lines with their words. */
  mayLiveOn: boolean
}

/** A shorter line stands in many places. */
const TELLING_LENGTH = 12
const WORD = /[\w\x80-\xff]{3,}/g
/** A word that more of the other lines of the file have tells nothing. */
const RARE = 2
/** From this share of its rare words on a new line may be a removed one, in other words. */
const ALIKE = 0.5
/** More comparisons are not made: then it may live on. */
const MAX_COMPARED = 4_000_000

/** The hunks of a file that only take lines out. `sides` with their texts. */
export function removalsIn({ change, before, target }: FileSides): Removal[] {
  const hunks = change.body.kind === 'text' ? change.body.hunks : []
  if (!hunks.some(onlyTakesOut) || before === null || target === null) return []
  const [former, now] = [countOf(before.text.lines), countOf(target.text.lines)]
  const left = new Map(former)
  for (const { kind, text } of hunks.flatMap(({ lines }) => lines)) {
    const count = left.get(text.trim()) ?? 0
    if (kind !== 'context') left.set(text.trim(), count + (kind === 'add' ? 1 : -1))
  }
  const common = wordCounts(left)
  const isRare = (word: ByteString) => (common.get(word) ?? 0) <= RARE
  const fresh = [...now.keys()].filter((line) => !former.has(line)).map(wordsOf)
  return hunks.filter(onlyTakesOut).map((hunk) => {
    const lines = removedBy(hunk).filter((line) => (left.get(line) ?? 0) <= 0)
    const rare = lines.map((line) => [...wordsOf(line)].filter(isRare)).filter((words) => words.length > 0)
    const isMuch = rare.length * fresh.length > MAX_COMPARED
    const stands = lines.some((line) => now.has(line))
    const mayLiveOn = stands || isMuch || rare.some((words) => fresh.some((one) => isAlike(words, one)))
    return { hunk, lines: lines.filter(({ length }) => length >= TELLING_LENGTH), mayLiveOn }
  })
}

function onlyTakesOut({ lines }: Hunk): boolean {
  return lines.every(({ kind }) => kind !== 'add') && lines.some(({ kind }) => kind === 'remove')
}

function removedBy({ lines }: Hunk): ByteString[] {
  const removed = lines.flatMap(({ kind, text }) => (kind === 'remove' ? [text.trim()] : []))
  return [...new Set(removed)].filter(saysSomething)
}

function countOf(lines: readonly ByteString[]): Map<ByteString, number> {
  const counts = new Map<ByteString, number>()
  for (const line of lines) counts.set(line.trim(), (counts.get(line.trim()) ?? 0) + 1)
  return counts
}

/** In how many of the lines each word is. */
function wordCounts(lines: ReadonlyMap<ByteString, number>): Map<ByteString, number> {
  const counts = new Map<ByteString, number>()
  for (const [line, times] of lines)
    for (const word of wordsOf(line)) counts.set(word, (counts.get(word) ?? 0) + Math.max(0, times))
  return counts
}

function wordsOf(line: ByteString): Set<ByteString> {
  return new Set(line.match(WORD))
}

function isAlike(words: readonly ByteString[], others: ReadonlySet<ByteString>): boolean {
  return words.filter((word) => others.has(word)).length >= words.length * ALIKE
}
