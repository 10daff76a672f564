/**
 * Gathers what the upstream has to say: its commits from the index, the target's files, where it
 * moved them. Nothing is decided here.
 */
import { UserError } from '../errors.ts'
import type { Scratch } from '../git/scratch.ts'
import { allOf, type Begin } from '../git/together.ts'
import { findRenames, treeOf } from '../git/tree.ts'
import type { RebuiltPatch } from '../model/attempt.ts'
import type { ByteString } from '../model/bytes.ts'
import { type CommitCache, type CommitHistory, EMPTY_HISTORY } from '../model/commit-history.ts'
import type { Commit, IndexedCommit } from '../model/history.ts'
import { type Patch, pathsOf } from '../model/patch.ts'
import type { Progress } from '../model/progress.ts'
import type { TargetTree, TreeEntries } from '../model/tree.ts'
import { listCommits, resolveCommits, type UpstreamRange } from '../upstream/history.ts'
import { patchIdsOf } from '../upstream/patch-ids.ts'
import { scanReadable } from '../upstream/scan-readable.ts'
import { FirstTags, type TaggedHistory } from './first-tags.ts'

/** What the upstream has to say, before any patch is looked at. */
export interface UpstreamFacts {
  history: CommitHistory
  /** Commits that patches name and that are not in the history. */
  outside: Commit[]
  firstTags: FirstTags
  /** Where the clone is not whole. */
  gaps: Gap[]
}

/**
 * A commit at which a clone is not whole. `paths`: the files that it changes, where it lacks these;
 * null where a shallow clone ends there, and no file is known to be whole.
 */
export interface Gap {
  sha: string
  paths: readonly ByteString[] | null
}

/** Two git processes keep two cores busy; more would only fight over the disk. */
const PROCESSES = 2
/** So many commits are worth a process of their own. */
const SHARE = 20
/** So many commits are indexed, or none of them. */
const BATCH = 500

export async function readUpstream(
  { scratch, cache, range }: { scratch: Scratch; cache: CommitCache; range: UpstreamRange },
  patches: readonly Patch[],
  { progress, warn, begin }: { progress: Progress; warn: (message: string) => void; begin: Begin },
): Promise<UpstreamFacts> {
  if (range.detail === 'releases') return nothingButReleases({ scratch, cache, range }, begin)
  const named = new Set(patches.flatMap((patch) => patch.header.references.map((reference) => reference.sha)))
  const [{ history, span, cuts, leftOut }, resolved] = await allOf([
    readHistory({ scratch, cache, range }, progress),
    resolveCommits(scratch, [...named]),
  ])
  const firstTags = new FirstTags({ scratch, cache, range }, { history, span }, begin)
  const elsewhere = resolved.filter((sha) => history.placeOf(sha) === null && !scratch.cuts.has(sha))
  const outside = await indexCommits(scratch, cache, elsewhere)
  const lacking = [...leftOut, ...outside.leftOut]
  if (lacking.length > 0) warn(leftOutNote(lacking.map(({ sha }) => sha)))
  return { history, outside: [...outside.commits.values()], firstTags, gaps: [...cuts, ...lacking] }
}

/** The commits of the range, and what it lacks. */
async function readHistory(
  { scratch, cache, range }: { scratch: Scratch; cache: CommitCache; range: UpstreamRange },
  progress: Progress,
): Promise<TaggedHistory & { cuts: Gap[]; leftOut: Gap[] }> {
  // Of a shallow clone there may be more another time.
  const span = scratch.cuts.size === 0 ? { base: range.base, target: range.target } : null
  const known = span && cache.history(span)
  if (known) return { history: known, span, cuts: [], leftOut: [] }
  const listed = await listCommits(scratch, range.base, range.target)
  // What git shows of a commit whose parents are left out is its whole tree.
  const shas = listed.filter((sha) => !scratch.cuts.has(sha))
  const leftOut = await fillIndex(scratch, cache, shas, progress)
  const kept = leftOut.length === 0 ? span : null
  const history = await cache.makeHistory(shas, kept)
  const cuts = listed.filter((sha) => scratch.cuts.has(sha)).map((sha) => ({ sha, paths: null }))
  return { history, span: kept, cuts, leftOut }
}

/** The commit of a release is that of no change: it brought and broke nothing. */
function nothingButReleases(
  place: { scratch: Scratch; cache: CommitCache; range: UpstreamRange },
  begin: Begin,
): UpstreamFacts {
  const firstTags = new FirstTags(place, { history: EMPTY_HISTORY, span: null }, begin)
  return { history: EMPTY_HISTORY, outside: [], firstTags, gaps: [] }
}

