/**
 * What upstream did to the lines that a patch conflicts over: the culprits' own diffs, as far as
 * they are about these lines.
 */
import { runGit } from '../git/process.ts'
import type { Scratch } from '../git/scratch.ts'
import type { Landing } from '../model/attempt.ts'
import type { ByteString } from '../model/bytes.ts'
import { changesOf, type Hunk } from '../model/patch.ts'
import { baseName } from '../model/paths.ts'
import { type ConflictRegion, keyOfRegion, type RegionLines } from '../model/region.ts'
import { bareListing, readPatch } from '../patch/read/read-patch.ts'
import { hunkToUnified } from '../patch/unified.ts'

/** A longer diff is cut: it is there to recognise the change by. */
const MAX_LINES = 40

export async function explainConflicts(scratch: Scratch, landing: Landing): Promise<RegionLines> {
  const diffs = new Map<string, ByteString[]>()
  if (!('conflicts' in landing)) return diffs
  const filesOf = new Map<string, ChangedFile[]>()
  for (const { path, regions } of landing.conflicts) {
    for (const [rank, region] of regions.entries()) {
      const [sha] = region.culprits
      if (sha === undefined) continue
      const files = filesOf.get(sha) ?? (await filesOfCommit(scratch, sha))
      filesOf.set(sha, files)
      const lines = hunksAbout(region, path, files).flatMap(hunkToUnified)
      diffs.set(keyOfRegion(path, rank), lines.length > MAX_LINES ? [...lines.slice(0, MAX_LINES), '…'] : lines)
    }
  }
  return diffs
}

/** A file that a commit changed: its names before and after, and its hunks. */
export interface ChangedFile {
  paths: (ByteString | null)[]
  hunks: Hunk[]
}

/** The files that a commit changed. */
export async function filesOfCommit(scratch: Scratch, sha: string): Promise<ChangedFile[]> {
  const args = [
    'show',
    '--format=',
    '-M',
    '--no-ext-diff',
    '--no-textconv',
    '--first-parent',
    '--end-of-options',
    sha,
    '--',
  ]
  const { stdout } = await runGit(scratch, args)
  return changesOf(readPatch(bareListing(sha), 1, stdout)).map(({ oldPath, newPath, body }) => {
    return { paths: [oldPath, newPath], hunks: body.kind === 'text' ? body.hunks : [] }
  })
}

/**
 * Those of the file itself, whatever directory it was in then; only where there are none, those of
 * others: the lines may have moved.
 */
function hunksAbout(region: ConflictRegion, path: ByteString, files: readonly ChangedFile[]): Hunk[] {
  const about = (some: readonly ChangedFile[]) =>
    some.flatMap(({ hunks }) => hunks.filter((hunk) => touches(hunk, region)))
  const own = about(files.filter(({ paths }) => paths.some((one) => one !== null && baseName(one) === baseName(path))))
  return own.length > 0 ? own : about(files)
}

function touches({ lines }: Hunk, { ours, base }: ConflictRegion): boolean {
  const [kept, known] = [new Set(ours), new Set(base)]
  const changed = new Set([...base.filter((line) => !kept.has(line)), ...ours.filter((line) => !known.has(line))])
  return lines.some(({ kind, text }) => kind !== 'context' && text.trim() !== '' && changed.has(text))
}
