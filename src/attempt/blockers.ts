/**
 * Which earlier failing patches a failing patch waits for: proven by trying it with their changes
 * in place.
 */
import { writeBlob } from '../git/object-writer.ts'
import type { RebuiltPatch } from '../model/attempt.ts'
import { type ByteString, fromBytes, toBytes } from '../model/bytes.ts'
import { pathsOf } from '../model/patch.ts'
import type { TreeEntry } from '../model/tree.ts'
import { decideFor } from '../patch/regions.ts'
import { type LandingContext, mergePatch, type RebuiltPair } from './merge.ts'
import type { TargetState } from './target-state.ts'

/** Above so many, the set is not made smaller one by one: each step is a merge of them all. */
const MAX_REDUCED = 8

/**
 * Positions of the earlier patches with which in place `one` lands on `state`, as few as possible;
 * none where it fails by itself.
 */
export async function findBlockers(
  context: LandingContext,
  state: TargetState,
  one: RebuiltPair,
  failed: readonly RebuiltPair[],
): Promise<number[]> {
  const paths = new Set(pathsOf(one.patch))
  const suspects = failed.flatMap(({ patch, rebuilt }) => {
    const part = partOf(rebuilt, paths)
    return part.changes.size > 0 ? [{ patch, rebuilt: part }] : []
  })
  if (suspects.length === 0 || !(await landsWith(context, state, one, suspects))) return []
  const blockers = suspects.length > MAX_REDUCED ? suspects : await reduce(context, state, one, suspects)
  return blockers.map(({ patch }) => patch.position)
}

/**
 * What a patch does to some files: nothing else of it can matter to another that touches only
 * these.
 */
function partOf(rebuilt: RebuiltPatch, paths: ReadonlySet<ByteString>): RebuiltPatch {
  const renames = new Map([...rebuilt.renames].filter((both) => both.some((path) => paths.has(path))))
  const ends = new Set([...renames].flat())
  const changes = new Map([...rebuilt.changes].filter(([path]) => paths.has(path) || ends.has(path)))
  return { ...rebuilt, changes, renames }
}

async function reduce(
  context: LandingContext,
  state: TargetState,
  one: RebuiltPair,
  suspects: RebuiltPair[],
): Promise<RebuiltPair[]> {
  let needed = suspects
  for (const suspect of suspects) {
    const without = needed.filter((other) => other !== suspect)
    if (without.length > 0 && (await landsWith(context, state, one, without))) needed = without
  }
  return needed
}

async function landsWith(
  context: LandingContext,
  state: TargetState,
  one: RebuiltPair,
  earlier: readonly RebuiltPair[],
): Promise<boolean> {
  const trial = state.copy()
  for (const { rebuilt } of earlier) await force(context, trial, rebuilt)
  return (await mergePatch(context, trial, one.rebuilt)).conflicts.length === 0
}

/**
 * Applies a patch with every conflict of lines decided for it. What else is in conflict stays as it
 * is: a file that upstream deleted is not brought back, and one that only another patch creates is
 * not made of what this one knows of it.
 */
async function force(context: LandingContext, trial: TargetState, rebuilt: RebuiltPatch): Promise<void> {
  const merged = await mergePatch(context, trial, rebuilt)
  const left = new Set(merged.conflicts.filter(({ hasMarkers }) => !hasMarkers).map(({ path }) => path))
  trial.apply(new Map([...merged.changes].filter(([path]) => !left.has(path))))
  const resolved = new Map<ByteString, TreeEntry | null>()
  for (const { path, hasMarkers } of merged.conflicts) {
    const marked = hasMarkers ? merged.changes.get(path) : null
    const blob = marked && (await decideMarked(context, marked.blob))
    if (marked && blob) resolved.set(path, { mode: marked.mode, blob })
  }
  trial.apply(resolved)
}

/**
 * The blob of a marked file, every conflict decided for the patch; null where it is none. Each is
 * made once: every later patch that fails has all earlier ones forced again.
 */
async function decideMarked({ decided, reader, scratch }: LandingContext, marked: string): Promise<string | null> {
  const known = decided.get(marked)
  if (known !== undefined) return known
  const object = await reader.read(marked)
  if (!object) return null
  const content = toBytes(decideFor('theirs', fromBytes(object.data)))
  const blob = writeBlob(scratch.objects, content, scratch.idLength)
  decided.set(marked, blob)
  return blob
}
