/**
 * The main job, from front to back; a good place to begin reading. Read the queue, rebuild it on its base, find what the target has already,
 * carry the rest over, judge, record.
 */
import { type LandedPatch, landQueue } from './attempt/land.ts'
import { countApplying, rebuildQueue } from './attempt/rebuild.ts'
import { UserError } from './errors.ts'
import { addFirstTags, findByContent, findEvidence, readUpstream, rebuiltPatchIds } from './find-evidence.ts'
import type { Scratch } from './git/scratch.ts'
import { findRenames, listTree } from './git/tree.ts'
import { isWithheld, judge } from './judge/judge.ts'
import type { Attempt, Base, PatchResult, RebuiltPatch } from './model/attempt.ts'
import type { ByteString } from './model/bytes.ts'
import { type PatchQueue, pathsOf, summaryOf } from './model/patch.ts'
import type { TargetTree, TreeEntries } from './model/tree.ts'
import type { Connection } from './record/database.ts'
import { findBase } from './upstream/find-base.ts'
import { listTags, type Tag } from './upstream/releases.ts'
import { resolveRelease } from './upstream/resolve.ts'

export interface TryOptions {
  upstream: string
  /** Null: find it. */
  base: string | null
  onto: string
}

/** What the job works with; whoever calls it opens and closes them. */
export interface TryContext {
  scratch: Scratch
  database: Connection
  /** Told what is being done, and how far it is. */
  progress: (step: string, done?: number, total?: number) => void
}

export interface Tried {
  attempt: Attempt
  landed: LandedPatch[]
}

export async function tryQueue(queue: PatchQueue, options: TryOptions, context: TryContext): Promise<Tried> {
  const { scratch, progress } = context
  const tags = await listTags(scratch)
  const target = await resolveRelease(scratch, options.onto, tags)
  progress('looking for the base')
  const base = await settleBase(queue, options, tags, target.ref, scratch)
  progress('rebuilding the queue on its base')
  const entries = await listTree(scratch, base.commit)
  const tree = readTargetTree(scratch, queue, { commit: base.commit, entries }, target.commit)
  const range = { base: base.commit, target: target.commit, tags }
  const [rebuilt, facts] = await Promise.all([
    rebuildQueue(scratch, entries, queue),
    readUpstream(scratch, context.database, range, queue.patches, tree, progress),
  ])
  progress('looking for the patches upstream')
  const alike = findEvidence(facts, queue.patches, await rebuiltPatchIds(scratch, queue.patches, rebuilt))
  const findings = await Promise.all(
    queue.patches.map((patch, at) => findByContent(scratch, facts, range, patch, elementAt(alike, at))),
  )
  const withheld = new Set(
    queue.patches.filter((_, at) => isWithheld(elementAt(findings, at))).map((patch) => patch.position),
  )
  const total = queue.patches.length
  const [landed, tagged] = await Promise.all([
    landQueue(scratch, await tree, queue, rebuilt, withheld, (done) => progress('landing', done, total)),
    addFirstTags(scratch, range, findings),
  ])
  const results: PatchResult[] = []
  for (const [at, patch] of queue.patches.entries()) {
    const { rebuild } = elementAt<RebuiltPatch>(rebuilt, at)
    const { landing } = elementAt(landed, at)
    const upstream = elementAt(tagged, at)
    const isEmpty = patch.content.kind === 'readable' && patch.files === 0
    const verdict = judge({ rebuild, landing, upstream, isEmpty })
    results.push({ patch: summaryOf(patch), rebuild, landing, upstream, verdict })
  }
  const { patches: _, ...summary } = queue
  return {
    attempt: { queue: summary, upstream: options.upstream, base, target, results },
    landed,
  }
}

function elementAt<Item>(items: readonly Item[], at: number): Item {
  const item = items[at]
  if (item === undefined) throw new Error(`no element ${at} of ${items.length}`)
  return item
}

async function readTargetTree(
  scratch: Scratch,
  queue: PatchQueue,
  base: { commit: string; entries: TreeEntries },
  target: string,
): Promise<TargetTree> {
  const entries = await listTree(scratch, target)
  const isGone = (path: ByteString) => !entries.has(path)
  // Following renames compares all that was deleted with all that was added: only where a path is gone.
  const renames = queue.patches.flatMap(pathsOf).some(isGone)
    ? await findRenames(scratch, base.commit, target)
    : new Map()
  return { base: base.entries, entries, renames }
}

async function settleBase(
  queue: PatchQueue,
  options: TryOptions,
  tags: readonly Tag[],
  targetRef: string,
  scratch: Scratch,
): Promise<Base> {
  if (options.base !== null) return { ...(await resolveRelease(scratch, options.base, tags)), found: 'given' }
  const found = await findBase(scratch, queue, tags, targetRef, (commit) => countApplying(scratch, commit, queue))
  if (found) return found
  throw new UserError(
    'no release was found on which most of the queue applies',
    'say which commit it sits on with --base',
  )
}
