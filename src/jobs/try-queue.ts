/**
 * The main job, from front to back; a good place to begin reading. Read the queue, rebuild it on
 * its base, find what the target has already, carry the rest over, judge, record.
 */
import { type LandedPatch, landQueue } from '../attempt/land.ts'
import { countApplying, rebuildQueue } from '../attempt/rebuild.ts'
import { residualOf } from '../attempt/residual.ts'
import { settleNames } from '../attempt/settle-names.ts'
import { UserError } from '../errors.ts'
import { findCulprits } from '../evidence/find-culprits.ts'
import { addFirstTags, findElsewhere, findUpstream } from '../evidence/find-upstream.ts'
import { readTargetTree, rebuiltPatchIds } from '../evidence/read-upstream.ts'
import { ObjectReader } from '../git/object-reader.ts'
import type { Scratch } from '../git/scratch.ts'
import { allOf, type Begin, runTogether } from '../git/together.ts'
import { listTree } from '../git/tree.ts'
import {
  changesOnlyDeleted,
  findOpposites,
  isMoved,
  leavesTheSame,
  mayBeReplaced,
  standingTextOf,
} from '../judge/droppable.ts'
import { isWithheld, judge } from '../judge/verdict.ts'
import { findMadeNeedless, wordsOf } from '../match/reworded.ts'
import type { Attempt, Base, Landing, Needless, PatchResult, RebuiltPatch, Release } from '../model/attempt.ts'
import type { ByteString } from '../model/bytes.ts'
import type { UpstreamFinding } from '../model/finding.ts'
import type { CommitHistory } from '../model/history.ts'
import type { Overrule } from '../model/overrule.ts'
import { type Patch, type PatchQueue, summaryOf } from '../model/patch.ts'
import type { Progress } from '../model/progress.ts'
import type { TargetTree, TreeEntries } from '../model/tree.ts'
import { excerptOf } from '../patch/regions.ts'
import type { Connection } from '../record/database.ts'
import { loadOverrules } from '../record/overrules.ts'
import { findBase } from '../upstream/find-base.ts'
import { linesAnywhere } from '../upstream/grep.ts'
import { isAncestor } from '../upstream/history.ts'
import { listTags, type Tag, tagsMatching, withRelease } from '../upstream/releases.ts'
import { resolveRelease } from '../upstream/resolve.ts'

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
  progress: Progress
  /** For what a person should know, whatever the output is. */
  warn: (message: string) => void
}

export interface Tried {
  attempt: Attempt
  landed: LandedPatch[]
  /** Whether the target is in the base's own history: nothing can have landed in between. */
  goesBack: boolean
}

/**
 * The releases that `--onto` names, tags in the order of their versions, then the others as given.
 * @throws UserError where one fits none.
 */
