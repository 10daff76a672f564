/**
 * The lines that patches and commits change, as a multiset: the common ground of everything that
 * compares them.
 */
import type { ByteString } from '../model/bytes.ts'
import { hashLine } from '../model/line-hash.ts'
import { changesOf, type Hunk, type Patch } from '../model/patch.ts'

/**
 * Changed lines by their hash, and how often. Lines without a letter or digit say nothing and are
 * left out.
 */
export type ChangedLines = ReadonlyMap<number, number>

export function linesOfPatch(patch: Patch): ChangedLines {
  const counts = new Map<number, number>()
  for (const { body } of changesOf(patch)) {
    if (body.kind !== 'text') continue
    for (const { lines } of body.hunks) {
      for (const { kind, text } of lines) {
        const hash = kind === 'context' ? null : hashLine(kind === 'add' ? '+' : '-', text)
        if (hash !== null) counts.set(hash, (counts.get(hash) ?? 0) + 1)
      }
    }
  }
  return counts
}

/** A line that a patch adds or removes. */
export interface SignedLine {
  sign: '+' | '-'
  text: ByteString
}

/** Every line that a patch adds or removes, in its order, one by one: it may have a million. */
export function* eachSignedLine(patch: Patch): Generator<SignedLine> {
  for (const { body } of changesOf(patch))
    if (body.kind === 'text') for (const hunk of body.hunks) yield* eachSignedLineIn(hunk)
}

function* eachSignedLineIn({ lines }: Hunk): Generator<SignedLine> {
  for (const { kind, text } of lines) if (kind !== 'context') yield { sign: kind === 'add' ? '+' : '-', text }
}

/** Every line that a hunk adds or removes, in its order. */
export function signedLinesIn(hunk: Hunk): SignedLine[] {
  return [...eachSignedLineIn(hunk)]
}

export function countHashes(hashes: Iterable<number>): ChangedLines {
  const counts = new Map<number, number>()
  for (const hash of hashes) counts.set(hash, (counts.get(hash) ?? 0) + 1)
  return counts
}

export function saysSomething(text: ByteString): boolean {
  return /[A-Za-z0-9\x80-\xff]/.test(text)
}

/** Share of `part` that is in `whole`, 0..1; none of an empty part. */
export function containment(part: ChangedLines, whole: ChangedLines): number {
  let shared = 0
  let total = 0
  for (const [line, times] of part) {
    shared += Math.min(times, whole.get(line) ?? 0)
    total += times
  }
  return total === 0 ? 0 : shared / total
}