/** Commits that the repository cannot show may be what a patch landed as. */
function leftOutNote(shas: readonly string[]): string {
  const named = shas.slice(0, 3).map((sha) => sha.slice(0, 12))
  const more = shas.length > named.length ? ` and ${shas.length - named.length} more` : ''
  const what = shas.length === 1 ? 'commit' : 'commits'
  return `left out ${what} ${named.join(', ')}${more}: the upstream repository lacks objects; "git fetch --refetch --no-filter" there gets them`
}

/** The commits from the index, which is extended by those that are new to it; and the others. */
export async function indexCommits(
  scratch: Scratch,
  cache: CommitCache,
  shas: readonly string[],
): Promise<{ commits: Map<string, IndexedCommit>; leftOut: Gap[] }> {
  const leftOut = await fillIndex(scratch, cache, shas, () => {})
  return { commits: new Map(cache.commits(shas).map((commit) => [commit.sha, commit])), leftOut }
}

/**
 * Extends the index by the commits that are new to it: batch by batch, so that an interrupted run
 * loses little, and a history of any length needs the memory of a batch only. Returns those that
 * cannot be read.
 */
async function fillIndex(
  scratch: Scratch,
  cache: CommitCache,
  shas: readonly string[],
  progress: Progress,
): Promise<Gap[]> {
  const missing = cache.unknown(shas)
  const leftOut = new Map<string, readonly ByteString[]>()
  let done = 0
  await inShares(missing, async (share) => {
    let batch: IndexedCommit[] = []
    for await (const commit of scanReadable(scratch, share, (sha, paths) => leftOut.set(sha, paths))) {
      batch.push(commit)
      if (batch.length < BATCH) continue
      await cache.saveCommits(batch)
      done += batch.length
      progress('indexing upstream commits', done, missing.length)
      batch = []
    }
    await cache.saveCommits(batch)
  })
  // In the order of the history, whichever process came upon them first.
  return missing.flatMap((sha) => {
    const paths = leftOut.get(sha)
    return paths ? [{ sha, paths }] : []
  })
}

/**
 * The target's files, and where upstream moved those of the patches that are gone from where they
 * were at the base.
 */
export async function readTargetTree(
  { scratch, cache }: { scratch: Scratch; cache: CommitCache },
  patches: readonly Patch[],
  base: { commit: string; entries: TreeEntries } | null,
  target: string,
): Promise<TargetTree> {
  const entries = await treeOf(scratch, target)
  const isGone = patches.flatMap(pathsOf).some((path) => !entries.has(path))
  // Following renames compares all that was deleted with all that was added: only where a path is
  // gone.
  const renames = base && isGone ? await renamesBetween(scratch, cache, base.commit, target) : new Map()
  return { base: base?.entries ?? new Map(), entries, renames }
}

/** Where files went between two commits, old to new; looked for once. */
export async function renamesBetween(
  scratch: Scratch,
  cache: CommitCache,
  before: string,
  after: string,
): Promise<Map<ByteString, ByteString>> {
  const known = cache.renames(before, after)
  if (known) return known
  try {
    const renames = await findRenames(scratch, before, after)
    await cache.saveRenames(before, after, renames)
    return renames
  } catch (error) {
    // Where contents are lacking, a file that moved unchanged is known by its id.
    if (!(error instanceof UserError)) throw error
    return findRenames(scratch, before, after, 'unchanged')
  }
}

/** git patch-id of the rebuilt patches, by position. */
export async function rebuiltPatchIds(
  scratch: Scratch,
  patches: readonly Patch[],
  rebuilt: readonly RebuiltPatch[],
): Promise<Map<number, string>> {
  const ids = new Map<number, string>()
  const positioned = rebuilt.flatMap((one, at) =>
    one.changes.size > 0 ? [{ ...one, position: patches[at]?.position ?? 0 }] : [],
  )
  await inShares(positioned, async (share) => {
    const patchIds = await patchIdsOf(scratch, share)
    for (const { commit, position } of share) {
      const id = patchIds.get(commit)
      if (id !== undefined) ids.set(position, id)
    }
  })
  return ids
}

/**
 * Cuts a list into as many pieces as git processes are worth their while, and works on them side by
 * side.
 */
async function inShares<One>(all: readonly One[], work: (share: readonly One[]) => Promise<void>): Promise<void> {
  const size = Math.max(SHARE, Math.ceil(all.length / PROCESSES))
  const shares = Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size))
  await allOf(shares.map(work))
}
