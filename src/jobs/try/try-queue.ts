/**
 * One attempt, from front to back; a good place to begin reading. Rebuild the queue on its base,
 * find what the target has already, carry the rest over, judge.
 */
import { type LandedPatch, landQueue } from '../../attempt/land.ts'
import { countApplying, rebuildQueue } from '../../attempt/rebuild.ts'
import { settleNames } from '../../attempt/settle-names.ts'
import { UserError } from '../../errors.ts'
import { findCulprits } from '../../evidence/find-culprits.ts'
import {
  addFirstTags,
  type CommitElsewhere,
  findElsewhere,
  findUpstream,
  type UpstreamSearch,
} from '../../evidence/find-upstream.ts'
import { readTargetTree, rebuiltPatchIds } from '../../evidence/read-upstream.ts'
import { type SuggestedPatch, suggestionsFor, withSuggestions } from '../../evidence/suggestions.ts'
import type { Scratch } from '../../git/scratch.ts'
import { allOf, type Begin, runTogether } from '../../git/together.ts'
import { treeOf } from '../../git/tree.ts'
import { provenByMerge } from '../../judge/finding.ts'
import { withUndoing } from '../../judge/undoing.ts'
import { type Facts, isWithheld, judge } from '../../judge/verdict.ts'
import type { Attempt, Base, Landing, PatchResult, PreparedQueues, RebuiltPatch, Release } from '../../model/attempt.ts'
import type { ByteString } from '../../model/bytes.ts'
import type { CommitCache, CommitHistory } from '../../model/commit-history.ts'
import { elementAt } from '../../model/elements.ts'
import type { Overrule } from '../../model/overrule.ts'
import { summaryOf } from '../../model/patch.ts'
import type { Progress } from '../../model/progress.ts'
import type { PatchQueue } from '../../model/queue.ts'
import type { KnownResolution } from '../../model/resolution.ts'
import type { TargetTree, TreeEntries } from '../../model/tree.ts'
import { excerptOf } from '../../patch/regions.ts'
import { findBase } from '../../upstream/find-base.ts'
import { isAncestor, type UpstreamRange } from '../../upstream/history.ts'
import { listTags, type Tag, withRelease } from '../../upstream/releases.ts'
import { resolveRelease } from '../../upstream/resolve.ts'
import { findLikelyGone } from './likely-gone.ts'
import { askMadeNeedless, findCancelled, findObsolete } from './needless.ts'
import { residualsOf } from './residuals.ts'
import { needlessInQueue, type SoughtPatch, type Trial } from './trial.ts'

export interface TryOptions {
  upstream: string
  /** Null: find it. */
  base: string | null
  /** Where the base is written down; left out where a person gives it. */
  baseFound?: Base['found']
  onto: string
}

/** What the attempt works with; whoever calls it opens and closes them. */
export interface TryContext {
  scratch: Scratch
  cache: CommitCache
  prepared: PreparedQueues
  /** People's answers, by the digest of the patch. */
  overrules: ReadonlyMap<string, Overrule>
  /** What is remembered of conflicts, the user's own first. */
  resolutions: readonly KnownResolution[]
  progress: Progress
  /** For what a person should know, whatever the output is. */
  warn: (message: string) => void
}

export interface Tried {
  attempt: Attempt
  landed: LandedPatch[]
  /** The files of the base, and what the patches made of them. */
  entries: TreeEntries
  rebuilt: readonly RebuiltPatch[]
  /** Whether the target is in the base's own history: nothing can have landed in between. */
  goesBack: boolean
}

export async function tryQueue(queue: PatchQueue, options: TryOptions, context: TryContext): Promise<Tried> {
  return await runTogether(context.scratch, (begin) => tryTogether(queue, options, context, begin))
}

async function tryTogether(listed: PatchQueue, options: TryOptions, context: TryContext, begin: Begin): Promise<Tried> {
  const place = await settlePlace(listed, options, context, begin)
  const { sought, search, saving } = await seek(place, context, begin)
  const { trials, elsewhere } = await carryOver(place, sought, search, context)
  const results = await judgeAll(place, trials, { history: search.history, elsewhere }, context)
  await saving
  const { base, target, queue, entries } = place
  const { patches, base: _, address: __, ...summary } = queue
  const notes = [...queue.notes, ...patches.flatMap(({ warnings }) => warnings)]
  return {
    attempt: { queue: { ...summary, notes }, upstream: options.upstream, base, target, results },
    landed: trials.map(({ landed }) => landed),
    entries,
    rebuilt: trials.map(({ rebuilt }) => rebuilt),
    goesBack: target.commit !== base.commit && (await isAncestor(context.scratch, target.commit, base.commit)),
  }
}

