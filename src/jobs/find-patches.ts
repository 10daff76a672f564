/** The finding for loose patch files, without a queue: is this patch upstream, and as what? */
import { settleNames } from '../attempt/settle-names.ts'
import { UserError } from '../errors.ts'
import { addFirstTags, findUpstream } from '../evidence/find-upstream.ts'
import type { PatchStart } from '../evidence/read-sides.ts'
import { readTargetTree } from '../evidence/read-upstream.ts'
import type { Scratch } from '../git/scratch.ts'
import { type Begin, runTogether } from '../git/together.ts'
import { listTree } from '../git/tree.ts'
import type { Release } from '../model/attempt.ts'
import { isSure, type UpstreamFinding } from '../model/finding.ts'
import { changesOf, type Patch, type Problem, pathsOf } from '../model/patch.ts'
import type { Progress } from '../model/progress.ts'
import type { TreeEntries } from '../model/tree.ts'
import { toUnified } from '../patch/unified.ts'
import type { Connection } from '../record/database.ts'
import { listTags, withRelease } from '../upstream/releases.ts'
import { resolveRelease } from '../upstream/resolve.ts'
import { DiffReader } from '../upstream/scan-commits.ts'

export interface FoundPatch {
  patch: Patch
  upstream: UpstreamFinding
  /** `review`: perhaps. `keep`: surely not upstream, only in part, or taken back. */
  action: 'drop' | 'review' | 'keep'
  /** Why it cannot be read: nothing can be said of it. */
  problem: Problem | null
}

export interface FindContext {
  scratch: Scratch
  database: Connection
  progress: Progress
  /** For what a person should know, whatever the output is. */
  warn: (message: string) => void
}

/** `since` null: all of the target's ancestry is searched. */
export async function findPatches(
  patches: readonly Patch[],
  since: string | null,
  to: string,
  context: FindContext,
): Promise<{ target: Release; found: FoundPatch[] }> {
  return await runTogether(context.scratch, (begin) => findTogether(patches, { since, to }, context, begin))
}

async function findTogether(
  given: readonly Patch[],
  { since, to }: { since: string | null; to: string },
  { scratch, database, progress, warn }: FindContext,
  begin: Begin,
): Promise<{ target: Release; found: FoundPatch[] }> {
  const tags = await listTags(scratch)
  const target = await resolveRelease(scratch, to, tags)
  const base = since === null ? null : (await resolveRelease(scratch, since, tags)).commit
  const range = { base, target: target.commit, tags: withRelease(tags, to), looksBefore: false }
  const entries = base === null ? null : await listTree(scratch, base)
  const from = base === null || entries === null ? null : { commit: base, entries }
  // Loose patches are no queue: each starts from the base.
  const patches = given.flatMap((one) => (entries ? settleNames([one], (path) => entries.has(path)) : [one]))
  const tree = begin(readTargetTree(scratch, database, patches, from, target.commit))
  // Computed while git lists the commits.
  const patchIds = begin(Promise.resolve().then(() => patchIdsOf(patches)))
  const starts = Promise.resolve(patches.map((patch) => startOf(patch, entries)))
  const place = { scratch, database, range, tree, progress, warn, begin }
  const { findings, history, tagHistory } = await findUpstream(patches, place, { starts, patchIds })
  if (history.commits.length === 0)
    throw new UserError(`${since ?? ''}..${to} holds no commit`, 'name the earlier release first')
  const tagged = await addFirstTags(scratch, range, tagHistory, findings)
  return { target, found: patches.flatMap((patch, at) => toFound(patch, tagged[at])) }
}

function toFound(patch: Patch, upstream: UpstreamFinding | undefined): FoundPatch[] {
  if (!upstream) return []
  if (patch.content.kind === 'unreadable')
    return [{ patch, upstream, action: 'review', problem: patch.content.problem }]
  if (patch.files === 0) {
    const problem = { file: patch.name, line: null, message: 'there is no diff in it', hint: 'name patch files' }
    return [{ patch, upstream, action: 'review', problem }]
  }
  return [{ patch, upstream, action: isSure(upstream) ? 'drop' : upstream.question ? 'review' : 'keep', problem: null }]
}

/** A loose patch starts from the base itself; null where none is named. */
function startOf(patch: Patch, entries: TreeEntries | null): PatchStart {
  if (entries === null) return null
  return { sources: new Map(pathsOf(patch).map((path) => [path, entries.get(path) ?? null])), changes: new Map() }
}

/** git patch-id of each patch as it is written, by position: there is no base to rebuild it on. */
function patchIdsOf(patches: readonly Patch[]): Map<number, string> {
  const ids = new Map<number, string>()
  for (const patch of patches) {
    const reader = new DiffReader()
    for (const change of changesOf(patch))
      if (change.body.kind === 'text') for (const line of toUnified(change)) reader.line(line)
    const { patchId } = reader.finish()
    if (patchId !== null) ids.set(patch.position, patchId)
  }
  return ids
}
