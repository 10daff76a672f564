/**
 * Applies hunks to the lines of a file, as patch(1) and git apply do: by their old lines, nearest
 * place first. Pure.
 */
import type { ByteString } from '../../model/bytes.ts'
import type { Hunk, HunkLine } from '../../model/patch.ts'
import { addedTwice, isSurePlace } from './placement.ts'

export type Applied =
  | {
      kind: 'applied'
      lines: ByteString[] /** How far the farthest hunk moved, in lines. */
      offset: number /** Lines of context left out. */
      fuzz: number
    }
  /** `failed`: the indexes of the hunks that fit nowhere. */
  | { kind: 'failed'; failed: number[] }

export interface Leniency {
  /**
   * How many of the outermost lines of context a hunk may do without (patch(1), --fuzz). A place
   * found with reduced context counts only if it is the only one in the file.
   */
  maxFuzz: number
  /**
   * `nearest`: the place nearest to where the hunk says, as patch(1) has it. `sure`: one that could
   * be no other (see `isSurePlace`), and not where it would stand twice.
   */
  place: 'nearest' | 'sure'
}

/** As git apply does it. */
export const STRICT: Leniency = { maxFuzz: 0, place: 'nearest' }
/** As quilt has patch(1) do it: a queue is maintained with tools that allow it. */
export const LENIENT: Leniency = { maxFuzz: 2, place: 'nearest' }
/** As a careful person would, where nothing but the context says where a hunk belongs. */
export const CAREFUL: Leniency = { maxFuzz: 2, place: 'sure' }

export function applyHunks(lines: readonly ByteString[], hunks: readonly Hunk[], leniency: Leniency): Applied {
  const result: ByteString[] = []
  let consumed = 0
  let offset = 0
  let fuzz = 0
  const places = locateHunks(lines, hunks, leniency)
  const failed = places.flatMap((place, index) => (place === null ? [index] : []))
  if (failed.length === 0 && leniency.place === 'sure') failed.push(...addedTwice(lines, hunks))
  if (failed.length > 0) return { kind: 'failed', failed }
  for (const place of places) {
    if (place === null) continue
    const { leading, changed } = stretchOf(place.block)
    for (; consumed < place.at + leading; consumed++) result.push(lines[consumed] ?? '')
    consumed = replaceAt(lines, changed, consumed, result)
    offset = Math.max(offset, Math.abs(place.drift))
    fuzz = Math.max(fuzz, place.fuzz)
  }
  for (; consumed < lines.length; consumed++) result.push(lines[consumed] ?? '')
  return { kind: 'applied', lines: withLineEnds(result, hunks), offset, fuzz }
}

/** A line that ended a file and no longer does gets its line end, as patch(1) has it. */
function withLineEnds(lines: ByteString[], hunks: readonly Hunk[]): ByteString[] {
  const isCut = (text: ByteString) => !text.endsWith('\n')
  if (!hunks.some((hunk) => hunk.lines.some(({ kind, text }) => kind === 'add' && isCut(text)))) return lines
  return lines.map((line, at) => (at < lines.length - 1 && isCut(line) ? `${line}\n` : line))
}

/**
 * The lines of a hunk from its first change to its last, and how many of context there are in
 * front.
 */
export function stretchOf(block: readonly HunkLine[]): { leading: number; changed: readonly HunkLine[] } {
  const leading = Math.max(
    0,
    block.findIndex(({ kind }) => kind !== 'context'),
  )
  return { leading, changed: block.slice(leading, block.findLastIndex(({ kind }) => kind !== 'context') + 1) }
}

/**
 * Where each hunk fits, one behind the other; null where one fits nowhere. The context of one may
 * be the context of the next, as patch(1) takes it; what one changes is closed to the next.
 */
export function locateHunks(
  lines: readonly ByteString[],
  hunks: readonly Hunk[],
  leniency: Leniency,
): (Place | null)[] {
  let consumed = 0
  let drift = 0
  return hunks.map((hunk) => {
    const from = Math.max(0, consumed - stretchOf(hunk.lines).leading)
    const place = findPlace(lines, hunk, { from, drift }, leniency)
    if (!place) return null
    const { leading, changed } = stretchOf(place.block)
    if (place.at + leading < consumed) return null
    consumed = place.at + leading + changed.filter(({ kind }) => kind !== 'add').length
    drift = place.drift
    return place
  })
}

/** Where a hunk fits. */
export interface Place {
  /** Index of the first line that `block` matches. */
  at: number
  /** Where it was found less where it was expected. */
  drift: number
  fuzz: number
  /** The hunk's lines, without the context that was left out. */
  block: HunkLine[]
}

