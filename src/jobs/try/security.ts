/** The security part of an audit: what of upstream's fixes a queue carries, lacks and takes back. */
import { joinAdvisories } from '../../audit/advisories.ts'
import { decideCandidates, seekCandidates } from '../../audit/backport-marks.ts'
import { addedLines, faultIn, isAsBefore, untouchedBy } from '../../audit/fault.ts'
import { decideFollowUps, type SoughtFollowUp, seekFollowUps } from '../../audit/follow-ups.ts'
import { commitsToCompare, type IdentifiedPatch, identifyPatches } from '../../audit/identify.ts'
import { KnownFile } from '../../audit/known-file.ts'
import { type ChangeId, type Holding, Lineage } from '../../audit/lineage.ts'
import { type CommitLook, commitOf, copiesOf, type Looks, type SecurityPlace } from '../../audit/place.ts'
import { carriedChanges, carriedFixes, missingFixes, seekMissing, undoneFixes } from '../../audit/security.ts'
import { fixesOfBase, ownPatches, undoneBy } from '../../audit/undoing.ts'
import { readAdvisories } from '../../config/advisories.ts'
import { lookAtCommits, queueTree, readFiles, type SeenCommit, type SeenFile } from '../../evidence/look-at-commits.ts'
import { renamesBetween } from '../../evidence/read-upstream.ts'
import { readUpstreamNotes } from '../../evidence/upstream-notes.ts'
import { treeOf } from '../../git/tree.ts'
import type { ListedAdvisory } from '../../model/advisories.ts'
import type { Landing } from '../../model/attempt.ts'
import type { ByteString } from '../../model/bytes.ts'
import { elementAt } from '../../model/elements.ts'
import type { JobContext } from '../../model/job.ts'
import { pathsOf } from '../../model/patch.ts'
import type { Progress } from '../../model/progress.ts'
import type { AdvisoryNotes, Applies, SecurityReport } from '../../model/security.ts'
import { toVersion, type Version } from '../../model/version.ts'
import { commitPatches } from '../../upstream/commit-patches.ts'
import { listTags } from '../../upstream/releases.ts'
import { compareWith, type OtherQueue } from './against.ts'
import { changedLinesIn, type ExaminedAttempt, factsOf } from './patch-facts.ts'

/** What is asked beside the queue itself. */
export interface SecurityWish {
  /** A list of advisories: a file or a folder; null without one. */
  advisories: string | null
  /** Another queue to compare with; null without one. */
  against: OtherQueue | null
}

export async function auditSecurity(
  examined: ExaminedAttempt,
  { advisories, against }: SecurityWish,
  context: JobContext,
): Promise<SecurityReport> {
  const { progress } = context
  if (examined.scratch.cuts.size > 0)
    context.warn(
      'the clone is shallow: fixes behind its cut are not seen, and may be said to be missing; "git fetch --unshallow" there gets them',
    )
  const listed = advisories === null ? { advisories: [], problems: [] } : readAdvisories(advisories)
  const { place: known, disputed } = await placeOf(examined, listed.advisories, progress)
  const patches = await withUndoing(examined, known)
  const place = { ...known, patches, takenOut: await takenOutOf(examined, known) }
  const sought = {
    followUps: seekFollowUps(place),
    missing: seekMissing(place),
    candidates: seekCandidates(place, await releaseOf(examined, place.base)),
  }
  const changes = [
    ...sought.followUps.map(({ change }) => change),
    ...sought.candidates.filter(({ kind }) => kind === 'marked').map(({ change }) => change),
    ...sought.missing.flatMap((fix) => fix.changes),
    ...carriedChanges(place),
  ]
  progress('holding what upstream mended against the queue')
  const shas = new Set(changes.flatMap((change) => copiesOf(place, change).map(({ sha }) => sha)))
  const brought = await broughtBy(examined, place, sought.followUps)
  const looks = await looksAt(examined, [...shas], brought)
  return {
    security: {
      carried: carriedFixes(place, looks),
      undone: undoneFixes(place),
      missing: missingFixes(place, sought.missing, looks),
      advisories: { problems: listed.problems, disputed },
    },
    followUps: decideFollowUps(place, sought.followUps, looks),
    candidates: decideCandidates(place, sought.candidates, looks),
    against: against && (await compareWith(against, place, examined, context)),
  }
}

async function placeOf(
  { attempt, queue, scratch, cache }: ExaminedAttempt,
  listed: readonly ListedAdvisory[],
  progress: Progress,
): Promise<{ place: SecurityPlace; disputed: AdvisoryNotes['disputed'] }> {
  const { base, target, results } = attempt
  const notes = await readUpstreamNotes(scratch, cache, progress, [base.commit, target.commit])
  const lineage = new Lineage(notes, scratch.head)
  const facts = queue.patches.map((patch, at) => factsOf(patch, elementAt(results, at).upstream))
  const linesOf = await changedLinesIn(scratch, commitsToCompare(facts, lineage))
  const { fixes, disputed } = joinAdvisories(lineage, listed)
  const place = {
    ...{ lineage, fixes, patches: identifyPatches(facts, lineage, linesOf), takenOut: new Set<ChangeId>() },
    main: lineage.holding(scratch.head === null ? [] : [scratch.head]),
    base: lineage.holding([base.commit]),
    target: lineage.holding([target.commit]),
    own: lineage.holding(lineage.ownBranches(base.commit, target.commit, notes.branches, scratch.head)),
  }
  return { place, disputed }
}

