/** Which commits hold which of some wanted keys: asked once, and remembered. */
import type { CommitHistory } from '../model/commit-history.ts'
import type { KeyKind } from '../model/commit-keys.ts'
import type { IndexedCommit } from '../model/history.ts'

const NONE: readonly number[] = []

export class HashIndex {
  readonly #postings = new Map<number, number[]>()
  readonly #held = new Map<IndexedCommit, readonly number[]>()

  constructor(wanted: Iterable<number>, history: CommitHistory, kind: KeyKind) {
    history.find(kind, wanted, (key, place) => {
      const posting = this.#postings.get(key)
      if (posting) posting.push(place)
      else this.#postings.set(key, [place])
    })
    for (const posting of this.#postings.values()) posting.sort((one, other) => one - other)
  }

  /** Places of the commits in the history, in its order. */
  commitsWith(key: number): readonly number[] {
    return this.#postings.get(key) ?? NONE
  }

  /** The wanted lines that a commit has, as often as it has them, where lines are wanted. */
  heldBy(commit: IndexedCommit): readonly number[] {
    const known = this.#held.get(commit)
    if (known) return known
    const held: number[] = []
    for (const line of commit.lines) if (this.#postings.has(line)) held.push(line)
    this.#held.set(commit, held)
    return held
  }
}
