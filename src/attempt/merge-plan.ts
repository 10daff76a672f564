/**
 * Of carrying a patch over, what needs no content to be decided: which file is which, what is
 * taken, what cannot be had. Pure.
 */
import type { FileStep, RebuiltPatch } from '../model/attempt.ts'
import { type ByteString, toText } from '../model/bytes.ts'
import { sameEntry, type TreeEntry } from '../model/tree.ts'
import type { TargetState } from './target-state.ts'

export interface MergeConflict {
  /** Where it is in the target. */
  path: ByteString
  /** The file as the patch names it after its change: upstream may have moved it. */
  named: ByteString
  /** In words for people. */
  reason: string
  /** Whether the file that is left behind has conflict markers. */
  hasMarkers: boolean
  /** Whether git took the file for binary: what holds a NUL is no text to it. */
  isBinary: boolean
  /** Whether upstream deleted the file, and did not move it. */
  isGone: boolean
}

export interface MergePlan {
  changes: Map<ByteString, TreeEntry | null>
  conflicts: MergeConflict[]
  contents: NamedContent[]
}

/** What needs no content to be decided, and the contents that must be merged. */
export function planMerge(state: TargetState, rebuilt: RebuiltPatch): MergePlan {
  const changes = new Map<ByteString, TreeEntry | null>()
  const conflicts: MergeConflict[] = []
  const contents: NamedContent[] = []
  /** What each path of the target is to become, under the names that the patch has for it. */
  const claims = new Map<ByteString, Set<ByteString>>()
  const claim = (path: ByteString, named: ByteString) =>
    claims.set(path, (claims.get(path) ?? new Set<ByteString>()).add(named))
  const { renames } = rebuilt
  const targets = new Set(renames.values())
  // What the patch takes away is in nobody's way.
  const leaving = new Set([...rebuilt.changes].flatMap(([path, { after }]) => (after === null ? [path] : [])))
  const renamed = new Set([...renames.keys(), ...targets])
  for (const [from, to] of renames) {
    const { before: replaced = null, after = null } = rebuilt.changes.get(to) ?? {}
    const step = { before: rebuilt.changes.get(from)?.before ?? null, after }
    const source = state.at(from) === null ? state.whereabouts(from) : from
    const decision = decideRename(state, source, { from, to, replaced, step }, { renames, leaving })
    if (decision.kind === 'nothing') continue
    claim(to, to)
    if (source !== null && source !== to && !targets.has(source)) changes.set(source, null)
    if (decision.kind === 'contents') contents.push({ ...decision, named: to })
    else changes.set(to, step.after)
    if (decision.kind === 'conflict') conflicts.push(withoutMarkers(decision, to))
  }
  for (const [path, step] of rebuilt.changes) {
    if (renamed.has(path)) continue
    const source = rebuilt.copies.get(path)
    const original = source === undefined ? null : (rebuilt.sources.get(source) ?? null)
    const decision =
      source === undefined || original === null
        ? decide(state, path, step, leaving)
        : decideCopy(state, { from: source, to: path, original }, step, leaving)
    if (decision.kind !== 'nothing') claim(decision.path, path)
    if (decision.kind === 'contents') contents.push({ ...decision, named: path })
    if (decision.kind === 'take' || decision.kind === 'conflict') changes.set(decision.path, step.after)
    if (decision.kind === 'conflict') conflicts.push(withoutMarkers(decision, path))
  }
  const contested = [...claims].filter(([, names]) => names.size > 1).map(([path]) => path)
  return contested.reduce(withContested, { changes, conflicts, contents })
}

/**
 * Upstream moved a file of the patch to where another of it goes: neither can be had without losing
 * the other.
 */
function withContested({ changes, conflicts, contents }: MergePlan, path: ByteString): MergePlan {
  changes.delete(path)
  const conflict = { path, named: path, reason: 'upstream moved a file of the patch to where another of it goes' }
  return {
    changes,
    conflicts: [...conflicts.filter((one) => one.path !== path), { ...conflict, ...NOTHING_LEFT, isGone: false }],
    contents: contents.filter((one) => one.path !== path),
  }
}

