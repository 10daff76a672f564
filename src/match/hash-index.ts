/** Which commits hold which of some wanted hashes: made in one pass over thousands of commits. Pure. */
import type { IndexedCommit } from '../model/history.ts'

/** As many bits as make it rare that an unwanted hash gets past them: most hashes of a history are unwanted. */
const BITS = 1 << 22

export class HashIndex {
  readonly #postings: Map<number, number[]>

  /** `hashesOf`: a commit's lines, or the sentences of its message. */
  constructor(
    wanted: Iterable<number>,
    commits: readonly IndexedCommit[],
    hashesOf: (commit: IndexedCommit) => Uint32Array,
  ) {
    this.#postings = new Map()
    const seen = new Uint8Array(BITS / 8)
    for (const hash of wanted) {
      this.#postings.set(hash, [])
      const bit = hash % BITS
      seen[bit >> 3] = (seen[bit >> 3] ?? 0) | (1 << (bit & 7))
    }
    for (const [at, commit] of commits.entries()) {
      for (const hash of hashesOf(commit)) {
        const bit = hash % BITS
        if (((seen[bit >> 3] ?? 0) & (1 << (bit & 7))) === 0) continue
        const posting = this.#postings.get(hash)
        if (posting && posting.at(-1) !== at) posting.push(at)
      }
    }
  }

  /** Places of the commits in the list, in its order. */
  commitsWith(hash: number): readonly number[] {
    return this.#postings.get(hash) ?? []
  }
}
