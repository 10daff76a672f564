/**
 * The exact signals: what ties a patch to an upstream commit beyond doubt about which commit is
 * meant. Pure.
 */
import type { Signal } from '../model/finding.ts'
import type { Commit, CommitHistory, IndexedCommit } from '../model/history.ts'
import type { CommitReference, Patch } from '../model/patch.ts'

export type ExactSignal = Exclude<Signal, 'similar' | 'content'>

export interface ExactMatch {
  commit: IndexedCommit
  signals: ExactSignal[]
}

/** The commits of the history, by everything that an exact signal can name. */
export interface CommitIndex {
  byPrefix: ShaIndex
  byTakenFrom: ShaIndex
  bySubject: Map<string, IndexedCommit[]>
  byPatchId: Map<string, IndexedCommit[]>
  byReverted: ShaIndex
  /** What took each commit back for good; null where nothing did. */
  takenBackBy: Map<string, Commit | null>
  /**
   * The commits that patches name and that are not in the history, such as the stable branch's copy
   * that a patch was taken from.
   */
  outside: ShaIndex<Commit>
  /** Place of each commit in the history, oldest first. */
  order: Map<string, number>
}

/** Commits under the first seven digits of a sha, the shortest that anybody writes. */
type ShaIndex<One = IndexedCommit> = Map<string, { sha: string; commit: One }[]>
const SHORTEST = 7

export function indexHistory(history: CommitHistory, outside: readonly Commit[]): CommitIndex {
  const index: CommitIndex = {
    byPrefix: new Map(),
    byTakenFrom: new Map(),
    bySubject: new Map(),
    byPatchId: new Map(),
    byReverted: new Map(),
    takenBackBy: new Map(),
    outside: new Map(),
    order: new Map(history.commits.map((commit, at) => [commit.sha, at])),
  }
  for (const commit of outside) addSha(index.outside, commit.sha, commit)
  for (const commit of history.commits) {
    addSha(index.byPrefix, commit.sha, commit)
    for (const sha of commit.takenFrom) addSha(index.byTakenFrom, sha, commit)
    for (const sha of commit.reverts) addSha(index.byReverted, sha, commit)
    add(index.bySubject, commit.subject, commit)
    if (commit.patchId !== null) add(index.byPatchId, commit.patchId, commit)
  }
  // Newest first: what took a commit back is younger, and was it taken back itself is known by
  // then.
  for (const commit of history.commits.toReversed()) index.takenBackBy.set(commit.sha, lastingRevert(commit, index))
  return index
}

function add<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const values = map.get(key)
  if (values) values.push(value)
  else map.set(key, [value])
}

function addSha<One>(index: ShaIndex<One>, sha: string, commit: One): void {
  add(index, sha.slice(0, SHORTEST), { sha, commit })
}

/** The commits filed under a sha; either of the two may be abbreviated. */
function lookUp<One>(index: ShaIndex<One>, sha: string): One[] {
  const filed = index.get(sha.slice(0, SHORTEST)) ?? []
  return filed.filter((entry) => entry.sha.startsWith(sha) || sha.startsWith(entry.sha)).map((entry) => entry.commit)
}

/** Every commit of the history that some exact signal ties to the patch, with those signals. */
export function exactCandidates(patch: Patch, patchId: string | null, index: CommitIndex): ExactMatch[] {
  const signals = new Map<IndexedCommit, Set<ExactSignal>>()
  const found = (signal: ExactSignal, commits: readonly IndexedCommit[]) => {
    for (const commit of commits) signals.set(commit, (signals.get(commit) ?? new Set()).add(signal))
  }
  for (const reference of patch.header.references) {
    found(signalOf(reference), commitsNamed(reference.sha, index))
  }
  if (patchId !== null) found('patch-id', index.byPatchId.get(patchId) ?? [])
  if (patch.header.subject !== null) found('subject', index.bySubject.get(patch.header.subject) ?? [])
  return [...signals].map(([commit, set]) => ({ commit, signals: [...set] }))
}

function signalOf(reference: CommitReference): ExactSignal {
  return reference.from === 'name' ? 'name' : 'trailer'
}

/** The commit itself, its cherry-picks, and where it was cherry-picked from. */
function commitsNamed(sha: string, index: CommitIndex): IndexedCommit[] {
  const origins = lookUp(index.outside, sha).flatMap((commit) => commit.takenFrom)
  return [sha, ...origins].flatMap((name) => [...lookUp(index.byPrefix, name), ...lookUp(index.byTakenFrom, name)])
}

/**
 * The commit that took this one back for good; null where none did, or where that one was taken
 * back in turn.
 */
export function revertOf(commit: Commit, index: CommitIndex): Commit | null {
  return index.takenBackBy.has(commit.sha) ? (index.takenBackBy.get(commit.sha) ?? null) : lastingRevert(commit, index)
}

function lastingRevert(commit: Commit, index: CommitIndex): Commit | null {
  const names = [commit.sha, ...commit.takenFrom]
  const reverts = [
    ...names.flatMap((sha) => lookUp(index.byReverted, sha)),
    ...(index.bySubject.get(`Revert "${commit.subject}"`) ?? []),
  ]
  const stands = (revert: Commit) => (index.takenBackBy.get(revert.sha) ?? null) === null
  return reverts.find((revert) => isAfter(revert, commit, index) && stands(revert)) ?? null
}

function isAfter(later: Commit, earlier: Commit, index: CommitIndex): boolean {
  return (index.order.get(later.sha) ?? 0) > (index.order.get(earlier.sha) ?? 0)
}