/** The version of the base, or of the newest release that it holds; null where that has none. */
async function releaseOf({ attempt, scratch }: ExaminedAttempt, base: Holding): Promise<Version | null> {
  const own = toVersion(attempt.base.ref)
  if (own) return own
  const held = (await listTags(scratch)).filter(({ commit, version }) => version !== null && base.hasCommit(commit))
  return held.at(-1)?.version ?? null
}

/** The patches, with the fixes of the base that they take back without a word. */
async function withUndoing({ scratch }: ExaminedAttempt, place: SecurityPlace): Promise<IdentifiedPatch[]> {
  const own = ownPatches(place)
  const fixes = fixesOfBase(place)
  const paths = [...new Set(own.flatMap(({ patch }) => pathsOf(patch)))]
  if (paths.length === 0 || fixes.size === 0) return [...place.patches]
  const commits = [...(await commitPatches(scratch, [...fixes.keys()], paths)).values()]
  const undone = undoneBy(
    own.map(({ patch }) => patch),
    new Map(commits.map(({ sha, patch }) => [sha, patch])),
  )
  return place.patches.map((one) => {
    const found = (undone.get(one.patch) ?? []).flatMap((sha) => fixes.get(sha) ?? [])
    return found.length === 0 ? one : { ...one, takesBack: found }
  })
}

/** The carried fixes of which the target's tree has nothing, though its history has a commit. */
async function takenOutOf({ attempt, scratch }: ExaminedAttempt, place: SecurityPlace): Promise<Set<ChangeId>> {
  const landed = carriedChanges(place).flatMap((change) => {
    const own = place.lineage.members(change).find(({ sha }) => place.target.hasCommit(sha))
    return own ? [{ change, sha: own.sha }] : []
  })
  const commits = await commitPatches(
    scratch,
    landed.map(({ sha }) => sha),
  )
  const tree = { entries: await treeOf(scratch, attempt.target.commit), names: new Map() }
  const paths = [...commits.values()].flatMap(({ patch }) => pathsOf(patch))
  const fileAt = filesAsKnown(await readFiles(scratch, tree, paths))
  const gone = landed.filter(({ sha }) => {
    const commit = commits.get(sha)
    return commit !== undefined && isAsBefore(commit.patch, fileAt)
  })
  return new Set(gone.map(({ change }) => change))
}

function filesAsKnown(files: ReadonlyMap<ByteString, SeenFile>): (path: ByteString) => KnownFile | null {
  const known = new Map([...files].map(([named, { path, lines }]) => [named, new KnownFile(path, lines)]))
  return (path) => known.get(path) ?? null
}

/** For each follow-up the lines that the commit adds which it mends. */
async function broughtBy(
  { scratch }: ExaminedAttempt,
  place: SecurityPlace,
  followUps: readonly SoughtFollowUp[],
): Promise<Map<string, ReadonlySet<ByteString>>> {
  const mended = await commitPatches(scratch, [...new Set(followUps.map(({ names }) => commitOf(place, names).sha))])
  return new Map(
    followUps.flatMap(({ change, names }) => {
      const patch = mended.get(commitOf(place, names).sha)?.patch
      const lines = new Set(patch ? addedLines(patch) : [])
      return copiesOf(place, change).map(({ sha }) => [sha, lines] as const)
    }),
  )
}

async function looksAt(
  { attempt, entries: base, rebuilt, scratch, cache }: ExaminedAttempt,
  shas: readonly string[],
  brought: ReadonlyMap<string, ReadonlySet<ByteString>>,
): Promise<Looks> {
  const entries = queueTree(base, rebuilt)
  const renames = await renamesBetween(scratch, cache, attempt.base.commit, attempt.target.commit)
  const names = new Map([...renames].map(([old, now]) => [now, old]))
  const { seen, files } = await lookAtCommits(scratch, { entries, names }, shas)
  const fileAt = filesAsKnown(files)
  const lookAt = ({ sha, patch, landing }: SeenCommit): CommitLook => {
    const place = { fileAt, brought: brought.get(sha) ?? new Set<ByteString>() }
    return {
      fault: faultIn(patch, place),
      untouched: untouchedBy(patch, fileAt),
      applies: appliesAs(landing),
      isThere: landing.kind === 'noop',
    }
  }
  return new Map(seen.map((commit) => [commit.sha, lookAt(commit)]))
}

function appliesAs({ kind }: Landing): Applies {
  if (kind === 'noop' || kind === 'clean') return 'clean'
  if (kind === 'offset' || kind === 'merged') return kind
  return kind === 'fuzz' ? 'merged' : 'conflict'
}
