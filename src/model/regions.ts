import { type ByteString, splitLines, trimBytes } from './bytes.ts'
import type { Hunk } from './patch.ts'

/** One place where a merge needs a person: the lines as each side has them. */
export interface ConflictRegion {
  /** Where it begins in the target's file, from 1. */
  line: number
  ours: ByteString[]
  base: ByteString[]
  theirs: ByteString[]
  /** Numbers of the patch's hunks that it is about, from 1. */
  hunks: number[]
  /** Where the lines that the patch wants to change are now, if upstream took them elsewhere. */
  wentTo: { path: ByteString; line: number } | null
  /** Ids of the upstream commits that changed those lines, the most telling first. */
  culprits: string[]
}

/** What the first culprit of a region did to its lines, as lines of a diff, by `keyOfRegion`. */
export type CulpritDiffs = ReadonlyMap<string, readonly ByteString[]>

/** `rank`: the region's place among those of its file, from 0. */
export function keyOfRegion(path: ByteString, rank: number): string {
  return `${rank} ${path}`
}

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
  // Each line once: the lines around one conflict may be those of the next.
  const kept = new Set<number>()
  let from: number | null = null
  let isBehind = false
  lines.forEach((line, at) => {
    if (from === null && line.startsWith('<<<<<<< ')) [from, isBehind] = [at, false]
    isBehind ||= /^={7}\r?\n?$/.test(line)
    // A line like the end of a conflict may stand in the sides before the last.
    if (from === null || !isBehind || !line.startsWith('>>>>>>> ')) return
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
function piecesOf(marked: ByteString): (ByteString | Sides)[] {
  const pieces: (ByteString | Sides)[] = []
  let [sides, side, raw]: [Sides, keyof Sides | null, ByteString[]] = [noSides(), null, []]
  for (const text of splitLines(marked)) {
    if (side !== null) raw.push(text)
    if (side === null && text.startsWith('<<<<<<< ')) [sides, side, raw] = [noSides(), 'ours', [text]]
    else if (side === 'ours' && text.startsWith('|||||||')) side = 'base'
    else if (side === 'base' && /^={7}\r?\n?$/.test(text)) side = 'theirs'
    else if (side === 'theirs' && text.startsWith('>>>>>>> ')) {
      pieces.push(sides)
      side = null
    } else if (side === null) pieces.push(text)
    else sides[side].push(text)
  }
  return side === null ? pieces : [...pieces, ...raw]
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
