/** What became of every change of a queue in the form in which it is written back. Pure. */
import type { AccountedPatch, CarriedChange } from '../model/account.ts'
import type { PatchResult } from '../model/attempt.ts'
import type { ByteString } from '../model/bytes.ts'
import { elementAt } from '../model/elements.ts'
import { type ChangeFate, changesIn, type PatchChange } from '../model/fate.ts'
import { changesOf, type Patch } from '../model/patch.ts'
import type { PatchStep } from '../model/resolve.ts'
import { holdQueues } from '../patch/account/account.ts'
import { digestOf } from '../patch/account/digest.ts'
import { headerLosses } from '../patch/account/header-losses.ts'
import type { HeldChange } from '../patch/account/held.ts'
import { type Decided, fateOfHunk, type LeftOut, NOTHING } from './account.ts'
import { questionOf } from './account-question.ts'

/** A patch with what is written of it. */
export interface WrittenPatch {
  patch: Patch
  /** As it is written; the patch itself where it stays as it was, null where it leaves. */
  written: Patch | null
  result: PatchResult
  /** What a person did with it; null: nothing. */
  step: PatchStep | null
}

/** `target`: the name of the release. Patches that stay as they were are what they were. */
export function accountOfExport(patches: readonly WrittenPatch[], target: string): AccountedPatch[] {
  const rewritten = patches.filter(({ patch, written }) => written !== null && written !== patch)
  const files = new Map()
  const sideOf = (patch: Patch) => ({ patch, files })
  const now = rewritten.flatMap(({ written }) => written ?? [])
  const moved = movedFiles(rewritten)
  const held = holdQueues(
    rewritten.map(({ patch }) => sideOf(patch)),
    now.map(sideOf),
    { movedTo: (path) => moved.get(path) ?? path, hasTemplate: () => false },
  )
  const heldOf = new Map(rewritten.map(({ patch }, at) => [patch, elementAt(held.patches, at)]))
  return patches.map((one) => accountOf(one, heldOf.get(one.patch) ?? null, { now, target }))
}

function accountOf(
  one: WrittenPatch,
  held: readonly HeldChange[] | null,
  { now, target }: { now: readonly Patch[]; target: string },
): AccountedPatch {
  const { patch, written } = one
  const carriers = new Set(written === null ? [] : [written.name])
  const fates = changesIn(patch).map((change, at): CarriedChange => {
    const carried = held?.[at]?.carried ?? null
    for (const side of carried?.sides ?? []) carriers.add(elementAt(now, side).name)
    const decided =
      written === patch
        ? { fate: 'as-is' as const, by: null, because: null, ...NOTHING }
        : isDoneBy(change, written)
          ? { fate: 'moved' as const, by: null, because: null, ...NOTHING }
          : decide(one, at, { carried, target })
    const { path, kind, hunk } = change
    return { path, kind, hunk, ...decided, digest: digestOf(change, decided) }
  })
  const { upstream, verdict } = one.result
  const question = questionOf({ in: [...carriers], fates, upstream: upstream.fates, reason: verdict.reason })
  return { name: patch.name, in: [...carriers], header: written ? headerLosses(patch, written) : [], fates, question }
}

/** Whether a patch does to some file what a change does to it besides its lines. */
function isDoneBy({ kind }: PatchChange, written: Patch | null): boolean {
  return kind !== 'hunk' && written !== null && changesIn(written).some((other) => other.kind === kind)
}

function decide(
  { written, result, step }: WrittenPatch,
  at: number,
  { carried, target }: { carried: HeldChange['carried']; target: string },
): Decided {
  const { upstream, verdict, overrule } = result
  const isDropped = verdict.action === 'drop'
  const [commit] = isDropped && verdict.kind === 'upstreamed' ? upstream.commits : []
  const leftOut: LeftOut = {
    fate: upstream.fates[at] ?? null,
    reason: step?.kind === 'dropped' || overrule?.answer === 'drop' ? verdict.reason : null,
    needless: isDropped && verdict.kind === 'droppable' ? (verdict.reason ?? 'nobody needs it') : null,
    landed: commit ? { by: commit.sha, isNeedless: false } : null,
    ...{ goneBy: null, undoneBy: () => null },
    target,
  }
  const decided = fateOfHunk(carried, leftOut)
  const isByHand = step?.kind === 'resolved' && step.technique !== 'suggestion'
  const gone = isByHand ? fileGone(leftOut.fate) : null
  if (decided.fate === 'missing' && gone !== null)
    return {
      ...decided,
      fate: 'dropped',
      by: gone,
      because: `${target} has no such file, and it was mended without it`,
    }
  // What a clean merge leaves out is in the target; only a person may have left out more.
  if (decided.fate !== 'missing' || isByHand || written === null) return decided
  return { ...decided, fate: 'upstream', by: leftOut.fate?.by ?? null }
}

/**
 * The commit that took the file of a change away; null where none did. Whoever mends the patch is
 * asked for a word on it.
 */
function fileGone(fate: ChangeFate | null): string | null {
  return fate?.fate === 'remains' && fate.by === null ? fate.changedBy : null
}

/** Files that a patch changes under another name: those of the same base name, or the only ones. */
function movedFiles(patches: readonly WrittenPatch[]): Map<ByteString, ByteString> {
  const moved = new Map<ByteString, ByteString>()
  for (const { patch, written } of patches) {
    if (!written) continue
    const [old, now] = [namesOf(patch), namesOf(written)]
    const gone = [...old].filter((path) => !now.has(path))
    const come = [...now].filter((path) => !old.has(path))
    for (const path of gone) {
      const alike = come.filter((other) => baseOf(other) === baseOf(path))
      const [to] = alike.length > 0 ? alike : gone.length === 1 && come.length === 1 ? come : []
      if (to !== undefined) moved.set(path, to)
    }
  }
  return moved
}

function namesOf(patch: Patch): Set<ByteString> {
  return new Set(changesOf(patch).flatMap(({ newPath, oldPath }) => newPath ?? oldPath ?? []))
}

function baseOf(path: ByteString): ByteString {
  return path.slice(path.lastIndexOf('/') + 1)
}
