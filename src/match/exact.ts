/**
 * The exact signals: what ties a patch to an upstream commit beyond doubt about which commit is
 * meant. Pure.
 */
import type { CommitHistory } from '../model/commit-history.ts'
import { isSameSha, type KeyKind, shaKey, textKey } from '../model/commit-keys.ts'
import type { Signal } from '../model/finding.ts'
import type { Commit, IndexedCommit } from '../model/history.ts'
import type { CommitReference, Patch } from '../model/patch.ts'

export type ExactSignal = Exclude<Signal, 'similar' | 'content'>

export interface ExactMatch {
  commit: IndexedCommit
  signals: ExactSignal[]
}

/** The commits of a history, by everything that an exact signal can name; the oldest first. */
export class CommitNames {
  readonly #history: CommitHistory
  readonly #outside: readonly Commit[]
  /** What took each commit back for good; null where nothing did. */
  readonly #takenBackBy = new Map<string, Commit | null>()

  /**
   * `outside`: the commits that patches name and that are not in the history, such as the stable
   * branch's copy that a patch was taken from.
   */
  constructor(history: CommitHistory, outside: readonly Commit[]) {
    this.#history = history
    this.#outside = outside
  }

  /** The commit itself, its cherry-picks, and where it was cherry-picked from. */
  named(sha: string): IndexedCommit[] {
    const copies = this.#outside.filter((commit) => isSameSha(commit.sha, sha))
    return [sha, ...copies.flatMap(({ takenFrom }) => takenFrom)].flatMap((name) => [
      ...this.#find('sha', shaKey(name), (commit) => isSameSha(commit.sha, name)),
      ...this.#find('taken-from', shaKey(name), ({ takenFrom }) => takenFrom.some((one) => isSameSha(one, name))),
    ])
  }

  titled(subject: string): IndexedCommit[] {
    return this.#find('subject', textKey(subject), (commit) => commit.subject === subject)
  }

  withPatchId(patchId: string): IndexedCommit[] {
    return this.#find('patch-id', textKey(patchId), (commit) => commit.patchId === patchId)
  }

  /**
   * The commit that took this one back for good; null where none did, or where that one was taken
   * back in turn.
   */
  revertOf(commit: Commit): Commit | null {
    const reverts = new Map<Commit, IndexedCommit[]>()
    const open = [commit]
    for (let one = open.pop(); one; one = open.pop()) {
      if (reverts.has(one) || this.#takenBackBy.has(one.sha)) continue
      const found = this.#revertsOf(one)
      reverts.set(one, found)
      open.push(...found)
    }
    // Newest first: what took a commit back is younger, and was it taken back itself is known then.
    const newestFirst = [...reverts].sort(([one], [other]) => this.#placeOf(other) - this.#placeOf(one))
    for (const [one, found] of newestFirst)
      this.#takenBackBy.set(one.sha, found.find(({ sha }) => this.#takenBackBy.get(sha) === null) ?? null)
    return this.#takenBackBy.get(commit.sha) ?? null
  }

  /** Those that take a commit back, whether or not they were taken back themselves. */
  #revertsOf(commit: Commit): IndexedCommit[] {
    const named = [commit.sha, ...commit.takenFrom].flatMap((sha) =>
      this.#find('reverts', shaKey(sha), ({ reverts }) => reverts.some((one) => isSameSha(one, sha))),
    )
    const place = this.#placeOf(commit)
    return [...named, ...this.titled(`Revert "${commit.subject}"`)].filter((revert) => this.#placeOf(revert) > place)
  }

  #placeOf({ sha }: Commit): number {
    return this.#history.placeOf(sha) ?? 0
  }

  #find(kind: KeyKind, key: number, isIt: (commit: IndexedCommit) => boolean): IndexedCommit[] {
    const places: number[] = []
    this.#history.find(kind, [key], (_, place) => places.push(place))
    return places
      .sort((one, other) => one - other)
      .map((place) => this.#history.at(place))
      .filter(isIt)
  }
}

/** Every commit of the history that some exact signal ties to the patch, with those signals. */
export function exactCandidates(patch: Patch, patchId: string | null, names: CommitNames): ExactMatch[] {
  const signals = new Map<IndexedCommit, Set<ExactSignal>>()
  const found = (signal: ExactSignal, commits: readonly IndexedCommit[]) => {
    for (const commit of commits) signals.set(commit, (signals.get(commit) ?? new Set()).add(signal))
  }
  for (const reference of patch.header.references) {
    found(signalOf(reference), names.named(reference.sha))
  }
  if (patchId !== null) found('patch-id', names.withPatchId(patchId))
  if (patch.header.subject !== null) found('subject', names.titled(patch.header.subject))
  return [...signals].map(([commit, set]) => ({ commit, signals: [...set] }))
}

function signalOf(reference: CommitReference): ExactSignal {
  return reference.from === 'name' ? 'name' : 'trailer'
}
