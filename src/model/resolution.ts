import type { ByteString } from './bytes.ts'

/** The three sides of a merge, of a file or a conflict hunk: lines with their line ends. */
export interface MergeSides {
  base: readonly ByteString[]
  /** As the target has it. */
  ours: readonly ByteString[]
  /** As the patch wants it. */
  theirs: readonly ByteString[]
}

/** How a person resolved one conflict hunk, kept for the next time that it comes. */
export interface Resolution {
  /** `base` is null where it is not known; then which side is whose is not known either. */
  sides: Omit<MergeSides, 'base'> & { base: MergeSides['base'] | null }
  resolved: readonly ByteString[]
  /** Lines of the target around the hunk, at most a few: they tell a reader where it is. */
  around: { before: readonly ByteString[]; after: readonly ByteString[] }
  /** Which hunk it is of all that the file had, from 1; `id` is the same for all of them. */
  conflict: { id: string; hunk: number; hunks: number }
  lineage: Lineage
}

/** Where a resolution comes from. Each text is one line. */
export interface Lineage {
  /** The patch's name and subject. */
  patch: ByteString
  subject: ByteString
  /** The file in the target. */
  path: ByteString
  /** The upstream commits that broke the patch there: id and subject. */
  culprits: readonly ByteString[]
  person: ByteString
  /** Whole minutes that it took; null where nobody said. */
  minutes: number | null
  /** How it was made: "by hand", the reasons of a suggestion that was taken, "git rerere". */
  technique: ByteString
}

/** Who vouches for a resolution. */
export const RESOLUTION_ORIGINS = [
  // Made on this machine, for this queue.
  'own',
  // It came with the queue.
  'queue',
  // Made on this machine, for another queue.
  'sister',
] as const
export type ResolutionOrigin = (typeof RESOLUTION_ORIGINS)[number]

/** A resolution, and where it is from. */
export interface KnownResolution {
  resolution: Resolution
  origin: ResolutionOrigin
  /** The name of its file. */
  file: string
}

/** What a conflict hunk has in common with one that was resolved before, the most first. */
export const RECALLS = [
  // All three sides.
  'same-sides',
  // The base and the patch's side: what upstream did differs.
  'same-change',
  // The two sides that conflict; of the base nothing is known.
  'same-conflict',
  // The patch: what was done to the target then applies strictly now.
  'same-patch',
] as const
export type Recall = (typeof RECALLS)[number]

/** A resolution that a suggestion takes up. */
export interface Recollection {
  how: Recall
  origin: ResolutionOrigin
  /** The name of its file. */
  file: string
}
