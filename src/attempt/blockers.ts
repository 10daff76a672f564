/** Which earlier failing patches a failing patch waits for: proven by trying it with their changes in place. */
import type { MergeResult } from '../git/merger.ts'
import type { FileWrite } from '../git/object-writer.ts'
import { writeFiles } from '../git/tree.ts'
import { fromBytes } from '../model/bytes.ts'
import { pathsOf } from '../model/patch.ts'
import { resolveForPatch } from './conflicts.ts'
import { type LandingContext, mergePatch, type RebuiltPair } from './merge.ts'

/** Above so many, the set is not made smaller one by one: each step is a merge of them all. */
const MAX_REDUCED = 8

/** Positions of the earlier patches with which in place `one` lands on `tree`, as few as possible; none where it fails by itself. */
export async function findBlockers(
  context: LandingContext,
  tree: string,
  one: RebuiltPair,
  failed: readonly RebuiltPair[],
): Promise<number[]> {
  const paths = new Set(pathsOf(one.patch))
  const suspects = failed.filter(
    ({ patch, rebuilt }) => rebuilt.rebuild.kind !== 'failed' && pathsOf(patch).some((path) => paths.has(path)),
  )
  if (suspects.length === 0 || !(await landsWith(context, tree, one, suspects))) return []
  const blockers = suspects.length > MAX_REDUCED ? suspects : await reduce(context, tree, one, suspects)
  return blockers.map(({ patch }) => patch.position)
}

async function reduce(
  context: LandingContext,
  tree: string,
  one: RebuiltPair,
  suspects: RebuiltPair[],
): Promise<RebuiltPair[]> {
  let needed = suspects
  for (const suspect of suspects) {
    const without = needed.filter((other) => other !== suspect)
    if (without.length > 0 && (await landsWith(context, tree, one, without))) needed = without
  }
  return needed
}

async function landsWith(
  context: LandingContext,
  tree: string,
  one: RebuiltPair,
  earlier: readonly RebuiltPair[],
): Promise<boolean> {
  let forced = tree
  for (const { rebuilt } of earlier) forced = await force(context, await mergePatch(context, forced, rebuilt))
  return (await mergePatch(context, forced, one.rebuilt)).clean
}

/** The merged tree, with every conflict decided for the patch. */
async function force(context: LandingContext, merged: MergeResult): Promise<string> {
  const writes: FileWrite[] = []
  for (const path of new Set(merged.unmerged.map((entry) => entry.path))) {
    const marked = await context.reader.read(`${merged.tree}:${path}`)
    if (!marked) continue
    const content = fromBytes(marked.data)
    const resolved = resolveForPatch(content)
    const mode = merged.unmerged.find((entry) => entry.path === path)?.mode ?? '100644'
    if (resolved !== content) writes.push({ path, mode, content: resolved })
  }
  return writes.length > 0 ? writeFiles(context.scratch, merged.tree, writes) : merged.tree
}
