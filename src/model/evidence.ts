import type { Signal } from './finding.ts'
import type { Commit } from './history.ts'

/** A commit that may be a patch's, with what its diff has in common with it. */
export interface Candidate {
  commit: Commit
  signals: Signal[]
  /** Share of the patch's changed lines that the commit changes alike, 0..1. */
  coverage: number
  /** How probable it is, by likeness alone, that this is the patch's commit, 0..1. */
  likelihood: number
}
