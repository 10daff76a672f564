/**
 * One patch onto the target, as a three-way merge in memory: file by file, upstream's renames
 * followed.
 */
import { Merger } from '../git/merger.ts'
import { ObjectReader } from '../git/object-reader.ts'
import { writeCommit, writeLoose } from '../git/object-writer.ts'
import type { Scratch } from '../git/scratch.ts'
import { readTreeFiles, updateTree } from '../git/tree-writer.ts'
import type { Conflict, RebuiltPatch } from '../model/attempt.ts'
import type { ByteString } from '../model/bytes.ts'
import type { Patch } from '../model/patch.ts'
import { SUBMODULE, sameEntry, type TreeChanges, type TreeEntry } from '../model/tree.ts'
import { type Content, type MergeConflict, NAME_TAKEN, type NamedContent, planMerge } from './merge-plan.ts'
import type { TargetState } from './target-state.ts'

/** What landing works with; one per attempt. */
export interface LandingContext {
  scratch: Scratch
  merger: Merger
  reader: ObjectReader
  /** Blobs that the merger sees, or will when they are copied. */
  copied: Map<string, Promise<void>>
  /** Merges of contents that were made, by their sides. */
  merges: Map<string, MergedContent>
  /** Files with conflict markers, every conflict decided for the patch: blob by blob. */
  decided: Map<string, string>
}

/** `written`: the blobs that the scratch repository has itself. */
export function openLanding(scratch: Scratch, written: ReadonlySet<string>): LandingContext {
  return {
    scratch,
    merger: new Merger(scratch.writing),
    reader: new ObjectReader(scratch),
    copied: new Map([...written].map((blob) => [blob, Promise.resolve()])),
    merges: new Map(),
    decided: new Map(),
  }
}

export function closeLanding({ merger, reader }: LandingContext): void {
  merger.close()
  reader.close()
}

/** A patch and what it did in the rebuilt queue. */
export interface RebuiltPair {
  patch: Patch
  rebuilt: RebuiltPatch
}

export interface Merged {
  /**
   * What the target has to change. In a conflict it holds files with conflict markers, and the
   * patch's side where there are none.
   */
  changes: TreeChanges
  /** None: the merge is clean. */
  conflicts: MergeConflict[]
}

/**
 * A cherry-pick of the rebuilt patch onto `state`. A file that upstream left alone needs no merge.
 * The contents of the others are merged by git, in trees that hold nothing else: a merge of whole
 * trees of thousands of files would say the same, slower.
 */
export async function mergePatch(context: LandingContext, state: TargetState, rebuilt: RebuiltPatch): Promise<Merged> {
  const { changes, conflicts, contents } = planMerge(state, rebuilt)
  await mergeContents(context, contents, changes, conflicts)
  conflicts.sort((left, right) => (left.path < right.path ? -1 : 1))
  return { changes, conflicts }
}

/**
 * Makes the merges of many patches ahead of their turn, all at once: what a merge costs is the
 * asking. Those whose files an earlier patch of them changes have other sides when their turn
 * comes, and are made then.
 */
export async function prepareMerges(
  context: LandingContext,
  state: TargetState,
  patches: readonly RebuiltPatch[],
): Promise<void> {
  const contents = patches.flatMap((one) => planMerge(state, one).contents)
  for (let from = 0; from < contents.length; from += AT_ONCE)
    await mergeSides(context, contents.slice(from, from + AT_ONCE))
}

/**
 * Contents in one call: its answer is looked through from the front with every piece of it that
 * arrives.
 */
const AT_ONCE = 64

/** git-merge-tree(1), "Informational messages": the kinds that a merge of contents can end in. */
const REASONS: Record<string, string> = {
  'CONFLICT (contents)': 'upstream changed the same lines',
  'CONFLICT (modify/delete)': 'changed upstream, deleted by the patch',
  'CONFLICT (binary)': 'binary, and changed upstream',
  'CONFLICT (submodule)': 'a submodule, which upstream moved to another commit',
}

/** Whether upstream changed a file in conflict as a whole: no lines of it say who did. */
export function isChangedAsWhole({ regions, reason }: Pick<Conflict, 'regions' | 'reason'>): boolean {
  const { 'CONFLICT (contents)': _, ...whole } = REASONS
  return regions.length === 0 && Object.values(whole).includes(reason)
}