/** What is tried, where, and on what. */
interface TrialPlace {
  queue: PatchQueue
  base: Base
  /** The files of the base. */
  entries: TreeEntries
  target: Release
  tree: Promise<TargetTree>
  range: UpstreamRange
}

async function settlePlace(
  listed: PatchQueue,
  options: TryOptions,
  { scratch, cache, progress }: TryContext,
  begin: Begin,
): Promise<TrialPlace> {
  const tags = await listTags(scratch)
  const target = await resolveRelease(scratch, options.onto, tags)
  progress('looking for the base')
  const base = await settleBase(listed, options, { tags, target }, scratch)
  progress('rebuilding the queue on its base')
  const entries = await treeOf(scratch, base.commit)
  const queue = { ...listed, patches: settleNames(listed.patches, (path) => entries.has(path)) }
  const from = { commit: base.commit, entries }
  const tree = begin(readTargetTree({ scratch, cache }, queue.patches, from, target.commit))
  const releases = withRelease(tags, options.onto)
  const range: UpstreamRange = {
    ...{ base: base.commit, target: target.commit, tags: releases, looksBefore: true },
    detail: scratch.detail,
  }
  return { queue, base, entries, target, tree, range }
}

/** Rebuilds the queue, unless it is kept from before, and looks for its patches upstream. */
async function seek(
  { queue, base, entries, tree, range }: TrialPlace,
  context: TryContext,
  begin: Begin,
): Promise<{ sought: SoughtPatch[]; search: UpstreamSearch; saving: Promise<void> }> {
  const { scratch, cache, progress, warn } = context
  const known = context.prepared.load(queue.revision, base.commit)
  const rebuilding = begin(known ? Promise.resolve(known.rebuilt) : rebuildQueue(scratch, entries, queue))
  const patchIds = begin(
    known
      ? Promise.resolve(known.patchIds)
      : rebuilding.then((chain) => rebuiltPatchIds(scratch, queue.patches, chain)),
  )
  const place = { scratch, cache, range, tree, progress, warn, begin }
  const [rebuilt, search] = await allOf([
    rebuilding,
    findUpstream(queue.patches, place, { starts: rebuilding, patchIds }),
  ])
  progress('looking for patches that undo each other')
  const cancelled = known?.cancelled ?? (await findCancelled(scratch, entries, queue, rebuilt))
  const prepared = { rebuilt, patchIds: await patchIds, cancelled }
  const saving = begin(known ? Promise.resolve() : context.prepared.save(queue.revision, base.commit, prepared))
  const overrules = await overrulesFor(queue, range, context)
  const sought = queue.patches.map((patch, at): SoughtPatch => {
    return {
      patch,
      rebuilt: elementAt(rebuilt, at),
      finding: elementAt(search.findings, at),
      overrule: overrules.get(patch.digest) ?? null,
      cancelledBy: cancelled.get(patch.position) ?? null,
    }
  })
  const findings = withUndoing(sought.map((one) => ({ ...one, isLeftOut: isLeftOut(one) })))
  return { sought: sought.map((one, at) => ({ ...one, finding: elementAt(findings, at) })), search, saving }
}

/** Carries over what the target has not, and looks for what broke the rest. */
async function carryOver(
  { queue, tree, range }: TrialPlace,
  sought: readonly SoughtPatch[],
  search: UpstreamSearch,
  { scratch, progress }: TryContext,
): Promise<{ trials: Trial[]; elsewhere: ReadonlyMap<number, CommitElsewhere> }> {
  const total = sought.length
  const queued = sought.map((one) => ({ patch: one.patch, rebuilt: one.rebuilt, isLeftOut: isLeftOut(one) }))
  const [carried, tagged, elsewhere] = await allOf([
    landQueue(scratch, await tree, queued, (done) => progress('landing', done, total)),
    addFirstTags(
      search.firstTags,
      sought.map(({ finding }) => finding),
    ),
    findElsewhere(scratch, range, search, queue.patches),
  ])
  progress('looking for what broke the others')
  const landed = await findCulprits(scratch, search, await tree, carried)
  const trials = sought.map((one, at): Trial => {
    return { ...one, finding: elementAt(tagged, at), landed: elementAt(landed, at) }
  })
  return { trials, elsewhere }
}

