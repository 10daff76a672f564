import type { Commit } from './history.ts'

/** A commit that an exact signal ties to a patch, with what its diff has in common with it. */
export interface Candidate {
  commit: Commit
  signals: ('trailer' | 'name' | 'patch-id' | 'subject' | 'content')[]
  /** Share of the patch's changed lines that the commit changes alike, 0..1. */
  coverage: number
}
