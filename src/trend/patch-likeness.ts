/** How alike the patches of a queue's life are, by their changed lines. Pure. */
import type { PatchFacts } from '../model/life.ts'

/**
 * So alike must two patches be for one to be the other under a new name: twice what they share, by
 * what they have.
 */
export const SAME = 0.5
/** The same with a subject in common. */
const SAME_SUBJECT = 0.2
/** So much of a patch must be in another for it to have gone into it. */
export const INSIDE = 0.8

/** Compares patches by their changed lines. */
export class PatchLikeness {
  readonly #facts: ReadonlyMap<string, PatchFacts>
  /** The lines of the patches that were compared, in order. */
  readonly #ordered = new Map<string, Uint32Array>()

  constructor(facts: ReadonlyMap<string, PatchFacts>) {
    this.#facts = facts
  }

  /**
   * Dice's coefficient of the two, 0..1, which may be told as 0 below what counts as the same; lifted
   * to that where their subjects agree and the lines do not contradict it.
   */
  of(one: { digest: string | null }, other: { digest: string | null }): number {
    if (one.digest === null || other.digest === null) return 0
    if (one.digest === other.digest) return 1
    const [left, right] = [this.#facts.get(one.digest), this.#facts.get(other.digest)]
    if (!left || !right || left.lines.length + right.lines.length === 0) return 0
    const isTitledAlike = left.subject !== null && left.subject === right.subject
    const lines = left.lines.length + right.lines.length
    const least = ((isTitledAlike ? SAME_SUBJECT : SAME) * lines) / 2
    const alike = (2 * this.#shared(one.digest, other.digest, least)) / lines
    return isTitledAlike && alike >= SAME_SUBJECT ? Math.max(alike, SAME) : alike
  }

  /** Share of the first's lines that the second has, 0..1; it may be told as 0 where it is too little. */
  inside(part: { digest: string | null }, whole: { digest: string | null }): number {
    const size = this.#facts.get(part.digest ?? '')?.lines.length ?? 0
    return size === 0 || whole.digest === null ? 0 : this.#shared(part.digest ?? '', whole.digest, size * INSIDE) / size
  }

  /**
   * How many lines two patches have in common, each as often as both have it; 0 where that is less
   * than `least`, which is seen soon.
   */
  #shared(one: string, other: string, least: number): number {
    const [left, right] = [this.#orderedLines(one), this.#orderedLines(other)]
    let [shared, mine, theirs] = [0, 0, 0]
    const enough = Math.floor(least)
    while (mine < left.length && theirs < right.length) {
      if (shared + Math.min(left.length - mine, right.length - theirs) < enough) return 0
      const difference = (left[mine] ?? 0) - (right[theirs] ?? 0)
      if (difference === 0) shared++
      if (difference <= 0) mine++
      if (difference >= 0) theirs++
    }
    return shared
  }

  #orderedLines(digest: string): Uint32Array {
    const known = this.#ordered.get(digest)
    if (known) return known
    const ordered = Uint32Array.from(this.#facts.get(digest)?.lines ?? []).sort()
    this.#ordered.set(digest, ordered)
    return ordered
  }
}
