/**
 * Carries the rebuilt queue over to the target, patch by patch, past every failure.
 *
 * Each patch is a three-way merge of what it did in the rebuilt queue, so that it lands where its
 * surroundings went, not where its line numbers point. Only a patch that is not in the rebuilt
 * queue is applied directly, as patch(1) would.
 */

import type { FileWrite } from '../git/chain-writer.ts'
import { writeBlob } from '../git/object-writer.ts'
import type { Scratch } from '../git/scratch.ts'
import { readEntry, writeEntry } from '../git/tree-entry.ts'
import type { Landing, RebuiltPatch } from '../model/attempt.ts'
import { type ByteString, fromBytes, splitLines, toBytes } from '../model/bytes.ts'
import { changesOf, type FileChange, type Hunk, type Patch, pathsOf } from '../model/patch.ts'
import type { TargetTree, TreeChanges, TreeEntry } from '../model/tree.ts'
import { type Applied, applyHunks, CAREFUL, type Leniency, STRICT } from '../patch/apply/apply.ts'
import { decideFor, regionsOf } from '../patch/regions.ts'
import { findBlockers } from './blockers.ts'
import { conflictsIn, conflictsOf, hunksAt } from './conflicts.ts'
import { agree, type Failure, type Outcome, readFile, TreeFiles } from './files.ts'
import {
  closeLanding,
  type LandingContext,
  type Merged,
  mergePatch,
  openLanding,
  prepareMerges,
  type RebuiltPair,
} from './merge.ts'
import { type NamedContent, planMerge } from './merge-plan.ts'
import { TargetState } from './target-state.ts'

export interface LandedPatch {
  landing: Landing
  /**
   * What the patch changed on top of the target and the patches before it; nothing where it did not
   * land.
   */
  changes: TreeChanges
  /** The same files as they were before. */
  before: TreeChanges
  /** What is left of a merge that conflicts; null where there is none. */
  unmerged: Unmerged | null
}

/** A merge that conflicts, as far as it got. */
export interface Unmerged {
  /** The files that merged cleanly, and what they were before. */
  changes: TreeChanges
  before: TreeChanges
  /** The sides of those that did not; files without sides are not among them. */
  contents: NamedContent[]
  /** How the patch names each file that did not, by where it is in the target. */
  names: ReadonlyMap<ByteString, ByteString>
}

/** A patch to be carried over, or left out: the target has it, or nobody needs it. */
export interface QueuedPatch extends RebuiltPair {
  isLeftOut: boolean
  /** Whether a person made what it does: its hunks as they are written do not count. */
  isMended?: boolean
}

/**
 * `progress` is told the number of patches done. Returns one element per patch, in the order of the
 * queue.
 */
export async function landQueue(
  scratch: Scratch,
  target: TargetTree,
  queue: readonly QueuedPatch[],
  progress: (done: number) => void,
): Promise<LandedPatch[]> {
  const context = openLanding(scratch, blobsOf(queue.map(({ rebuilt }) => rebuilt)))
  const state = new TargetState(target)
  const landed: LandedPatch[] = []
  const failed: RebuiltPair[] = []
  try {
    progress(0)
    const carried = queue.filter(({ isLeftOut }) => !isLeftOut)
    await prepareMerges(
      context,
      state,
      carried.map(({ rebuilt }) => rebuilt),
    )
    for (const pair of queue) {
      const { landing, changes, unmerged } = pair.isLeftOut
        ? stays({ kind: 'withheld' })
        : await landPatch(context, state, pair, failed)
      if (landing.kind === 'conflict' || landing.kind === 'blocked') failed.push(pair)
      const before = new Map([...changes.keys()].map((path) => [path, state.at(path)]))
      state.apply(changes)
      landed.push({ landing, changes, before, unmerged })
      progress(landed.length)
    }
  } finally {
    closeLanding(context)
  }
  return landed
}

/** The same for patches that know nothing of each other: each lands on the target alone. */
export async function landEach(
  scratch: Scratch,
  target: TargetTree,
  patches: readonly RebuiltPair[],
): Promise<Landing[]> {
  const context = openLanding(scratch, new Set())
  const state = new TargetState(target)
  const landings: Landing[] = []
  try {
    await prepareMerges(
      context,
      state,
      patches.map(({ rebuilt }) => rebuilt),
    )
    for (const pair of patches)
      landings.push((await landPatch(context, state, { ...pair, isLeftOut: false }, [])).landing)
  } finally {
    closeLanding(context)
  }
  return landings
}

