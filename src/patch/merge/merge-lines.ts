/** Three-way merge of a text, where lines that both sides changed are looked at closely. Pure. */
import type { ByteString } from '../../model/bytes.ts'
import type { Hazard, SuggestionReason } from '../../model/suggestion.ts'
import { inOrder, type Neighbours } from './insertion-order.ts'
import { mergeWords } from './merge-words.ts'
import { pairLines } from './pair-lines.ts'
import { squeezed } from './tokens.ts'

export interface MergedLines {
  lines: ByteString[]
  /** The steps that it took beyond a plain merge, each once. */
  reasons: Set<SuggestionReason>
  /** What speaks against it already. */
  hazards: Set<Hazard>
}

/** Null where the sides truly contradict each other. */
export function mergeLines(
  base: readonly ByteString[],
  ours: readonly ByteString[],
  theirs: readonly ByteString[],
): MergedLines | null {
  const [our, their] = [ours, theirs].map((side) => sideOf(base, side))
  if (!our || !their) return null
  const merged: MergedLines = { lines: [], reasons: new Set(), hazards: new Set() }
  if (isWrapped(our, their)) merged.hazards.add('wrapped')
  dropEmptyConditions(our, their)
  for (let at = 0; at <= base.length; at++) {
    mergeInserted({ before: base[at - 1], after: base[at] }, [our.inserted[at] ?? [], their.inserted[at] ?? []], merged)
    if (at < base.length && !mergeLine(base[at] ?? '', at, { our, their }, merged)) return null
  }
  return merged
}

/** Whether upstream put lines both before and behind lines that the patch takes away. */
function isWrapped(our: Side, their: Side): boolean {
  let state: 'none' | 'before' | 'dropped' = 'none'
  return our.inserted.some((lines, at) => {
    if (lines.length > 0 && state === 'dropped') return true
    if (lines.length > 0) state = 'before'
    if (state !== 'none') state = their.kept[at] === null && our.kept[at] !== null ? 'dropped' : 'none'
    return false
  })
}

const CONDITION = { opens: /^\s*(?:#\s*if|ifn?eq\b|ifn?def\b)/, closes: /^\s*(?:#\s*endif|endif\b)/ }

/** A condition that upstream put around what the patch takes away goes with it. */
function dropEmptyConditions(our: Side, their: Side): void {
  for (let at = 0; at < their.kept.length; at++) {
    const opening = our.inserted[at]?.at(-1) ?? ''
    if (!CONDITION.opens.test(opening) || their.kept[at] !== null) continue
    let end = at
    while (end < their.kept.length && their.kept[end] === null && (end === at || our.inserted[end]?.length === 0)) end++
    if (!CONDITION.closes.test(our.inserted[end]?.[0] ?? '')) continue
    our.inserted[at]?.pop()
    our.inserted[end]?.shift()
  }
}

/** One side of a merge, held against the base line by line. */
interface Side {
  /** Every line of the base as this side has it; null where it took it away. */
  kept: (ByteString | null)[]
  /** What this side puts in front of every line of the base, and behind the last. */
  inserted: ByteString[][]
}

function sideOf(base: readonly ByteString[], side: readonly ByteString[]): Side {
  const pairs = pairLines(base, side)
  const inserted: ByteString[][] = Array.from({ length: base.length + 1 }, () => [])
  let next = 0
  let gap = 0
  const kept = base.map((_, at) => {
    const partner = pairs[at] ?? -1
    if (partner < 0) return null
    // What replaces lines that are taken away stands where they stood first.
    inserted[gap] = side.slice(next, partner)
    next = partner + 1
    gap = at + 1
    return side[partner] ?? null
  })
  inserted[gap] = side.slice(next)
  return { kept, inserted }
}

type Sides = { our: Side; their: Side }

function mergeLine(
  base: ByteString,
  at: number,
  { our, their }: Sides,
  { lines, reasons, hazards }: MergedLines,
): boolean {
  const [ourLine, theirLine] = [our.kept[at] ?? null, their.kept[at] ?? null]
  if (ourLine === theirLine || theirLine === base) {
    if (ourLine !== null) lines.push(ourLine)
    return true
  }
  if (ourLine === base) {
    if (theirLine !== null) lines.push(theirLine)
    return true
  }
  // What the patch takes away is not wanted, in whatever words.
  if (theirLine === null) {
    hazards.add('changed-text')
    return true
  }
  if (ourLine === null) return false
  if (squeezed(ourLine) === squeezed(theirLine)) {
    reasons.add('white-space')
    lines.push(ourLine)
    return true
  }
  const merged = mergeWords(base, ourLine, theirLine)
  if (merged === null) return false
  reasons.add(squeezed(ourLine) === squeezed(base) || squeezed(theirLine) === squeezed(base) ? 'white-space' : 'words')
  lines.push(merged)
  return true
}

/** Upstream's lines first, where nothing says another order: most maintainers have it so. */
function mergeInserted(
  around: Neighbours,
  [ours, theirs]: readonly [readonly ByteString[], readonly ByteString[]],
  { lines, reasons }: MergedLines,
): void {
  if (ours.length === 0 || theirs.length === 0) {
    lines.push(...ours, ...theirs)
    return
  }
  const holder = [ours, theirs].find((side) => holds(side, ours) && holds(side, theirs))
  if (holder) reasons.add('already-there')
  else reasons.add('both-insert')
  lines.push(...(holder ?? inOrder(around, ours, theirs)))
}

/** Whether all lines of the second stand in the first, in their order, white space aside. */
function holds(lines: readonly ByteString[], wanted: readonly ByteString[]): boolean {
  let next = 0
  for (const line of lines) if (next < wanted.length && squeezed(line) === squeezed(wanted[next] ?? '')) next++
  return next === wanted.length
}
