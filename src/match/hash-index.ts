/**
 * Which commits hold which of some wanted hashes: made in one pass over thousands of commits. Pure.
 */
import type { IndexedCommit } from '../model/history.ts'

/**
 * So many places for marks make it rare that an unwanted hash gets past them: most hashes of a
 * history are unwanted. A power of two.
 */
const MARKS = 1 << 22
const MASK = MARKS - 1

const NONE: readonly number[] = []

export class HashIndex {
  readonly #postings = new Map<number, number[]>()
  readonly #held = new Map<IndexedCommit, number[]>()

  /** `hashesOf`: a commit's lines, or the sentences of its message. */
  constructor(
    wanted: Iterable<number>,
    commits: readonly IndexedCommit[],
    hashesOf: (commit: IndexedCommit) => Uint32Array,
  ) {
    const isWanted = new Set(wanted)
    const marks = new Uint8Array(MARKS)
    for (const hash of isWanted) marks[hash & MASK] = 1
    for (const [at, commit] of commits.entries()) {
      const held: number[] = []
      for (const hash of hashesOf(commit)) {
        if (marks[hash & MASK] !== 1 || !isWanted.has(hash)) continue
        held.push(hash)
        this.#post(hash, at)
      }
      if (held.length > 0) this.#held.set(commit, held)
    }
  }

  /** Places of the commits in the list, in its order. */
  commitsWith(hash: number): readonly number[] {
    return this.#postings.get(hash) ?? NONE
  }

  /** The wanted hashes that a commit has, as often as it has them. */
  heldBy(commit: IndexedCommit): readonly number[] {
    return this.#held.get(commit) ?? NONE
  }

  #post(hash: number, at: number): void {
    const posting = this.#postings.get(hash)
    if (!posting) this.#postings.set(hash, [at])
    else if (posting.at(-1) !== at) posting.push(at)
  }
}
