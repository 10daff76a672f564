/** One patch onto one tree, as a three-way merge in memory. */
import type { MergeResult, Merger } from '../git/merger.ts'
import type { ObjectReader } from '../git/object-reader.ts'
import { writeCommit } from '../git/object-writer.ts'
import type { Scratch } from '../git/scratch.ts'
import type { Patch } from '../model/patch.ts'
import type { RebuiltPatch } from '../model/attempt.ts'

/** What landing works with; one per attempt. */
export interface LandingContext {
  scratch: Scratch
  merger: Merger
  reader: ObjectReader
}

/** A patch and its commit in the rebuilt queue. */
export interface RebuiltPair {
  patch: Patch
  rebuilt: RebuiltPatch
}

/** A cherry-pick of the rebuilt commit onto `tree`: the merge base is the commit before it. */
export function mergePatch(context: LandingContext, tree: string, rebuilt: RebuiltPatch): Promise<MergeResult> {
  const ours = writeCommit(context.scratch.objects, { tree, parent: rebuilt.parent })
  return context.merger.merge(ours, rebuilt.commit)
}