function findPlace(
  lines: readonly ByteString[],
  hunk: Hunk,
  { from, drift }: { from: number; drift: number },
  { maxFuzz, place }: Leniency,
): Place | null {
  // A range of no lines stands after the line that it names.
  const expected = hunk.oldCount === 0 ? hunk.oldStart : hunk.oldStart - 1
  for (let fuzz = 0; fuzz <= maxFuzz; fuzz++) {
    const { block, cut } = reduceContext(hunk.lines, fuzz)
    if (fuzz > 0 && !block) return null
    const old = (block ?? hunk.lines).filter((line) => line.kind !== 'add').map((line) => line.text)
    const anchor = fuzz === 0 ? anchorOf(hunk) : null
    const end = lines.length - old.length
    const isLast = anchor !== 'start' && old.length > 0 && endsFile(hunk) && end >= from && matchesAt(lines, old, end)
    const at = isLast ? end : searchNear(lines, old, { expected: expected + cut + drift, from }, anchor)
    if (at === null) continue
    if ((fuzz > 0 || place === 'sure') && !isOnly(lines, old, from)) return null
    if (place === 'sure' && !isSurePlace(lines, hunk, at - cut)) return null
    return { at, drift: at - cut - expected, fuzz, block: block ?? hunk.lines }
  }
  return null
}

/** Takes the outermost `fuzz` lines of context off; null where there is none left to take. */
function reduceContext(lines: HunkLine[], fuzz: number): { block: HunkLine[] | null; cut: number } {
  if (fuzz === 0) return { block: lines, cut: 0 }
  const leading = lines.findIndex((line) => line.kind !== 'context')
  const trailing = lines.length - 1 - lines.findLastIndex((line) => line.kind !== 'context')
  const context = Math.max(leading, trailing)
  // patch(1) takes from the longer side first, so that both end up with the same.
  const head = Math.max(0, fuzz + leading - context)
  const tail = Math.max(0, fuzz + trailing - context)
  if (fuzz >= context) return { block: null, cut: 0 }
  return { block: lines.slice(head, lines.length - tail), cut: head }
}

/**
 * A hunk of the first line that has less context in front than behind begins the file, and one
 * without any behind ends it, as git apply has it. Less context alone says nothing.
 */
function anchorOf(hunk: Hunk): 'start' | 'end' | null {
  const leading = hunk.lines.findIndex((line) => line.kind !== 'context')
  const trailing = hunk.lines.length - 1 - hunk.lines.findLastIndex((line) => line.kind !== 'context')
  if (hunk.oldStart <= 1 && leading < trailing) return 'start'
  return trailing === 0 && leading > 0 ? 'end' : null
}

/** Whether what a hunk leaves behind is the end of the file: its last line has no line end. */
function endsFile({ lines }: Hunk): boolean {
  const last = lines.findLast(({ kind }) => kind !== 'remove')
  return last !== undefined && !last.text.endsWith('\n')
}

function searchNear(
  lines: readonly ByteString[],
  old: readonly ByteString[],
  { expected, from }: { expected: number; from: number },
  anchor: 'start' | 'end' | null,
): number | null {
  const last = lines.length - old.length
  if (last < from) return null
  if (anchor === 'start') return from === 0 && matchesAt(lines, old, 0) ? 0 : null
  const start = Math.min(Math.max(expected, from), last)
  if (anchor === 'end') return [start, last].find((at) => matchesAt(lines, old, at)) ?? null
  for (let distance = 0; distance <= Math.max(start - from, last - start); distance++) {
    // Of two places as far, patch(1) and git apply take the one behind.
    if (start + distance <= last && matchesAt(lines, old, start + distance)) return start + distance
    if (start - distance >= from && matchesAt(lines, old, start - distance)) return start - distance
  }
  return null
}

function isOnly(lines: readonly ByteString[], old: readonly ByteString[], from: number): boolean {
  let found = 0
  for (let at = from; at <= lines.length - old.length; at++) if (matchesAt(lines, old, at)) found++
  return found === 1
}

function matchesAt(lines: readonly ByteString[], old: readonly ByteString[], at: number): boolean {
  for (let index = 0; index < old.length; index++) if (lines[at + index] !== old[index]) return false
  return true
}

/**
 * Appends what a hunk leaves behind from a line on; context comes from the file. Returns the line
 * that comes next.
 */
function replaceAt(
  lines: readonly ByteString[],
  changed: readonly HunkLine[],
  from: number,
  result: ByteString[],
): number {
  let next = from
  for (const { kind, text } of changed) {
    if (kind === 'add') result.push(text)
    else if (kind === 'remove') next++
    else result.push(lines[next++] ?? '')
  }
  return next
}