async function judgeAll(
  { base, target, tree, range }: TrialPlace,
  trials: readonly Trial[],
  { history, elsewhere }: { history: CommitHistory; elsewhere: ReadonlyMap<number, CommitElsewhere> },
  { scratch, resolutions }: TryContext,
): Promise<PatchResult[]> {
  const asked = askMadeNeedless(trials, history)
  const gone = await findLikelyGone(scratch, { base, target, range, tree: await tree }, trials)
  const obsolete = await findObsolete(scratch, target.commit, trials, history)
  const residuals = await residualsOf(scratch, trials, await tree)
  const suggestions = await suggestionsFor(scratch, target.commit, trials, resolutions)
  return trials.map((trial) => {
    const likelyGone = gone.get(trial) ?? null
    const open = likelyGone === null ? trial.finding : { ...trial.finding, question: OPEN }
    const finding = asked.get(trial) ?? open
    const releases = range.detail === 'releases' ? { target: target.ref, isNext: isNext(range), likelyGone } : null
    const needless = needlessInQueue(trial) ?? (obsolete.has(trial) ? ({ kind: 'obsolete' } as const) : null)
    const isElsewhere = elsewhere.get(trial.patch.position) ?? null
    const made = { residual: residuals.get(trial) ?? null, suggested: suggestions.get(trial) ?? null }
    return toResult({ ...trial, finding }, { needless, elsewhere: isElsewhere, releases }, made)
  })
}

/** Whether no other release is known between base and target. */
function isNext({ base, target, tags }: UpstreamRange): boolean {
  const placeOf = (sha: string | null) => tags.findIndex(({ commit }) => commit === sha)
  return placeOf(target) === placeOf(base) + 1
}

/** What is asked where only releases are known: did the rest land, and was rewritten since? */
const OPEN = { kind: 'fates', sha: null } as const

/** Whether a patch is taken out before the rest is carried over. */
function isLeftOut({ finding, overrule, cancelledBy }: SoughtPatch): boolean {
  return cancelledBy !== null || isWithheld(finding, overrule)
}

function toResult(
  { patch, rebuilt: { rebuild }, landed, finding, overrule }: Trial,
  known: Pick<Facts, 'needless' | 'elsewhere' | 'releases'>,
  { residual, suggested }: { residual: ByteString | null; suggested: SuggestedPatch | null },
): PatchResult {
  const landing = inBrief(withSuggestions(landed.landing, suggested))
  const verdict = judge({ ...known, rebuild, landing, upstream: finding, overrule })
  const isProven = landing.kind === 'noop' && verdict.kind === 'upstreamed'
  const upstream = isProven ? provenByMerge(finding) : finding
  const parts = { rebuild, landing, upstream, verdict, residual, suggested: suggested?.patch ?? null, overrule }
  return { patch: summaryOf(patch), ...parts }
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

/**
 * People's answers that count here: one that names a commit does so only where the target holds it.
 */
async function overrulesFor(
  queue: PatchQueue,
  { target }: { target: string },
  { scratch, overrules: given }: TryContext,
): Promise<Map<string, Overrule>> {
  const digests = new Set(queue.patches.map(({ digest }) => digest))
  const overrules = new Map([...given].filter(([digest]) => digests.has(digest)))
  for (const [digest, { commit }] of overrules)
    if (commit !== null && !(await isAncestor(scratch, commit, target))) overrules.delete(digest)
  return overrules
}

async function settleBase(
  queue: PatchQueue,
  options: TryOptions,
  { tags, target }: { tags: readonly Tag[]; target: Release },
  scratch: Scratch,
): Promise<Base> {
  if (options.base !== null)
    return { ...(await resolveRelease(scratch, options.base, tags)), found: options.baseFound ?? 'given' }
  const found = await findBase(scratch, queue, { tags, target }, (commit) => countApplying(scratch, commit, queue))
  if (found) return found
  throw new UserError(
    'no release was found on which most of the queue applies',
    'say which commit it sits on with --base',
  )
}
