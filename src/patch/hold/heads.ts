/** Under which heads a line stands: by them a block is told from its like. Pure. */
import type { ByteString } from '../../model/bytes.ts'
import { isComment } from './elsewhere.ts'
import { indentOf, type LineKeys, type Text } from './text.ts'

/** A section of an ini file is the head of lines that are not indented. */
const SECTION = /^\[[^[\]]+\]$/

const LABEL = /^\w+:$/

/** A line of a text, or one that would stand in front of an index of it. */
export interface Under {
  text: Pick<Text, 'lines' | 'keys'>
  at: number
  line: ByteString
}

/**
 * Whether two lines stand in two blocks: each has a nearest head that the other is not under, counted
 * that each text has once, and the other, too. What got a head of its own since, or lost one, is
 * still the same. Where the first one's heads are gone, its block may have another name now; but not
 * one that another block had already.
 */
export function inOtherBlocks(one: Under, other: Under, keys: LineKeys): boolean {
  const isKnown = (key: number) => isOnce(one, key) && isOnce(other, key)
  const all = headsOf(one, keys)
  const [own, theirs] = [all.filter(isKnown), headsOf(other, keys).filter(isKnown)]
  const [nearest = all[0], theirNearest] = [own[0], theirs[0]]
  if (nearest === undefined || theirNearest === undefined) return false
  return !theirs.includes(nearest) && !own.includes(theirNearest)
}

/** The keys of the lines above a line each of which is indented less than all below it. */
function headsOf({ text, at, line: own }: Under, keys: LineKeys): number[] {
  const heads: number[] = []
  let level = levelOf(own)
  for (let index = at - 1; index >= 0 && level >= 0; index--) {
    const [line, key] = [text.lines[index] ?? '', text.keys[index] ?? -1]
    if (!keys.isTelling(key) || levelOf(line) >= level || saysNothing(line)) continue
    level = levelOf(line)
    heads.push(key)
  }
  return heads
}

function levelOf(line: ByteString): number {
  return SECTION.test(line) ? -1 : indentOf(line)
}

/** A comment, a label, and what the preprocessor reads stand at the margin wherever they are. */
function saysNothing(line: ByteString): boolean {
  return isComment(line) || line.startsWith('#') || LABEL.test(line)
}

function isOnce({ text: { keys } }: Under, key: number): boolean {
  const first = keys.indexOf(key)
  return first >= 0 && keys.indexOf(key, first + 1) < 0
}