async function mergeContents(
  context: LandingContext,
  contents: readonly NamedContent[],
  changes: Map<ByteString, TreeEntry | null>,
  conflicts: MergeConflict[],
): Promise<void> {
  const merged = await mergeSides(context, contents)
  for (const [{ path, named, before, ours, isMoved }, { entry, kind }] of merged) {
    if (isMoved || !sameEntry(entry, ours)) changes.set(path, entry)
    if (kind === null) continue
    const reason = REASONS[kind] ?? kind.replace(/^CONFLICT \((.*)\)$/, '$1')
    conflicts.push({
      ...{ path, named, reason: before === null ? NAME_TAKEN : reason, isGone: false },
      hasMarkers: kind === 'CONFLICT (contents)',
      isBinary: kind === 'CONFLICT (binary)' && before !== null,
    })
  }
}

/**
 * What merging one file's content came to: the file, and git's kind of conflict; null where it
 * merged cleanly.
 */
export interface MergedContent {
  entry: TreeEntry | null
  kind: string | null
}

/**
 * Merges of the same three sides come up again and again while it is tried what a patch waits for:
 * each is made once.
 */
async function mergeSides<One extends Content>(
  context: LandingContext,
  contents: readonly One[],
): Promise<Map<One, MergedContent>> {
  const { merges } = context
  const missing = new Map(contents.map((content): [string, Content] => [keyOf(content), content]))
  for (const [key, content] of missing) {
    // Git would look into the submodule's own repository, which is not here.
    if (!merges.has(key) && isSubmodule(content)) merges.set(key, { entry: content.ours, kind: 'CONFLICT (submodule)' })
    if (merges.has(key)) missing.delete(key)
  }
  // Apart from each other, or git would take a file that one deletes for the one that another adds.
  const isNew = ([, { before }]: [string, Content]) => before === null
  await runMerge(
    context,
    [...missing].filter((one) => !isNew(one)),
  )
  await runMerge(context, [...missing].filter(isNew))
  return new Map(
    contents.map((content) => {
      const merged = merges.get(keyOf(content))
      if (!merged) throw new Error('a merge was left out')
      return [content, merged]
    }),
  )
}

function isSubmodule({ before, ours, after }: Content): boolean {
  return [before, ours, after].some((one) => one?.mode === SUBMODULE)
}

function keyOf({ before, ours, after }: Content): string {
  return [before, ours, after].map((one) => `${one?.mode} ${one?.blob}`).join(' ')
}

/** Merges contents, each by its key, and keeps what came of them. */
async function runMerge(context: LandingContext, keyed: readonly (readonly [string, Content])[]): Promise<void> {
  if (keyed.length === 0) return
  const { scratch, reader, merger, merges } = context
  const contents = keyed.map(([, content]) => content)
  await copyBlobs(context, contents)
  const commit = async (side: 'before' | 'ours' | 'after', parent: string | null) => {
    const tree = await updateTree(scratch, reader, null, new Map(contents.map((one, at) => [`${at}`, one[side]])))
    return writeCommit(scratch.objects, { tree, parent })
  }
  const base = await commit('before', null)
  const result = await merger.merge(await commit('ours', base), await commit('after', base))
  const files = await readTreeFiles(scratch, reader, result.tree)
  const unmerged = new Set(result.unmerged.map(({ path }) => path))
  const kinds = new Map<ByteString, string>()
  // Of a binary file git says first that it is one, and then that its contents conflict.
  for (const { kind, paths } of result.conflicts.filter((one) => one.kind.startsWith('CONFLICT')))
    for (const path of paths) if (!kinds.has(path)) kinds.set(path, kind)
  for (const [at, [key]] of keyed.entries()) {
    const kind = unmerged.has(`${at}`) ? (kinds.get(`${at}`) ?? '') : null
    merges.set(key, { entry: files.get(`${at}`) ?? null, kind })
  }
}

/**
 * The merger writes, so it does not see the upstream's objects: it is given those that it merges.
 */
async function copyBlobs({ scratch, reader, copied }: LandingContext, contents: readonly Content[]): Promise<void> {
  const copy = async (blob: string) => {
    const object = await reader.read(blob)
    if (object) writeLoose(scratch.objects, object.type, object.data, scratch.idLength)
  }
  const blobs = contents.flatMap(({ before, ours, after }) => [before, ours, after].flatMap((one) => one?.blob ?? []))
  for (const blob of blobs) if (!copied.has(blob)) copied.set(blob, copy(blob))
  await Promise.all(blobs.map((blob) => copied.get(blob)))
}
