/** The finding for loose patch files, without a queue: is this patch upstream, and as what? */
import { settleNames } from '../attempt/settle-names.ts'
import { UserError } from '../errors.ts'
import { addFirstTags, findUpstream, type UpstreamPlace } from '../evidence/find-upstream.ts'
import type { PatchStart } from '../evidence/read-sides.ts'
import { readTargetTree } from '../evidence/read-upstream.ts'
import { runTogether } from '../git/together.ts'
import { listTree } from '../git/tree.ts'
import type { Release } from '../model/attempt.ts'
import { elementAt } from '../model/elements.ts'
import { isSure, type UpstreamFinding } from '../model/finding.ts'
import type { JobContext } from '../model/job.ts'
import { changesOf, type Patch, type Problem, pathsOf } from '../model/patch.ts'
import type { TreeEntries } from '../model/tree.ts'
import { toUnified } from '../patch/unified.ts'
import { readLoosePatches } from '../queue/read-queue.ts'
import { isAncestor } from '../upstream/history.ts'
import { listTags, withRelease } from '../upstream/releases.ts'
import { resolveRelease } from '../upstream/resolve.ts'
import { DiffReader } from '../upstream/scan-commits.ts'
import { withCache } from '../workspace/cache.ts'
import { withCommitCache } from '../workspace/commit-cache.ts'
import { upstreamFor } from '../workspace/config.ts'
import { type UpstreamWish, withScratch } from '../workspace/scratch.ts'

export interface FoundPatch {
  patch: Patch
  upstream: UpstreamFinding
  /** `review`: perhaps. `keep`: surely not upstream, only in part, or taken back. */
  action: 'drop' | 'review' | 'keep'
  /** Why it cannot be read: nothing can be said of it. */
  problem: Problem | null
}

export interface FindRequest {
  /** Patch files. */
  files: readonly string[]
  /** Null where nobody says it. */
  strip: number | null
  /** Null: what the config names. */
  upstream: UpstreamWish | null
  /** Null: all of the target's ancestry is searched. */
  from: string | null
  to: string
}

/** @throws UserError where the only patch that is asked about cannot be read. */
export async function findPatches(
  { files, strip, upstream: named, from, to }: FindRequest,
  context: JobContext,
): Promise<{ target: Release; found: FoundPatch[] }> {
  const patches = readLoosePatches(context.cwd, files, strip)
  for (const { file, line, message, hint } of patches.flatMap(({ warnings }) => warnings))
    context.warn(`${file}${line === null ? '' : `:${line}`}: ${message}; ${hint}`)
  const [only] = patches
  if (only?.content.kind === 'unreadable' && patches.length === 1) {
    const { line, message, hint } = only.content.problem
    throw new UserError(`${only.name}${line === null ? '' : `:${line}`}: ${message}`, hint)
  }
  const upstream = await upstreamFor(named, {}, context)
  return withCache(context, (cached) =>
    withScratch({ upstream }, cached, (scratch) =>
      withCommitCache(scratch, cached, (cache) => {
        if (scratch.detail === 'releases')
          context.warn('only releases are known, from tarballs: no commit can be named')
        const tools = { scratch, cache, progress: context.progress, warn: context.warn }
        return runTogether(scratch, (begin) => findTogether(patches, { since: from, to }, { ...tools, begin }))
      }),
    ),
  )
}

async function findTogether(
  given: readonly Patch[],
  { since, to }: { since: string | null; to: string },
  tools: Omit<UpstreamPlace, 'range' | 'tree'>,
): Promise<{ target: Release; found: FoundPatch[] }> {
  const { scratch, cache, begin } = tools
  const tags = await listTags(scratch)
  const target = await resolveRelease(scratch, to, tags)
  const base = since === null ? null : (await resolveRelease(scratch, since, tags)).commit
  const range = { base, target: target.commit, tags: withRelease(tags, to), looksBefore: false, detail: scratch.detail }
  const entries = base === null ? null : await listTree(scratch, base)
  const from = base === null || entries === null ? null : { commit: base, entries }
  // Loose patches are no queue: each starts from the base.
  const patches = given.flatMap((one) => (entries ? settleNames([one], (path) => entries.has(path)) : [one]))
  const tree = begin(readTargetTree({ scratch, cache }, patches, from, target.commit))
  // Computed while git lists the commits.
  const patchIds = begin(Promise.resolve().then(() => patchIdsOf(patches)))
  const starts = Promise.resolve(patches.map((patch) => startOf(patch, entries)))
  const { findings, history, firstTags } = await findUpstream(patches, { ...tools, range, tree }, { starts, patchIds })
  if (history.count === 0 && base !== null && (await isAncestor(scratch, target.commit, base)))
    throw new UserError(`${since ?? ''}..${to} holds no commit`, 'name the earlier release first')
  const tagged = await addFirstTags(firstTags, findings)
  return { target, found: patches.map((patch, at) => toFound(patch, elementAt(tagged, at))) }
}

function toFound(patch: Patch, upstream: UpstreamFinding): FoundPatch {
  if (patch.content.kind === 'unreadable') return { patch, upstream, action: 'review', problem: patch.content.problem }
  if (patch.files === 0) {
    const problem = { file: patch.name, line: null, message: 'there is no diff in it', hint: 'name patch files' }
    return { patch, upstream, action: 'review', problem }
  }
  return { patch, upstream, action: isSure(upstream) ? 'drop' : upstream.question ? 'review' : 'keep', problem: null }
}

/** A loose patch starts from the base itself; null where none is named. */
function startOf(patch: Patch, entries: TreeEntries | null): PatchStart {
  if (entries === null) return null
  const sources = new Map(pathsOf(patch).map((path) => [path, entries.get(path) ?? null]))
  return { rebuild: { kind: 'failed' }, sources, changes: new Map() }
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
