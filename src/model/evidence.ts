import type { Signal } from './finding.ts'
import type { Commit } from './history.ts'

/**
 * A commit that may be a patch's, or several that may be its parts, with what their diffs have in
 * common with it.
 */
export interface Candidate {
  /**
   * One, or several, best first; each with the share of the patch's changed lines that it changes
   * alike, 0..1.
   */
  parts: { commit: Commit; coverage: number }[]
  signals: Signal[]
  /** The same share for all of them together. */
  coverage: number
  /** How probable it is, by likeness alone, that this is where the patch went, 0..1. */
  likelihood: number
}
