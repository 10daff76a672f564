/** How commits stand to the base with the whole queue on it: what of them is there, and how they apply. */
import { landEach } from '../attempt/land.ts'
import type { RebuiltPair } from '../attempt/merge.ts'
import { ObjectReader } from '../git/object-reader.ts'
import type { Scratch } from '../git/scratch.ts'
import { readEntry } from '../git/tree-entry.ts'
import type { Landing, RebuiltPatch } from '../model/attempt.ts'
import { type ByteString, splitLines, trimBytes } from '../model/bytes.ts'
import { elementAt } from '../model/elements.ts'
import { pathsOf } from '../model/patch.ts'
import type { TreeEntries } from '../model/tree.ts'
import { type CommitPatch, commitPatches } from '../upstream/commit-patches.ts'

/** A commit, as it lands on the queue's tree. */
export interface SeenCommit extends Pick<CommitPatch, 'sha' | 'patch'> {
  landing: Landing
}

/** A file of a tree that commits know, perhaps under another name, and its lines without blanks at their ends. */
export interface SeenFile {
  path: ByteString
  lines: readonly ByteString[]
}

/** The base's files with all that the patches made of them. */
export function queueTree(base: TreeEntries, rebuilt: readonly RebuiltPatch[]): TreeEntries {
  const entries = new Map(base)
  for (const { changes } of rebuilt)
    for (const [path, { after }] of changes)
      if (after === null) entries.delete(path)
      else entries.set(path, after)
  return entries
}

/** A tree, and where files are in it that commits know under other names. */
export interface NamedTree {
  entries: TreeEntries
  names: ReadonlyMap<ByteString, ByteString>
}

/** Commits that are no merges, and the files that they change. */
export async function lookAtCommits(
  scratch: Scratch,
  tree: NamedTree,
  shas: readonly string[],
): Promise<{ seen: SeenCommit[]; files: Map<ByteString, SeenFile> }> {
  const commits = [...(await commitPatches(scratch, shas)).values()]
  const pairs: RebuiltPair[] = commits.map(({ patch, rebuilt }) => ({ patch, rebuilt }))
  const landings = await landEach(scratch, { base: new Map(), entries: tree.entries, renames: new Map() }, pairs)
  const seen = commits.map(({ sha, patch }, at) => ({ sha, patch, landing: elementAt(landings, at) }))
  const paths = commits.flatMap(({ patch }) => pathsOf(patch))
  return { seen, files: await readFiles(scratch, tree, paths) }
}

/** The files of a tree that are there, by the names that they are asked for. */
export async function readFiles(
  scratch: Scratch,
  { entries, names }: NamedTree,
  paths: readonly ByteString[],
): Promise<Map<ByteString, SeenFile>> {
  const files = new Map<ByteString, SeenFile>()
  const reader = new ObjectReader(scratch)
  try {
    for (const named of new Set(paths)) {
      const path = entries.has(named) ? named : (names.get(named) ?? named)
      const entry = entries.get(path)
      const content = entry ? await readEntry(reader, entry) : null
      if (content !== null) files.set(named, { path, lines: splitLines(content).map(trimBytes) })
    }
    return files
  } finally {
    reader.close()
  }
}