/** The contents that rebuilding the queue wrote: they are in the scratch repository's own pack. */
function blobsOf(rebuilt: readonly RebuiltPatch[]): Set<string> {
  const steps = rebuilt.flatMap((one) => [...one.changes.values()])
  return new Set(steps.flatMap(({ after }) => (after ? [after.blob] : [])))
}

type Landed = Omit<LandedPatch, 'before'>

/** A patch that leaves the target as it is. */
function stays(landing: Landing): Landed {
  return { landing, changes: new Map(), unmerged: null }
}

async function landPatch(
  context: LandingContext,
  state: TargetState,
  pair: QueuedPatch,
  failed: readonly RebuiltPair[],
): Promise<Landed> {
  const { patch, rebuilt, isMended = false } = pair
  if (rebuilt.rebuild.kind === 'unreadable') return stays({ kind: 'unreadable' })
  if (patch.files === 0) return stays({ kind: 'noop' })
  if (rebuilt.rebuild.kind === 'failed') return landDirectly(context, state, patch)
  const merged = await mergePatch(context, state, rebuilt)
  if (merged.conflicts.length === 0)
    return {
      landing: await nameLanding(context, state, patch, merged.changes),
      changes: merged.changes,
      unmerged: null,
    }
  const byContext = isMended ? null : await landByContext(context, state, patch, merged)
  if (byContext) return byContext
  const conflicts = await conflictsOf(context, merged, patch)
  const by = await findBlockers(context, state, pair, failed)
  if (by.length > 0) return stays({ kind: 'blocked', conflicts, by })
  return { ...stays({ kind: 'conflict', conflicts }), unmerged: unmergedOf(state, rebuilt, merged) }
}

function unmergedOf(state: TargetState, rebuilt: RebuiltPatch, { changes, conflicts }: Merged): Unmerged {
  const contested = new Set(conflicts.map(({ path }) => path))
  const clean = new Map([...changes].filter(([path]) => !contested.has(path)))
  return {
    changes: clean,
    before: new Map([...clean.keys()].map((path) => [path, state.at(path)])),
    contents: planMerge(state, rebuilt).contents.filter(({ path }) => contested.has(path)),
    names: new Map(conflicts.map(({ path, named }) => [path, named])),
  }
}

/**
 * Says how a merge went: as the patch would have applied by itself, or by what only a merge can do.
 */
async function nameLanding(
  context: LandingContext,
  state: TargetState,
  patch: Patch,
  changes: TreeChanges,
): Promise<Landing> {
  if (changes.size === 0) return { kind: 'noop' }
  const direct = await applyDirectly(context, state, patch, STRICT)
  if (direct.kind === 'failed' || !agree(direct.writes, changes, context.scratch.idLength)) return { kind: 'merged' }
  return direct.offset > 0 ? { kind: 'offset', lines: direct.offset, by: 'merge' } : { kind: 'clean' }
}

/**
 * Where a merge conflicts only because upstream changed what stands beside the patch's lines: the
 * hunks in conflict by their context, where that leaves no doubt, on top of what the merge has of
 * the others. Where git takes a text for binary, its hunks as they say. Null where it does not come
 * out whole.
 */
async function landByContext(
  context: LandingContext,
  state: TargetState,
  patch: Patch,
  { changes, conflicts }: Merged,
): Promise<Landed | null> {
  const landed = new Map(changes)
  let [offset, fuzz] = [0, 0]
  for (const conflict of conflicts) {
    const { path, named, isBinary } = conflict
    const entry = changes.get(path) ?? state.at(path)
    if (!entry || !(conflict.hasMarkers || isBinary)) return null
    const hunks = hunksAt(patch, named)
    const ours = await readLines(context, state.at(path))
    const marked = isBinary ? null : await context.reader.read(entry.blob)
    const applied = marked ? applyContested(fromBytes(marked.data), ours, hunks) : applyTo(ours, hunks, STRICT)
    if (applied.kind === 'failed') return null
    const { objects, idLength } = context.scratch
    landed.set(path, { mode: entry.mode, blob: writeBlob(objects, toBytes(applied.lines.join('')), idLength) })
    offset = Math.max(offset, applied.offset)
    fuzz = Math.max(fuzz, applied.fuzz)
  }
  const isAsSaid = offset === 0 && fuzz === 0 && conflicts.every(({ isBinary }) => isBinary)
  return { landing: isAsSaid ? { kind: 'clean' } : nameApplied({ offset, fuzz }), changes: landed, unmerged: null }
}

