import { type ByteString, splitLines, trimBytes } from '../model/bytes.ts'
import type { Hunk } from '../model/patch.ts'
import type { ConflictRegion } from '../model/region.ts'

/**
 * The conflicts in a file with git's diff3 markers (git-merge-file(1), --diff3). `hunks`: what the
 * patch has for this file.
 */
export function regionsOf(marked: ByteString, hunks: readonly Hunk[]): ConflictRegion[] {
  const regions: ConflictRegion[] = []
  let line = 1
  for (const piece of piecesOf(marked)) {
    if (typeof piece === 'string') {
      line++
      continue
    }
    const region = { line, ...piece, hunks: [], wentTo: null, culprits: [] }
    regions.push({ ...region, hunks: hunksIn(region, hunks) })
    line += piece.ours.length
  }
  return regions
}

/** Lines around a conflict that tell a reader where it is. */
export const AROUND = 3

/**
 * The conflicts of a marked file, each with the lines around it; nothing of the rest, which the
 * record need not keep.
 */
export function excerptOf(marked: ByteString): ByteString {
  const lines = splitLines(marked)
  const markerOf = markersIn(lines)
  // Each line once: the lines around one conflict may be those of the next.
  const kept = new Set<number>()
  let from: number | null = null
  lines.forEach((line, at) => {
    const marker = markerOf(line)
    if (from === null && marker === '<') from = at
    if (from === null || marker !== '>') return
    for (let near = from - AROUND; near <= at + AROUND; near++) kept.add(near)
    from = null
  })
  return lines.filter((_, at) => kept.has(at)).join('')
}

/** A file with conflict markers, every conflict decided for one side. */
export function decideFor(side: 'ours' | 'theirs', marked: ByteString): ByteString {
  return piecesOf(marked)
    .flatMap((piece) => (typeof piece === 'string' ? [piece] : piece[side]))
    .join('')
}

/**
 * The lines of a marked file, and in place of each conflict its sides; a conflict that has no end
 * is lines like others.
 */
export function piecesOf(marked: ByteString): (ByteString | Sides)[] {
  const pieces: (ByteString | Sides)[] = []
  let [sides, side, raw]: [Sides, keyof Sides | null, ByteString[]] = [noSides(), null, []]
  const lines = splitLines(marked)
  const markerOf = markersIn(lines)
  for (const text of lines) {
    const marker = markerOf(text)
    if (side !== null) raw.push(text)
    if (side === null && marker === '<') [sides, side, raw] = [noSides(), 'ours', [text]]
    else if (side === 'ours' && marker === '|') side = 'base'
    else if (side === 'base' && marker === '=') side = 'theirs'
    else if (side === 'theirs' && marker === '>') {
      pieces.push(sides)
      side = null
    } else if (side === null) pieces.push(text)
    else sides[side].push(text)
  }
  return side === null ? pieces : [...pieces, ...raw]
}

type Marker = '<' | '|' | '=' | '>'

/** git's own length of a marker (gitattributes(5), conflict-marker-size). */
const SHORTEST = 7
const MARKER = /^([<|=>])\1{6,}(?=[ \r\n]|$)/

/** How many of one sign a line begins with that may be a marker; 0: it is none. */
function lengthOfMarker(line: ByteString): number {
  return MARKER.exec(line)?.[0].length ?? 0
}

/**
 * Which of some lines are markers of conflicts: those that are longer than all others like them.
 * The title of a text may be underlined as a marker is.
 */
export function markersIn(lines: readonly ByteString[]): (line: ByteString) => Marker | null {
  const length = lines.reduce((longest, line) => Math.max(longest, lengthOfMarker(line)), SHORTEST)
  return (line) => (lengthOfMarker(line) === length ? (line[0] as Marker) : null)
}

/**
 * A marked file with markers as short as people know them: one longer than any line of the file
 * that looks like one.
 */
export function shortenMarkers(marked: ByteString): ByteString {
  const lines = splitLines(marked)
  const markerOf = markersIn(lines)
  const lengths = lines.map((line) => (markerOf(line) === null ? lengthOfMarker(line) : 0))
  const length = Math.max(SHORTEST, ...lengths.filter((one) => one > 0).map((one) => one + 1))
  return lines
    .map((line) => (markerOf(line) === null ? line : `${line[0]?.repeat(length)}${line.slice(lengthOfMarker(line))}`))
    .join('')
}

/** A marked file with its sides called by names that a person knows: one line each. */
export function labelMarkers(marked: ByteString, names: Readonly<Record<'<' | '|' | '>', ByteString>>): ByteString {
  const lines = splitLines(marked)
  const markerOf = markersIn(lines)
  return lines
    .map((line) => {
      const marker = markerOf(line)
      if (marker === null || marker === '=') return line
      return `${line.slice(0, lengthOfMarker(line))} ${names[marker]}${/\r?\n$/.exec(line)?.[0] ?? ''}`
    })
    .join('')
}

/**
 * The number of the first line that is a marker of a conflict, and in none of the `known` texts;
 * null where there is none.
 */
export function findMarker(text: ByteString, known: readonly ByteString[]): number | null {
  const own = new Set(known.flatMap(splitLines))
  const at = splitLines(text).findIndex((line) => lengthOfMarker(line) > 0 && !own.has(line))
  return at < 0 ? null : at + 1
}

type Sides = Pick<ConflictRegion, 'ours' | 'base' | 'theirs'>

function noSides(): Sides {
  return { ours: [], base: [], theirs: [] }
}

/**
 * The hunks whose changed lines are in the region, by half or more; else the one that has most of
 * its there.
 */
function hunksIn(region: ConflictRegion, hunks: readonly Hunk[]): number[] {
  const [base, theirs] = [region.base, region.theirs].map((side) => new Set(side.map(trimBytes)))
  const shares = hunks.map(({ lines }) => {
    const changed = lines.filter(({ kind, text }) => kind !== 'context' && trimBytes(text) !== '')
    const inside = changed.filter(({ kind, text }) => (kind === 'add' ? theirs : base)?.has(trimBytes(text)))
    return changed.length === 0 ? 0 : inside.length / changed.length
  })
  const most = Math.max(0, ...shares)
  return shares.flatMap((share, at) => (share > 0 && share >= Math.min(0.5, most) ? [at + 1] : []))
}
