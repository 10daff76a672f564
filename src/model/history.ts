import type { ByteString } from './bytes.ts'

/** An upstream commit, as far as its message goes. */
export interface Commit {
  sha: string
  parents: string[]
  /** First line of the message, with single blanks. */
  subject: string
  /** "Name <mail>". */
  author: string
  /** Committer time, seconds since 1970. */
  time: number
  /**
   * The commits that this one says it was taken from (cherry-pick trailers), as written, 7 to 40
   * digits.
   */
  takenFrom: string[]
  /** The commits that it says it reverts, as written. */
  reverts: string[]
}

/** ECMA-262, 21.4.1.1: no date is later, in seconds. */
const LATEST = 8.64e12

/** A commit's time, which git takes from whoever made the commit. */
export function toTime(seconds: string): number {
  const time = Number(seconds)
  return Number.isNaN(time) ? 0 : Math.min(Math.max(time, -LATEST), LATEST)
}

/** A commit with what its diff holds. */
export interface IndexedCommit extends Commit {
  /** git patch-id --stable; null for a commit without changes of its own. */
  patchId: string | null
  paths: ByteString[]
  /** Its changed lines, see `hashLine`, in the order of the diff. */
  lines: Uint32Array
  /** The words that it brings, see `NetWords`. */
  words: Uint32Array
  /** The sentences of its message, see `hashMessage`. */
  message: Uint32Array
}

/**
 * A line of the target's file, and the commit that brought it; null for one that is older than the
 * base.
 */
export interface BlamedLine {
  sha: string | null
  text: ByteString
}
