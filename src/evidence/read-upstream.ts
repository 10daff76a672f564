/**
 * Gathers what the upstream has to say: its commits from the index, the target's files, where it
 * moved them. Nothing is decided here.
 */
import { setImmediate } from 'node:timers/promises'
import { UserError } from '../errors.ts'
import type { Scratch } from '../git/scratch.ts'
import { allOf, type Begin } from '../git/together.ts'
import { findRenames, listTree } from '../git/tree.ts'
import type { RebuiltPatch } from '../model/attempt.ts'
import type { ByteString } from '../model/bytes.ts'
import type { Commit, CommitCache, CommitHistory, IndexedCommit } from '../model/history.ts'
import { type Patch, pathsOf } from '../model/patch.ts'
import type { Progress } from '../model/progress.ts'
import type { TargetTree, TreeEntries } from '../model/tree.ts'
import {
  listCommits,
  readTagHistory,
  resolveCommits,
  type TagHistory,
  type UpstreamRange,
} from '../upstream/history.ts'
import { scanCommits } from '../upstream/scan-commits.ts'
import { type LeaveOut, scanReadable } from '../upstream/scan-readable.ts'

/** What the upstream has to say, before any patch is looked at. */
export interface UpstreamFacts {
  history: CommitHistory
  /** Commits that patches name and that are not in the history. */
  outside: Commit[]
  /** Which releases hold which commits: read in the meantime, and needed last. */
  tagHistory: Promise<TagHistory>
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
/** So many commits are indexed, or none of them; and so many are read at a time. */
const BATCH = 500

export async function readUpstream(
  { scratch, cache, range }: { scratch: Scratch; cache: CommitCache; range: UpstreamRange },
  patches: readonly Patch[],
  { progress, warn, begin }: { progress: Progress; warn: (message: string) => void; begin: Begin },
): Promise<UpstreamFacts> {
  if (range.detail === 'releases') return nothingButReleases()
  const { base, target } = range
  const listed = await listCommits(scratch, base, target)
  // What git shows of a commit whose parents are left out is its whole tree.
  const shas = listed.filter((sha) => !scratch.cuts.has(sha))
  const tagHistory = begin(readTagHistory(scratch, range))
  const named = new Set(patches.flatMap((patch) => patch.header.references.map((reference) => reference.sha)))
  const inHistory = new Set(shas)
  const outside = resolveCommits(scratch, [...named]).then((found) =>
    found.filter((sha) => !inHistory.has(sha) && !scratch.cuts.has(sha)),
  )
  const leftOut = new Map<string, readonly ByteString[]>()
  const leaveOut: LeaveOut = (sha, paths) => leftOut.set(sha, paths)
  const [bySha, outsideBySha] = await allOf([
    indexCommits(scratch, cache, shas, { progress, leaveOut }),
    outside.then((found) => indexCommits(scratch, cache, found, { leaveOut })),
  ])
  // In the order of the history, whichever process came upon them first.
  const lacking = [...new Set([...shas, ...leftOut.keys()])].filter((sha) => leftOut.has(sha))
  if (lacking.length > 0) warn(leftOutNote(lacking))
  const commits = shas.map((sha) => bySha.get(sha)).filter((commit) => commit !== undefined)
  return {
    history: { commits, bySha },
    outside: [...outsideBySha.values()],
    tagHistory,
    gaps: [
      ...listed.filter((sha) => scratch.cuts.has(sha)).map((sha) => ({ sha, paths: null })),
      ...lacking.map((sha) => ({ sha, paths: leftOut.get(sha) ?? [] })),
    ],
  }
}

/** The commit of a release is that of no change: it brought and broke nothing. */
function nothingButReleases(): UpstreamFacts {
  const tagHistory = Promise.resolve({ tags: [], parents: new Map(), targetTime: 0 })
  return { history: { commits: [], bySha: new Map() }, outside: [], tagHistory, gaps: [] }
}

/** Commits that the repository cannot show may be what a patch landed as. */
function leftOutNote(shas: readonly string[]): string {
  const named = shas.slice(0, 3).map((sha) => sha.slice(0, 12))
  const more = shas.length > named.length ? ` and ${shas.length - named.length} more` : ''
  const what = shas.length === 1 ? 'commit' : 'commits'
  return `left out ${what} ${named.join(', ')}${more}: the upstream repository lacks objects; "git fetch --refetch --no-filter" there gets them`
}

/**
 * The commits from the index, which is extended by those that are new to it: batch by batch, so
 * that an interrupted run loses little, and a history of any length needs the memory of a batch
 * only.
 */
export async function indexCommits(
  scratch: Scratch,
  cache: CommitCache,
  shas: readonly string[],
  { progress, leaveOut }: { progress?: Progress; leaveOut: LeaveOut },
): Promise<Map<string, IndexedCommit>> {
  const commits = new Map<string, IndexedCommit>()
  await loadInto(commits, cache, shas)
  const missing = shas.filter((sha) => !commits.has(sha))
  let done = 0
  await inShares(missing, async (share) => {
    let batch: IndexedCommit[] = []
    for await (const commit of scanReadable(scratch, share, leaveOut)) {
      batch.push(commit)
      if (batch.length < BATCH) continue
      await cache.saveCommits(batch)
      done += batch.length
      progress?.('indexing upstream commits', done, missing.length)
      batch = []
    }
    await cache.saveCommits(batch)
  })
  await loadInto(commits, cache, missing)
  return commits
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
  const entries = await listTree(scratch, target)
  const isGone = patches.flatMap(pathsOf).some((path) => !entries.has(path))
  // Following renames compares all that was deleted with all that was added: only where a path is
  // gone.
  const renames = base && isGone ? await renamesBetween(scratch, cache, base.commit, target) : new Map()
  return { base: base?.entries ?? new Map(), entries, renames }
}

async function renamesBetween(
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

/** In batches, between which what git processes have to say is heard. */
async function loadInto(
  commits: Map<string, IndexedCommit>,
  cache: CommitCache,
  shas: readonly string[],
): Promise<void> {
  for (let from = 0; from < shas.length; from += BATCH) {
    for (const commit of cache.commits(shas.slice(from, from + BATCH))) commits.set(commit.sha, commit)
    await setImmediate()
  }
}

/** git patch-id of the rebuilt patches, by position. */
export async function rebuiltPatchIds(
  scratch: Scratch,
  patches: readonly Patch[],
  rebuilt: readonly RebuiltPatch[],
): Promise<Map<number, string>> {
  const positions = new Map<string, number>()
  for (const [at, one] of rebuilt.entries())
    if (one.changes.size > 0) positions.set(one.commit, patches[at]?.position ?? 0)
  const ids = new Map<number, string>()
  await inShares([...positions.keys()], async (share) => {
    for await (const { sha, patchId } of scanCommits(scratch, share)) {
      const position = positions.get(sha)
      if (patchId !== null && position !== undefined) ids.set(position, patchId)
    }
  })
  return ids
}

/**
 * Cuts a list into as many pieces as git processes are worth their while, and works on them side by
 * side.
 */
async function inShares(shas: readonly string[], work: (share: readonly string[]) => Promise<void>): Promise<void> {
  const size = Math.ceil(shas.length / PROCESSES)
  const shares = Array.from({ length: size > 0 ? PROCESSES : 0 }, (_, at) => shas.slice(at * size, (at + 1) * size))
  await allOf(shares.map(work))
}
