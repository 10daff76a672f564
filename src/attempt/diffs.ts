/** What files were and are, as git diffs. */
import { diffTrees } from '../git/differ.ts'
import type { ObjectReader } from '../git/object-reader.ts'
import type { Scratch } from '../git/scratch.ts'
import { updateTree } from '../git/tree-writer.ts'
import { type ByteString, fromBytes } from '../model/bytes.ts'
import { elementAt } from '../model/elements.ts'
import type { TreeChanges } from '../model/tree.ts'

/** Files before and after something, by their paths. */
export interface FilePairs {
  before: TreeChanges
  changes: TreeChanges
}

/** `options`: what git-diff-tree(1) is to say beside the diff, such as a stat. */
export async function diffOf(
  tools: { scratch: Scratch; reader: ObjectReader },
  pairs: FilePairs,
  options: readonly string[] = [],
): Promise<ByteString> {
  return elementAt(await diffsOf(tools, [pairs], options), 0)
}

/** One diff for each. */
export async function diffsOf(
  { scratch, reader }: { scratch: Scratch; reader: ObjectReader },
  all: readonly FilePairs[],
  options: readonly string[] = [],
): Promise<ByteString[]> {
  if (all.length === 0) return []
  const names: string[] = []
  for (const { before, changes } of all)
    names.push(`${await updateTree(scratch, reader, null, before)} ${await updateTree(scratch, reader, null, changes)}`)
  const said = await diffTrees(scratch, ['-r', '-p', '-M', '--full-index', '--binary', ...options], names)
  // Each diff stands below the two trees that it is of; of two equal trees nothing is said.
  const parts = fromBytes(said).split(/^([0-9a-f]{40,64} [0-9a-f]{40,64})\n/m)
  let next = 1
  return names.map((name) => {
    if (parts[next] !== name) return ''
    next += 2
    return parts[next - 1] ?? ''
  })
}
