/** One patch onto the target, as a three-way merge in memory: file by file, upstream's renames followed. */
import type { Merger } from '../git/merger.ts'
import type { ObjectReader } from '../git/object-reader.ts'
import { writeCommit, writeLoose } from '../git/object-writer.ts'
import type { Scratch } from '../git/scratch.ts'
import { readTreeFiles, updateTree } from '../git/tree-writer.ts'
import type { FileStep, RebuiltPatch } from '../model/attempt.ts'
import { type ByteString, toText } from '../model/bytes.ts'
import type { Patch } from '../model/patch.ts'
import { sameEntry, type TreeChanges, type TreeEntry } from '../model/tree.ts'
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
}

/** A patch and what it did in the rebuilt queue. */
export interface RebuiltPair {
  patch: Patch
  rebuilt: RebuiltPatch
}

export interface MergeConflict {
  /** Where it is in the target. */
  path: ByteString
  /** The file as the patch names it after its change: upstream may have moved it. */
  named: ByteString
  /** In words for people. */
  reason: string
  /** Whether the file that is left behind has conflict markers. */
  hasMarkers: boolean
  /** Whether upstream deleted the file, and did not move it. */
  isGone: boolean
}

export interface Merged {
  /** What the target has to change. In a conflict it holds files with conflict markers, and the patch's side where there are none. */
  changes: TreeChanges
  /** None: the merge is clean. */
  conflicts: MergeConflict[]
}

/**
 * A cherry-pick of the rebuilt patch onto `state`. A file that upstream left alone needs no merge. The contents of the others are merged by
 * git, in trees that hold nothing else: a merge of whole trees of thousands of files would say the same, slower.
 */
export async function mergePatch(context: LandingContext, state: TargetState, rebuilt: RebuiltPatch): Promise<Merged> {
  const { changes, conflicts, contents } = planMerge(state, rebuilt)
  await mergeContents(context, contents, changes, conflicts)
  conflicts.sort((left, right) => (left.path < right.path ? -1 : 1))
  return { changes, conflicts }
}

/**
 * Makes the merges of many patches ahead of their turn, all at once: what a merge costs is the asking. Those whose files an earlier patch
 * of them changes have other sides when their turn comes, and are made then.
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

/** Contents in one call: its answer is looked through from the front with every piece of it that arrives. */
const AT_ONCE = 64

interface MergePlan {
  changes: Map<ByteString, TreeEntry | null>
  conflicts: MergeConflict[]
  contents: NamedContent[]
}

/** What needs no content to be decided, and the contents that must be merged. */
function planMerge(state: TargetState, rebuilt: RebuiltPatch): MergePlan {
  const changes = new Map<ByteString, TreeEntry | null>()
  const conflicts: MergeConflict[] = []
  const contents: NamedContent[] = []
  /** What each path of the target is to become, under the names that the patch has for it. */
  const claims = new Map<ByteString, Set<ByteString>>()
  const claim = (path: ByteString, named: ByteString) =>
    claims.set(path, (claims.get(path) ?? new Set<ByteString>()).add(named))
  const { renames } = rebuilt
  const targets = new Set(renames.values())
  const renamed = new Set([...renames.keys(), ...targets])
  for (const [from, to] of renames) {
    const step = { before: rebuilt.changes.get(from)?.before ?? null, after: rebuilt.changes.get(to)?.after ?? null }
    const source = state.at(from) === null ? state.whereabouts(from) : from
    const decision = decideRename(state, source, { from, to }, step, renames)
    if (decision.kind === 'nothing') continue
    claim(to, to)
    if (source !== null && source !== to && !targets.has(source)) changes.set(source, null)
    if (decision.kind === 'contents') contents.push({ ...decision, named: to })
    else changes.set(to, step.after)
    if (decision.kind === 'conflict') conflicts.push(withoutMarkers(decision, to))
  }
  for (const [path, step] of rebuilt.changes) {
    if (renamed.has(path)) continue
    const decision = decide(state, path, step)
    if (decision.kind !== 'nothing') claim(decision.path, path)
    if (decision.kind === 'contents') contents.push({ ...decision, named: path })
    if (decision.kind === 'take' || decision.kind === 'conflict') changes.set(decision.path, step.after)
    if (decision.kind === 'conflict') conflicts.push(withoutMarkers(decision, path))
  }
  const contested = [...claims].filter(([, names]) => names.size > 1).map(([path]) => path)
  return contested.reduce(withContested, { changes, conflicts, contents })
}

/** Upstream moved a file of the patch to where another of it goes: neither can be had without losing the other. */
function withContested({ changes, conflicts, contents }: MergePlan, path: ByteString): MergePlan {
  changes.delete(path)
  const conflict = { path, named: path, reason: 'upstream moved a file of the patch to where another of it goes' }
  return {
    changes,
    conflicts: [...conflicts.filter((one) => one.path !== path), { ...conflict, hasMarkers: false, isGone: false }],
    contents: contents.filter((one) => one.path !== path),
  }
}

/** The three sides of a file whose content git must merge; `path` is where it is in the target. */
interface Content {
  kind: 'contents'
  path: ByteString
  before: TreeEntry | null
  ours: TreeEntry
  after: TreeEntry | null
  /** Whether the patch moves it there. */
  isMoved: boolean
}

/** `named`: the file as the patch names it. */
type NamedContent = Content & { named: ByteString }