/** Where there are no hunks, it is no text, or a file that the patch does not name. */
function applyTo(lines: readonly ByteString[], hunks: readonly Hunk[], leniency: Leniency): Applied {
  return hunks.length === 0 ? { kind: 'failed', failed: [] } : applyHunks(lines, hunks, leniency)
}

async function readLines({ reader }: LandingContext, entry: TreeEntry | null): Promise<ByteString[]> {
  return splitLines((entry && (await readEntry(reader, entry))) ?? '')
}

/**
 * The hunks that a merge left in conflict, applied to the target's side of them; or else all of the
 * file's, to the target's file.
 */
function applyContested(marked: ByteString, ours: readonly ByteString[], hunks: readonly Hunk[]): Applied {
  const regions = regionsOf(marked, hunks)
  const contested = new Set(regions.flatMap((region) => region.hunks))
  if (regions.length > 0 && regions.every((region) => region.hunks.length > 0)) {
    const rest = hunks.filter((_, at) => contested.has(at + 1))
    const applied = applyTo(splitLines(decideFor('ours', marked)), rest, CAREFUL)
    if (applied.kind === 'applied') return applied
  }
  return applyTo(ours, hunks, CAREFUL)
}

function nameApplied({ offset, fuzz }: { offset: number; fuzz: number }): Landing {
  return fuzz > 0 ? { kind: 'fuzz', lines: fuzz } : { kind: 'offset', lines: offset, by: 'context' }
}

async function landDirectly(context: LandingContext, state: TargetState, patch: Patch): Promise<Landed> {
  const outcome = await applyDirectly(context, state, patch, CAREFUL)
  if (outcome.kind === 'failed') {
    const landing: Landing = { kind: 'conflict', conflicts: conflictsIn(outcome.failures) }
    return { ...stays(landing), unmerged: await applyRest(context, state, patch, outcome.failures) }
  }
  const changes = toChanges(context, outcome.writes)
  if ([...changes].every(([path, entry]) => state.at(path)?.blob === entry?.blob)) return stays({ kind: 'noop' })
  return { landing: nameApplied(outcome), changes, unmerged: null }
}

/** What of a patch applies directly, file by file; the others are as they were. */
async function applyRest(
  context: LandingContext,
  state: TargetState,
  patch: Patch,
  failures: readonly Failure[],
): Promise<Unmerged> {
  const names = new Map(failures.map(({ path }) => [path, path]))
  const isFailed = ({ oldPath, newPath }: FileChange) =>
    [oldPath, newPath].some((one) => one !== null && names.has(one))
  const files = changesOf(patch).filter((change) => !isFailed(change))
  const outcome = await applyDirectly(context, state, { ...patch, content: { kind: 'readable', files } }, CAREFUL)
  const changes: TreeChanges = outcome.kind === 'applied' ? toChanges(context, outcome.writes) : new Map()
  return { changes, before: new Map([...changes.keys()].map((path) => [path, state.at(path)])), contents: [], names }
}

async function applyDirectly(
  { reader }: LandingContext,
  state: TargetState,
  patch: Patch,
  leniency: Leniency,
): Promise<Outcome> {
  const files = new TreeFiles(async (path) => {
    const entry = state.at(path)
    return entry && (await readFile(reader, entry))
  })
  await files.fetch(pathsOf(patch))
  return files.apply(patch, leniency)
}

function toChanges({ scratch }: LandingContext, writes: readonly FileWrite[]): TreeChanges {
  return new Map(
    writes.map(({ path, mode, content }) => {
      return [path, content === null ? null : writeEntry(scratch.objects, { mode, content }, scratch.idLength)]
    }),
  )
}
