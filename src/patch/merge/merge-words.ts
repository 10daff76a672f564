/** Three-way merge of one line, word by word. Pure. */
import type { ByteString } from '../../model/bytes.ts'
import { commonPairs } from '../hold/align.ts'
import { isBlank, tokensOf } from './tokens.ts'

/** A word or sign with the white space in front of it. */
interface Word {
  text: ByteString
  blank: ByteString
}

/**
 * The line with the changes of both sides, null where they changed the same words. White space is
 * taken from the side that changed the word; from upstream's where none did.
 */
export function mergeWords(base: ByteString, ours: ByteString, theirs: ByteString): ByteString | null {
  const [baseWords, ourWords, theirWords] = [base, ours, theirs].map(wordsOf)
  if (!baseWords || !ourWords || !theirWords) return null
  const [our, their] = [ourWords, theirWords].map((words) => sideOf(baseWords, words))
  if (!our || !their) return null
  const merged: Word[] = []
  for (const [at, word] of [...baseWords, null].entries()) {
    const inserted = mergeInserted(our.inserted[at] ?? [], their.inserted[at] ?? [])
    if (inserted === null) return null
    merged.push(...inserted)
    if (word === null) break
    const kept = mergeWord(word, our.kept[at] ?? null, their.kept[at] ?? null)
    if (kept === 'disputed' || isDisputed(at, our, their)) return null
    if (kept !== null) merged.push(kept)
  }
  const end = /\s*$/.exec(ours)?.[0] ?? ''
  return merged.map(({ blank, text }) => blank + text).join('') + end
}

interface Side {
  /** Every word of the base as this side has it; null where it took it away. */
  kept: (Word | null)[]
  /** What this side puts in front of every word of the base, and behind the last. */
  inserted: Word[][]
}

function wordsOf(line: ByteString): Word[] {
  const words: Word[] = []
  let blank = ''
  for (const token of tokensOf(line)) {
    if (isBlank(token)) blank += token
    else {
      words.push({ text: token, blank })
      blank = ''
    }
  }
  return words
}

function sideOf(base: readonly Word[], words: readonly Word[]): Side {
  const pairs = commonPairs(base.length, words.length, (at, other) => base[at]?.text === words[other]?.text)
  const side: Side = { kept: base.map(() => null), inserted: Array.from({ length: base.length + 1 }, () => []) }
  let [from, next] = [0, 0]
  for (let at = 0; at <= base.length; at++) {
    const partner = at === base.length ? words.length : (pairs[at] ?? -1)
    if (partner < 0) continue
    const replacing = words.slice(next, partner)
    // As many words for as many: each is another in its place.
    if (replacing.length === at - from) for (const [index, word] of replacing.entries()) side.kept[from + index] = word
    else side.inserted[from] = replacing
    if (at < base.length) side.kept[at] = words[partner] ?? null
    ;[from, next] = [at + 1, partner + 1]
  }
  return side
}

function mergeWord(base: Word, ours: Word | null, theirs: Word | null): Word | null | 'disputed' {
  if (theirs?.text === base.text || theirs?.text === ours?.text) return ours
  return ours?.text === base.text ? theirs : 'disputed'
}

/** Upstream's words first, where both put items of a list at one place. */
function mergeInserted(ours: readonly Word[], theirs: readonly Word[]): readonly Word[] | null {
  if (ours.length === 0) return theirs
  if (theirs.length === 0) return ours
  const textOf = (words: readonly Word[]) => words.map(({ text }) => text).join(' ')
  if (textOf(ours) === textOf(theirs)) return ours
  return areItems(ours) && areItems(theirs) ? [...ours, ...theirs] : null
}

/** Names with blanks between: of a list, whose order says little. */
function areItems(words: readonly Word[]): boolean {
  return words.every(({ text, blank }, at) => /^[\w.\-/]$|^\w+$/.test(text) && (blank !== '' || at > 0))
}

/** Whether one side took away the word at `at` while the other put words beside it. */
function isDisputed(at: number, our: Side, their: Side): boolean {
  const isTouched = (side: Side, other: Side) =>
    side.kept[at] === null && other.kept[at] !== null && isBeside(other, at)
  return isTouched(our, their) || isTouched(their, our)
}

function isBeside({ inserted }: Side, at: number): boolean {
  return (inserted[at]?.length ?? 0) > 0 || (inserted[at + 1]?.length ?? 0) > 0
}