type Decision =
  /** The target has it already. */
  | { kind: 'nothing' }
  /** Upstream left it alone: the patch's side. */
  | { kind: 'take'; path: ByteString }
  | { kind: 'conflict'; path: ByteString; reason: string; isGone?: true }
  | Content

function decide(state: TargetState, path: ByteString, step: FileStep): Decision {
  const ours = state.at(path)
  if (ours !== null) {
    if (sameEntry(ours, step.after)) return { kind: 'nothing' }
    return sameEntry(ours, step.before) ? { kind: 'take', path } : contentsOf(path, ours, step)
  }
  return step.before === null ? decideNew(state, path) : decideGone(state, path, step)
}

/** A file that the patch renames: its content is merged from `source`, where the target has it, to where the patch wants it. */
function decideRename(
  state: TargetState,
  source: ByteString | null,
  { from, to }: { from: ByteString; to: ByteString },
  step: FileStep,
  renames: RebuiltPatch['renames'],
): Decision {
  const ours = source === null ? null : state.at(source)
  if (ours === null) {
    if (sameEntry(state.at(to), step.after)) return { kind: 'nothing' }
    return { kind: 'conflict', path: from, reason: 'deleted upstream, renamed by the patch' }
  }
  // Upstream renamed it alike: what is left is the content.
  if (source === to) return decide(state, to, step)
  if ((state.at(to) !== null && !renames.has(to)) || state.inTheWayOf(to).length > 0) {
    return { kind: 'conflict', path: to, reason: NAME_TAKEN }
  }
  if (source !== from) return { kind: 'conflict', path: to, reason: 'renamed by upstream as well, to another name' }
  return sameEntry(ours, step.before) ? { kind: 'take', path: to } : contentsOf(to, ours, step, true)
}

function contentsOf(path: ByteString, ours: TreeEntry, { before, after }: FileStep, isMoved = false): Content {
  return { kind: 'contents', path, before, ours, after, isMoved }
}

/** A file that the patch creates. */
function decideNew(state: TargetState, path: ByteString): Decision {
  const [inTheWay] = state.inTheWayOf(path)
  if (inTheWay !== undefined)
    return { kind: 'conflict', path, reason: `upstream has ${toText(inTheWay)}, which is in the way` }
  const moved = state.movedDirectory(path)
  if (moved === null) return { kind: 'take', path }
  return { kind: 'conflict', path: moved, reason: `upstream moved its directory; it may belong at ${toText(moved)}` }
}

/** A file that the patch changes and that is not there: moved by upstream, or deleted. */
function decideGone(state: TargetState, path: ByteString, step: FileStep): Decision {
  const moved = state.whereabouts(path)
  const ours = moved === null ? null : state.at(moved)
  if (moved !== null && ours !== null) {
    if (step.after === null)
      return { kind: 'conflict', path: moved, reason: `renamed upstream from ${toText(path)}, deleted by the patch` }
    return sameEntry(ours, step.after) ? { kind: 'nothing' } : contentsOf(moved, ours, step)
  }
  if (step.after === null) return { kind: 'nothing' }
  if (state.isInBase(path)) return { kind: 'conflict', path, reason: 'deleted upstream', isGone: true }
  return { kind: 'conflict', path, reason: 'an earlier patch creates it, and did not land' }
}

function withoutMarkers(
  { path, reason, isGone }: Extract<Decision, { kind: 'conflict' }>,
  named: ByteString,
): MergeConflict {
  return { path, named, reason, hasMarkers: false, isGone: isGone ?? false }
}

const NAME_TAKEN = 'upstream has a file of that name as well'

/** git-merge-tree(1), "Informational messages": the kinds that a merge of contents can end in. */
const REASONS: Record<string, string> = {
  'CONFLICT (contents)': 'upstream changed the same lines',
  'CONFLICT (modify/delete)': 'changed upstream, deleted by the patch',
  'CONFLICT (binary)': 'binary, and changed upstream',
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
    const hasMarkers = kind === 'CONFLICT (contents)'
    conflicts.push({ path, named, reason: before === null ? NAME_TAKEN : reason, hasMarkers, isGone: false })
  }
}

/** What merging one file's content came to: the file, and git's kind of conflict; null where it merged cleanly. */
export interface MergedContent {
  entry: TreeEntry | null
  kind: string | null
}

/** Merges of the same three sides come up again and again while it is tried what a patch waits for: each is made once. */
async function mergeSides<One extends Content>(
  context: LandingContext,
  contents: readonly One[],
): Promise<Map<One, MergedContent>> {
  const { merges } = context
  const missing = new Map(contents.map((content): [string, Content] => [keyOf(content), content]))
  for (const key of missing.keys()) if (merges.has(key)) missing.delete(key)
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

/** The merger writes, so it does not see the upstream's objects: it is given those that it merges. */
async function copyBlobs({ scratch, reader, copied }: LandingContext, contents: readonly Content[]): Promise<void> {
  const copy = async (blob: string) => {
    const object = await reader.read(blob)
    if (object) writeLoose(scratch.objects, object.type, object.data, scratch.idLength)
  }
  const blobs = contents.flatMap(({ before, ours, after }) => [before, ours, after].flatMap((one) => one?.blob ?? []))
  for (const blob of blobs) if (!copied.has(blob)) copied.set(blob, copy(blob))
  await Promise.all(blobs.map((blob) => copied.get(blob)))
}