/** The three sides of a file whose content git must merge; `path` is where it is in the target. */
export interface Content {
  kind: 'contents'
  path: ByteString
  before: TreeEntry | null
  ours: TreeEntry
  after: TreeEntry | null
  /** Whether the patch moves it there. */
  isMoved: boolean
}

/** `named`: the file as the patch names it. */
export type NamedContent = Content & { named: ByteString }

type Decision =
  /** The target has it already. */
  | { kind: 'nothing' }
  /** Upstream left it alone: the patch's side. */
  | { kind: 'take'; path: ByteString }
  | { kind: 'conflict'; path: ByteString; reason: string; isGone?: true }
  | Content

function decide(state: TargetState, path: ByteString, step: FileStep, leaving: ReadonlySet<ByteString>): Decision {
  const ours = state.at(path)
  if (ours !== null) {
    if (sameEntry(ours, step.after)) return { kind: 'nothing' }
    return sameEntry(ours, step.before) ? { kind: 'take', path } : contentsOf(path, ours, step)
  }
  return step.before === null ? decideNew(state, path, leaving) : decideGone(state, path, step)
}

/**
 * A file that the patch renames: its content is merged from `source`, where the target has it, to
 * where the patch wants it. `replaced`: what the patch deletes there.
 */
function decideRename(
  state: TargetState,
  source: ByteString | null,
  { from, to, replaced, step }: { from: ByteString; to: ByteString; replaced: TreeEntry | null; step: FileStep },
  { renames, leaving }: { renames: RebuiltPatch['renames']; leaving: ReadonlySet<ByteString> },
): Decision {
  const ours = source === null ? null : state.at(source)
  if (ours === null) {
    if (sameEntry(state.at(to), step.after)) return { kind: 'nothing' }
    return { kind: 'conflict', path: from, reason: 'deleted upstream, renamed by the patch' }
  }
  // Upstream renamed it alike: what is left is the content.
  if (source === to) return decide(state, to, step, leaving)
  const there = renames.has(to) ? null : state.at(to)
  if ((there !== null && !sameEntry(there, replaced)) || state.inTheWayOf(to, leaving).length > 0) {
    return { kind: 'conflict', path: to, reason: NAME_TAKEN }
  }
  if (source !== from) return { kind: 'conflict', path: to, reason: 'renamed by upstream as well, to another name' }
  return sameEntry(ours, step.before) ? { kind: 'take', path: to } : contentsOf(to, ours, step, true)
}

/**
 * A file that the patch makes as a copy: of what the target has there, as git-am(1) would.
 * `original` is what the patch copied.
 */
function decideCopy(
  state: TargetState,
  { from, to, original }: { from: ByteString; to: ByteString; original: TreeEntry },
  step: FileStep,
  leaving: ReadonlySet<ByteString>,
): Decision {
  const decision = decide(state, to, step, leaving)
  const ours = state.at(from) ?? state.at(state.whereabouts(from) ?? from)
  if (decision.kind !== 'take' || step.before !== null || ours === null || sameEntry(ours, original)) return decision
  return contentsOf(to, ours, { before: original, after: step.after }, true)
}

function contentsOf(path: ByteString, ours: TreeEntry, { before, after }: FileStep, isMoved = false): Content {
  return { kind: 'contents', path, before, ours, after, isMoved }
}

/** A file that the patch creates. */
function decideNew(state: TargetState, path: ByteString, leaving: ReadonlySet<ByteString>): Decision {
  const [inTheWay] = state.inTheWayOf(path, leaving)
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
  return { path, named, reason, ...NOTHING_LEFT, isGone: isGone ?? false }
}

const NOTHING_LEFT = { hasMarkers: false, isBinary: false }

export const NAME_TAKEN = 'upstream has a file of that name as well'
