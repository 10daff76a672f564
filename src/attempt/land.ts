/**
 * Carries the rebuilt queue over to the target, patch by patch, past every failure.
 *
 * Each patch is a three-way merge of its rebuilt commit, so that it lands where its surroundings went, not where its line numbers point.
 * Only a patch that is not in the rebuilt queue is applied directly, as patch(1) would.
 */
import { Merger } from '../git/merger.ts'
import { ObjectReader } from '../git/object-reader.ts'
import type { Scratch } from '../git/scratch.ts'
import { changedFiles, listTree, writeFiles } from '../git/tree.ts'
import type { Landing } from '../model/attempt.ts'
import { fromBytes } from '../model/bytes.ts'
import { type Patch, type PatchQueue, pathsOf } from '../model/patch.ts'
import { findBlockers } from './blockers.ts'
import { conflictsIn, conflictsOf } from './conflicts.ts'
import { contentsOfTree, type FileSource, filesOfTree, type Outcome, TreeFiles } from './files.ts'
import { type LandingContext, mergePatch, type RebuiltPair } from './merge.ts'
import type { RebuiltPatch } from '../model/attempt.ts'

export interface LandedPatch {
  landing: Landing
  /** The tree of the target with the queue up to and including this patch. */
  tree: string
}

/** quilt's default; marked in the landing, and taken only where the place is the only one in the file. */
const FUZZ = 2

/**
 * `withheld`: positions of the patches that the target has. `progress` is told the number of patches done.
 * Returns one element per patch, in the order of the queue.
 */
export async function landQueue(
  scratch: Scratch,
  target: string,
  queue: PatchQueue,
  rebuilt: readonly RebuiltPatch[],
  withheld: ReadonlySet<number>,
  progress: (done: number) => void,
): Promise<LandedPatch[]> {
  const context = { scratch, merger: new Merger(scratch), reader: new ObjectReader(scratch) }
  const landed: LandedPatch[] = []
  const failed: RebuiltPair[] = []
  let tree = `${(await context.reader.read(`${target}^{tree}`))?.sha}`
  try {
    for (const [index, patch] of queue.patches.entries()) {
      const one = rebuilt[index]
      if (!one) throw new Error(`patch ${patch.position} was not rebuilt`)
      const result = withheld.has(patch.position)
        ? { landing: { kind: 'withheld' } as const, tree }
        : await landPatch(context, tree, { patch, rebuilt: one }, failed)
      if (result.landing.kind === 'conflict' || result.landing.kind === 'blocked') failed.push({ patch, rebuilt: one })
      landed.push(result)
      tree = result.tree
      progress(landed.length)
    }
  } finally {
    context.merger.close()
    context.reader.close()
  }
  return landed
}

async function landPatch(
  context: LandingContext,
  tree: string,
  one: RebuiltPair,
  failed: readonly RebuiltPair[],
): Promise<LandedPatch> {
  const { patch, rebuilt } = one
  if (rebuilt.rebuild.kind === 'unreadable') return { landing: { kind: 'unreadable' }, tree }
  if (patch.files === 0) return { landing: { kind: 'noop' }, tree }
  if (rebuilt.rebuild.kind === 'failed') return landDirectly(context, tree, patch)
  const merged = await mergePatch(context, tree, rebuilt)
  if (merged.clean) return { landing: await nameLanding(context, tree, merged.tree, patch), tree: merged.tree }
  const conflicts = await conflictsOf(context, merged, patch)
  const by = await findBlockers(context, tree, one, failed)
  return { landing: by.length > 0 ? { kind: 'blocked', conflicts, by } : { kind: 'conflict', conflicts }, tree }
}

/** Says how a merge went: as the patch would have applied by itself, or by what only a merge can do. */
async function nameLanding(context: LandingContext, before: string, after: string, patch: Patch): Promise<Landing> {
  if (before === after) return { kind: 'noop' }
  const direct = await applyTo(contentsOfTree(before, context.reader), patch, 0)
  if (direct.kind === 'failed') return { kind: 'merged' }
  for (const { path, content } of direct.writes) {
    const merged = await context.reader.read(`${after}:${path}`)
    if ((merged ? fromBytes(merged.data) : null) !== content) return { kind: 'merged' }
  }
  return direct.offset > 0 ? { kind: 'offset', lines: direct.offset } : { kind: 'clean' }
}

async function landDirectly(context: LandingContext, tree: string, patch: Patch): Promise<LandedPatch> {
  const entries = await listTree(context.scratch, tree)
  const outcome = await applyTo(filesOfTree(entries, context.reader), patch, FUZZ)
  if (outcome.kind === 'failed')
    return { landing: { kind: 'conflict', conflicts: conflictsIn(outcome.failures) }, tree }
  const after = await writeFiles(context.scratch, tree, outcome.writes)
  const changed = await changedFiles(context.scratch, tree, after)
  if (changed.size === 0) return { landing: { kind: 'noop' }, tree }
  if (outcome.fuzz > 0) return { landing: { kind: 'fuzz', lines: outcome.fuzz }, tree: after }
  return { landing: outcome.offset > 0 ? { kind: 'offset', lines: outcome.offset } : { kind: 'clean' }, tree: after }
}

async function applyTo(source: FileSource, patch: Patch, maxFuzz: number): Promise<Outcome> {
  const files = new TreeFiles(source)
  await files.fetch(pathsOf(patch))
  return files.apply(patch, maxFuzz)
}
