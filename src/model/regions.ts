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

/** The conflicts in a file with git's diff3 markers (git-merge-file(1), --diff3). `hunks`: what the patch has for this file. */
export function regionsOf(marked: ByteString, hunks: readonly Hunk[]): ConflictRegion[] {
  const regions: ConflictRegion[] = []
  let side: 'ours' | 'base' | 'theirs' | null = null
  let region: ConflictRegion | null = null
  let line = 1
  for (const text of splitLines(marked)) {
    if (region === null && text.startsWith('<<<<<<< ')) {
      region = { line, ours: [], base: [], theirs: [], hunks: [], wentTo: null, culprits: [] }
      side = 'ours'
    } else if (region && side === 'ours' && text.startsWith('|||||||')) side = 'base'
    else if (region && side === 'base' && /^={7}\r?\n?$/.test(text)) side = 'theirs'
    else if (region && side === 'theirs' && text.startsWith('>>>>>>> ')) {
      line += region.ours.length
      regions.push({ ...region, hunks: hunksIn(region, hunks) })
      region = null
      side = null
    } else if (region && side) region[side].push(text)
    else line++
  }
  return regions
}

/** Lines around a conflict that tell a reader where it is. */
export const AROUND = 3

/** The conflicts of a marked file, each with the lines around it; nothing of the rest, which the record need not keep. */
export function excerptOf(marked: ByteString): ByteString {
  const lines = splitLines(marked)
  // Each line once: the lines around one conflict may be those of the next.
  const kept = new Set<number>()
  let from: number | null = null
  lines.forEach((line, at) => {
    if (from === null && line.startsWith('<<<<<<< ')) from = at
    if (from === null || !line.startsWith('>>>>>>> ')) return
    for (let near = from - AROUND; near <= at + AROUND; near++) kept.add(near)
    from = null
  })
  return lines.filter((_, at) => kept.has(at)).join('')
}

/** A file with conflict markers, every conflict decided for one side. */
export function decideFor(side: 'ours' | 'theirs', marked: ByteString): ByteString {
  const [first, last] = side === 'ours' ? ['$1', ''] : ['', '$2']
  return marked.replace(/^<{7} [^\n]*\n(.*?)^\|{7}[^\n]*\n.*?^={7}\r?\n(.*?)^>{7} [^\n]*\n?/gms, `${first}${last}`)
}

/** The hunks whose changed lines are in the region, by half or more; else the one that has most of its there. */
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
