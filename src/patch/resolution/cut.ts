/** Cuts a file that a person resolved into what became of each conflict hunk. Pure. */
import { type ByteString, splitLines } from '../../model/bytes.ts'
import type { Lineage, Resolution } from '../../model/resolution.ts'
import { AROUND, piecesOf } from '../regions.ts'
import { conflictId } from './write.ts'

/** The lines of a file in conflict, and in place of each conflict its sides. */
export type ConflictPieces = readonly (ByteString | Resolution['sides'])[]

/** A conflict hunk, between the lines that no side contests. */
interface Cut {
  sides: Resolution['sides']
  before: readonly ByteString[]
  after: readonly ByteString[]
}

/** A resolution for each conflict hunk of `marked`, a file with git's diff3 markers. */
export function cutResolved(marked: ByteString, resolved: ByteString, lineage: Lineage): Resolution[] {
  return cutPieces(piecesOf(marked), resolved, lineage)
}

/**
 * A resolution for each conflict hunk that `resolved`, the whole file, shows. A hunk whose neighbours
 * were changed as well is left out: where it ends is not known.
 */
export function cutPieces(pieces: ConflictPieces, resolved: ByteString, lineage: Lineage): Resolution[] {
  const cuts = cutsOf(pieces)
  const lines = splitLines(resolved)
  const id = conflictId(cuts.map(({ sides }) => sides))
  let done = 0
  return cuts.flatMap(({ sides, before, after }, at) => {
    const from = at === 0 ? endOfStart(lines, before) : endOf(lines, before)
    const to = at === cuts.length - 1 ? startOfEnd(lines, after) : startOf(lines, after)
    if (from === null || to === null || from < done || to < from) return []
    done = to
    return {
      ...{ sides, resolved: lines.slice(from, to), lineage },
      around: { before: before.slice(-AROUND), after: after.slice(0, AROUND) },
      conflict: { id, hunk: at + 1, hunks: cuts.length },
    }
  })
}

function cutsOf(pieces: ConflictPieces): Cut[] {
  const cuts: Cut[] = []
  let common: ByteString[] = []
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      common.push(piece)
      continue
    }
    cuts.push({ sides: piece, before: common, after: [] })
    common = []
  }
  return cuts.map((cut, at) => ({ ...cut, after: cuts[at + 1]?.before ?? common }))
}

/** Behind the block, if the file begins with it; else where it ends, if that is plain. */
function endOfStart(lines: readonly ByteString[], block: readonly ByteString[]): number | null {
  return block.every((line, at) => line === lines[at]) ? block.length : endOf(lines, block)
}

function startOfEnd(lines: readonly ByteString[], block: readonly ByteString[]): number | null {
  const from = lines.length - block.length
  return from >= 0 && block.every((line, at) => line === lines[from + at]) ? from : startOf(lines, block)
}

/** Where the last lines of a block end, as many of them as stand in one place only. */
function endOf(lines: readonly ByteString[], block: readonly ByteString[]): number | null {
  return placeOf(lines, block, (count) => block.length - 1 - count, -1)
}

/** Where the first lines of a block begin, as many of them as stand in one place only. */
function startOf(lines: readonly ByteString[], block: readonly ByteString[]): number | null {
  return placeOf(lines, block, (count) => count, 1)
}

/** More lines than these do not tell a place any better. */
const TELLING = 64

function placeOf(
  lines: readonly ByteString[],
  block: readonly ByteString[],
  indexOf: (count: number) => number,
  step: 1 | -1,
): number | null {
  let places = [...lines.keys()]
  for (let count = 0; count < Math.min(block.length, TELLING); count++) {
    const wanted = block[indexOf(count)]
    places = places.filter((place) => lines[place + step * count] === wanted)
    const [only, another] = places
    if (only === undefined) return null
    if (another === undefined) return step > 0 ? only : only + 1
  }
  return null
}