export async function expandTargets(scratch: Scratch, onto: readonly string[]): Promise<string[]> {
  const tags = await listTags(scratch)
  const named = onto.flatMap((one) => {
    if (!/[*?[]/.test(one)) return [one]
    const found = tagsMatching(tags, one).map(({ name }) => name)
    if (found.length > 0) return found
    throw new UserError(`no tag of the upstream fits "${one}"`, '"git tag" there lists them all')
  })
  const order = new Map(tags.map(({ name }, at) => [name, at]))
  const placeOf = (name: string) => order.get(name) ?? tags.length
  return [...new Set(named)].sort((one, other) => placeOf(one) - placeOf(other))
}

export async function tryQueue(queue: PatchQueue, options: TryOptions, context: TryContext): Promise<Tried> {
  return await runTogether(context.scratch, (begin) => tryTogether(queue, options, context, begin))
}

async function tryTogether(listed: PatchQueue, options: TryOptions, context: TryContext, begin: Begin): Promise<Tried> {
  const { scratch, progress, warn } = context
  const tags = await listTags(scratch)
  const target = await resolveRelease(scratch, options.onto, tags)
  progress('looking for the base')
  const base = await settleBase(listed, options, tags, target, scratch)
  progress('rebuilding the queue on its base')
  const entries = await listTree(scratch, base.commit)
  const queue = { ...listed, patches: settleNames(listed.patches, (path) => entries.has(path)) }
  const from = { commit: base.commit, entries }
  const tree = begin(readTargetTree(scratch, context.database, queue.patches, from, target.commit))
  const releases = withRelease(tags, options.onto)
  const range = { base: base.commit, target: target.commit, tags: releases, looksBefore: true }
  const rebuilding = begin(rebuildQueue(scratch, entries, queue))
  const patchIds = begin(rebuilding.then((chain) => rebuiltPatchIds(scratch, queue.patches, chain)))
  const [rebuilt, search] = await allOf([
    rebuilding,
    findUpstream(
      queue.patches,
      { scratch, database: context.database, range, tree, progress, warn, begin },
      { starts: rebuilding, patchIds },
    ),
  ])
  const { findings, history, tagHistory } = search
  const overrules = await overrulesFor(queue, range, context)
  const overruleOf = ({ digest }: Patch) => overrules.get(digest) ?? null
  progress('looking for patches that undo each other')
  const cancelled = await findCancelled(scratch, entries, queue, rebuilt)
  const withheld = new Set(
    queue.patches
      .filter((patch, at) => cancelled.has(patch.position) || isWithheld(elementAt(findings, at), overruleOf(patch)))
      .map((patch) => patch.position),
  )
  const total = queue.patches.length
  const [carried, tagged, elsewhere] = await allOf([
    landQueue(scratch, await tree, queue, rebuilt, withheld, (done) => progress('landing', done, total)),
    addFirstTags(scratch, range, tagHistory, findings),
    findElsewhere(scratch, range, search, queue.patches),
  ])
  progress('looking for what broke the others')
  const landed = await findCulprits(scratch, { history, tagHistory }, range, await tree, carried)
  const needlessBy = madeNeedless(queue, landed, tagged, history)
  const obsolete = await findObsolete(scratch, target.commit, queue, landed, history)
  const residuals = await residualsOf(scratch, queue, landed, tagged, await tree)
  const results = queue.patches.map((patch, at): PatchResult => {
    const { rebuild } = elementAt<RebuiltPatch>(rebuilt, at)
    const landing = inBrief(elementAt(landed, at).landing)
    const upstream = needlessBy.get(patch) ?? elementAt(tagged, at)
    const overrule = overruleOf(patch)
    const needless = whyNeedless(patch, cancelled, obsolete)
    const verdict = judge({
      ...{ rebuild, landing, upstream, needless, overrule },
      elsewhere: elsewhere.get(patch.position) ?? null,
    })
    return {
      patch: summaryOf(patch),
      rebuild,
      landing,
      upstream,
      verdict,
      residual: residuals.get(patch) ?? null,
      overrule,
    }
  })
  const { patches: _, ...summary } = queue
  return {
    attempt: { queue: summary, upstream: options.upstream, base, target, results },
    landed,
    goesBack: history.commits.length === 0 && target.commit !== base.commit,
  }
}

/** A landing as it is recorded: of files in conflict only what is in conflict. */
function inBrief(landing: Landing): Landing {
  if (!('conflicts' in landing)) return landing
  const conflicts = landing.conflicts.map((one) => ({
    ...one,
    marked: one.marked === null ? null : excerptOf(one.marked),
  }))
  return { ...landing, conflicts }
}

function whyNeedless(
  patch: Patch,
  cancelled: ReadonlyMap<number, number>,
  obsolete: ReadonlySet<Patch>,
): Needless | null {
  if (patch.content.kind === 'readable' && patch.files === 0) return { kind: 'empty' }
  const by = cancelled.get(patch.position)
  if (by !== undefined) return { kind: 'cancelled', with: by }
  return obsolete.has(patch) ? { kind: 'obsolete' } : null
}

/**
 * The findings of patches that conflict with what may be upstream's own way of doing the same: that
 * is asked.
 */
function madeNeedless(
  queue: PatchQueue,
  landed: readonly LandedPatch[],
  findings: readonly UpstreamFinding[],
  history: CommitHistory,
): Map<Patch, UpstreamFinding> {
  const open = queue.patches.flatMap((patch, at) => {
    const { landing } = elementAt(landed, at)
    const finding = elementAt(findings, at)
    if (landing.kind !== 'conflict' || finding.question !== null || finding.status !== 'absent') return []
    const culprits = landing.conflicts.flatMap((conflict) =>
      conflict.culprits.flatMap(({ sha }) => history.bySha.get(sha) ?? []),
    )
    return [{ patch, finding, culprits, words: wordsOf(patch) }]
  })
  const commits = findMadeNeedless(open, history.commits)
  return new Map(
    open.flatMap(({ patch, finding }, at) => {
      const commit = commits[at]
      return commit ? [[patch, { ...finding, question: { kind: 'needless', sha: commit.sha } }] as const] : []
    }),
  )
}

/**
 * The patches whose files are gone for good: hardly a line of what they stand on is anywhere in the
 * target.
 */
async function findObsolete(
  scratch: Scratch,
  target: string,
  queue: PatchQueue,
  landed: readonly LandedPatch[],
  history: CommitHistory,
): Promise<Set<Patch>> {
  const obsolete = new Set<Patch>()
  for (const [at, patch] of queue.patches.entries()) {
    const { landing } = elementAt(landed, at)
    if (!changesOnlyDeleted(patch, landing) || !('conflicts' in landing)) continue
    const culprits = landing.conflicts.flatMap((conflict) => conflict.culprits)
    if (
      mayBeReplaced(
        patch,
        culprits.flatMap(({ sha }) => history.bySha.get(sha) ?? []),
      )
    )
      continue
    const lines = standingTextOf(patch)
    if (!isMoved(lines, await linesAnywhere(scratch, target, lines))) obsolete.add(patch)
  }
  return obsolete
}

/**
 * The patches that undo each other, each with its counterpart: proven by rebuilding the queue
 * without the two.
 */
async function findCancelled(
  scratch: Scratch,
  entries: TreeEntries,
  queue: PatchQueue,
  rebuilt: readonly RebuiltPatch[],
): Promise<Map<number, number>> {
  const cancelled = new Map<number, number>()
  for (const { patch, by } of findOpposites(queue.patches)) {
    const isOfPair = (at: number) => [patch, by].includes(elementAt(queue.patches, at).position)
    const patches = queue.patches.filter((_, at) => !isOfPair(at))
    const without = await rebuildQueue(scratch, entries, { ...queue, patches })
    if (leavesTheSame(rebuilt, without, isOfPair)) cancelled.set(patch, by).set(by, patch)
  }
  return cancelled
}

/**
 * People's answers that count here: one that names a commit does so only where the target holds it.
 */
async function overrulesFor(
  queue: PatchQueue,
  { target }: { target: string },
  { scratch, database }: TryContext,
): Promise<Map<string, Overrule>> {
  const digests = new Set(queue.patches.map(({ digest }) => digest))
  const overrules = new Map([...loadOverrules(database)].filter(([digest]) => digests.has(digest)))
  for (const [digest, { commit }] of overrules)
    if (commit !== null && !(await isAncestor(scratch, commit, target))) overrules.delete(digest)
  return overrules
}

/** What remains of the patches that may be upstream in part, and are carried over. */
async function residualsOf(
  scratch: Scratch,
  queue: PatchQueue,
  landed: readonly LandedPatch[],
  findings: readonly UpstreamFinding[],
  { entries, renames }: TargetTree,
): Promise<Map<Patch, ByteString | null>> {
  const nameOf = (path: ByteString) => (entries.has(path) ? path : (renames.get(path) ?? path))
  const residuals = new Map<Patch, ByteString | null>()
  const reader = new ObjectReader(scratch)
  try {
    for (const [at, patch] of queue.patches.entries()) {
      const { status, fates } = elementAt(findings, at)
      const one = elementAt(landed, at)
      // Where nothing of it stands, all of it remains: the patch itself.
      const isOpen = status === 'partial' || (status === 'present' && one.landing.kind !== 'withheld')
      if (isOpen) residuals.set(patch, await residualOf(scratch, reader, patch, one, fates, nameOf))
    }
  } finally {
    reader.close()
  }
  return residuals
}

function elementAt<Item>(items: readonly Item[], at: number): Item {
  const item = items[at]
  if (item === undefined) throw new Error(`no element ${at} of ${items.length}`)
  return item
}

async function settleBase(
  queue: PatchQueue,
  options: TryOptions,
  tags: readonly Tag[],
  target: Release,
  scratch: Scratch,
): Promise<Base> {
  if (options.base !== null) return { ...(await resolveRelease(scratch, options.base, tags)), found: 'given' }
  const found = await findBase(scratch, queue, tags, target, (commit) => countApplying(scratch, commit, queue))
  if (found) return found
  throw new UserError(
    'no release was found on which most of the queue applies',
    'say which commit it sits on with --base',
  )
}
