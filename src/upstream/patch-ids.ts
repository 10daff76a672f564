/** The patch-ids of few commits, of which nothing else is asked. */
import { diffTrees } from '../git/differ.ts'
import type { Scratch } from '../git/scratch.ts'
import { fromBytes } from '../model/bytes.ts'
import { DiffReader } from './scan-commits.ts'

const DIFF = ['-p', '--full-index', '--no-renames', '--no-ext-diff', '--no-textconv']

/** `git patch-id --stable` of each commit, by its id; of one that changes nothing there is none. */
export async function patchIdsOf(
  scratch: Scratch,
  commits: readonly { commit: string; parent: string }[],
): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  const said = await diffTrees(
    scratch,
    DIFF,
    commits.map(({ commit, parent }) => `${commit} ${parent}`),
  )
  // Each diff stands below the id of its commit, and no line of a diff looks like one.
  const parts = fromBytes(said).split(/^([0-9a-f]{40,64})\n/m)
  for (let at = 1; at < parts.length; at += 2) {
    const reader = new DiffReader()
    for (const line of (parts[at + 1] ?? '').split('\n')) reader.line(line)
    const { patchId } = reader.finish()
    if (patchId !== null) ids.set(parts[at] ?? '', patchId)
  }
  return ids
}
