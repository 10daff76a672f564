/** Resolutions as git keeps them: git-rerere(1), Documentation/technical/rerere.txt. Pure. */
import { createHash } from 'node:crypto'
import { type ByteString, splitLines, toBytes } from '../../model/bytes.ts'
import type { Lineage, Resolution } from '../../model/resolution.ts'
import { align } from '../hold/align.ts'
import { type ConflictPieces, cutPieces } from './cut.ts'

type Lines = readonly ByteString[]

/** A file in conflict as git keeps it, and as a person left it. */
export interface RerereEntry {
  /** The name of its directory in `rr-cache`. */
  id: string
  preimage: ByteString
  postimage: ByteString
}

const NO_LINEAGE: Lineage = {
  ...{ patch: '', subject: '', path: '', culprits: [], person: '', minutes: null },
  technique: 'git rerere',
}

/** What git recorded: it keeps neither the base nor which side was whose. */
export function readRerere({ preimage, postimage }: Omit<RerereEntry, 'id'>): Resolution[] {
  return cutPieces(piecesOf(preimage), postimage, NO_LINEAGE)
}

/** git writes its markers without a name; a conflict that has no end is lines like others. */
function piecesOf(preimage: ByteString): ConflictPieces {
  const pieces: (ByteString | Resolution['sides'])[] = []
  let open: { ours: ByteString[]; theirs: ByteString[]; side: 'ours' | 'theirs'; raw: ByteString[] } | null = null
  for (const line of splitLines(preimage)) {
    const marker = /^(<{7,}|={7,}|>{7,})\r?\n?$/.exec(line)?.[1]?.[0]
    open?.raw.push(line)
    if (open === null && marker === '<') open = { ours: [], theirs: [], side: 'ours', raw: [line] }
    else if (open?.side === 'ours' && marker === '=') open.side = 'theirs'
    else if (open?.side === 'theirs' && marker === '>') {
      pieces.push({ base: null, ours: open.ours, theirs: open.theirs })
      open = null
    } else if (open) open[open.side].push(line)
    else pieces.push(line)
  }
  return open ? [...pieces, ...open.raw] : pieces
}

/**
 * Entries for git, one per file whose conflict hunks are all there: for conflicts as
 * `merge.conflictStyle` diff3 has them, and as its default has them, which leaves out what the sides
 * have alike.
 */
export function writeRerere(resolutions: readonly Resolution[]): RerereEntry[] {
  const files = new Map<string, Resolution[]>()
  for (const one of resolutions) {
    const hunks = files.get(one.conflict.id) ?? []
    if (!hunks.some(({ conflict }) => conflict.hunk === one.conflict.hunk)) hunks.push(one)
    files.set(one.conflict.id, hunks)
  }
  const entries = new Map<string, RerereEntry>()
  for (const hunks of files.values()) {
    if (hunks.length !== hunks[0]?.conflict.hunks) continue
    hunks.sort((one, other) => one.conflict.hunk - other.conflict.hunk)
    for (const split of [({ ours, theirs }: Sides) => [{ ours, theirs }], splitConflict]) {
      const entry = entryOf(hunks, split)
      entries.set(entry.id, entry)
    }
  }
  return [...entries.values()]
}

type Sides = Pick<Resolution['sides'], 'ours' | 'theirs'>
type Split = (sides: Sides) => (Sides | { both: Lines })[]

function entryOf(hunks: readonly Resolution[], split: Split): RerereEntry {
  const hash = createHash('sha1')
  const images: { preimage: Lines; postimage: Lines } = { preimage: [], postimage: [] }
  let last: Lines = []
  for (const { sides, resolved, around } of hunks) {
    // Hunks that stand near each other share the lines between them.
    const before = around.before.slice(overlapOf(last, around.before))
    const conflict = split(sides).flatMap((part): Lines => {
      if ('both' in part) return part.both
      const [first = '', second = ''] = [part.ours, part.theirs].map((side) => side.join('')).sort()
      // As C strings, their ends included: rerere.c, handle_conflict().
      hash.update(toBytes(`${first}\0${second}\0`))
      return ['<<<<<<<\n', first, '=======\n', second, '>>>>>>>\n']
    })
    images.preimage = [...images.preimage, ...before, ...conflict, ...around.after]
    images.postimage = [...images.postimage, ...before, ...resolved, ...around.after]
    last = around.after
  }
  const [preimage, postimage] = [images.preimage.join(''), images.postimage.join('')]
  return { id: hash.digest('hex'), preimage, postimage }
}

function overlapOf(last: Lines, next: Lines): number {
  let overlap = Math.min(last.length, next.length)
  const isShared = (count: number) => next.slice(0, count).every((line, at) => line === last[last.length - count + at])
  while (overlap > 0 && !isShared(overlap)) overlap--
  return overlap
}

/** Fewer lines between two conflicts do not part them: xmerge.c, xdl_simplify_non_conflicts(). */
const APART = 3

/** A conflict as git shows it by default: without what both sides have. */
function splitConflict({ ours, theirs }: Sides): (Sides | { both: Lines })[] {
  const parts: (Sides | { both: Lines })[] = []
  let [ourFrom, theirFrom] = [0, 0]
  for (const { our, their, count } of runsOf(ours, theirs)) {
    const isEdge = (our === 0 && their === 0) || (our + count === ours.length && their + count === theirs.length)
    if (!isEdge && count <= APART) continue
    if (our > ourFrom || their > theirFrom)
      parts.push({ ours: ours.slice(ourFrom, our), theirs: theirs.slice(theirFrom, their) })
    if (count > 0) parts.push({ both: ours.slice(our, our + count) })
    ourFrom = our + count
    theirFrom = their + count
  }
  return parts
}

/** The lines that both have, run by run; the last is their end, and may be empty. */
function runsOf(ours: Lines, theirs: Lines): { our: number; their: number; count: number }[] {
  const pairs = align(ours, theirs)
  const runs: { our: number; their: number; count: number }[] = []
  for (const [our, their] of pairs.entries()) {
    const last = runs.at(-1)
    if (their < 0) continue
    if (last && last.our + last.count === our && last.their + last.count === their) last.count++
    else runs.push({ our, their, count: 1 })
  }
  const last = runs.at(-1)
  const isWhole = last && last.our + last.count === ours.length && last.their + last.count === theirs.length
  return isWhole ? runs : [...runs, { our: ours.length, their: theirs.length, count: 0 }]
}
