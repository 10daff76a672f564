/** What upstream did to the lines that a patch conflicts over: the culprits' own diffs, as far as they are about these lines. */
import { runGit } from './git/process.ts'
import type { Scratch } from './git/scratch.ts'
import { readPatch } from './ingest/read-patch.ts'
import type { Landing } from './model/attempt.ts'
import type { ByteString } from './model/bytes.ts'
import { changesOf, type Hunk } from './model/patch.ts'
import { type ConflictRegion, type CulpritDiffs, keyOfRegion } from './model/regions.ts'
import { hunkToUnified } from './model/unified.ts'

/** A longer diff is cut: it is there to recognise the change by. */
const MAX_LINES = 40

export async function explainConflicts(scratch: Scratch, landing: Landing): Promise<CulpritDiffs> {
  const diffs = new Map<string, ByteString[]>()
  if (!('conflicts' in landing)) return diffs
  const hunksOf = new Map<string, Hunk[]>()
  for (const { path, regions } of landing.conflicts) {
    for (const [rank, region] of regions.entries()) {
      const [sha] = region.culprits
      if (sha === undefined) continue
      const hunks = hunksOf.get(sha) ?? (await readHunks(scratch, sha))
      hunksOf.set(sha, hunks)
      const lines = hunks.filter((hunk) => touches(hunk, region)).flatMap(hunkToUnified)
      diffs.set(keyOfRegion(path, rank), lines.length > MAX_LINES ? [...lines.slice(0, MAX_LINES), '…'] : lines)
    }
  }
  return diffs
}

/** The hunks of a commit, of whatever file: it may have moved the lines. */
async function readHunks(scratch: Scratch, sha: string): Promise<Hunk[]> {
  const args = ['show', '--format=', '-M', '--no-ext-diff', '--no-textconv', '--first-parent', sha, '--']
  const { stdout } = await runGit(scratch, args)
  const listing = { name: sha, section: '', owner: null, comment: null, strip: 1, reversed: false }
  return changesOf(readPatch(listing, 1, stdout)).flatMap(({ body }) => (body.kind === 'text' ? body.hunks : []))
}

function touches({ lines }: Hunk, { ours, base }: ConflictRegion): boolean {
  const [kept, known] = [new Set(ours), new Set(base)]
  const changed = new Set([...base.filter((line) => !kept.has(line)), ...ours.filter((line) => !known.has(line))])
  return lines.some(({ kind, text }) => kind !== 'context' && text.trim() !== '' && changed.has(text))
}
