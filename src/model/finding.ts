import type { ChangeFate } from './fate.ts'
import type { Claim } from './patch.ts'

/**
 * What tied a patch to an upstream commit. `trailer`: the patch's header names the commit, or the
 * commit's message names the one that the patch was taken from. `name`: the patch's file name holds
 * its sha. `patch-id`: git patch-id --stable of the rebuilt commit is the same. `subject`: the same
 * subject, to the letter. `similar`: alike in lines and words. `content`: found by its lines in the
 * target tree.
 */
export const SIGNALS = ['trailer', 'name', 'patch-id', 'subject', 'similar', 'content'] as const
export type Signal = (typeof SIGNALS)[number]

export interface UpstreamCommit {
  sha: string
  subject: string
  /** Committer date, ISO 8601 in UTC. */
  date: string
  /** The first release tag that holds it; null where none does yet. */
  firstTag: string | null
  signals: Signal[]
  /** Share of the patch's changed lines that the commit changes alike, 0..1. */
  coverage: number
}

export interface UpstreamFinding {
  /**
   * `present`: all of it may go. `partial`: some of it stands. `reverted`: it landed, and upstream
   * took it back.
   */
  status: 'absent' | 'present' | 'partial' | 'reverted'
  /** Share of the patch's changed lines that the commits hold, 0..1. */
  coverage: number
  /**
   * Share of the patch's changed lines that stand in the target tree, 0..1; upstream may have
   * rewritten the rest since.
   */
  survival: number
  /**
   * How sure it is that the commits named are the patch's, 0..1. It never decides whether the patch
   * may go: the fates do.
   */
  confidence: number
  /** Best first. */
  commits: UpstreamCommit[]
  /**
   * How many of `commits`, from the first, make the answer together: more than one where upstream
   * split the change; 0 without any.
   */
  parts: number
  /** What became of every change of the patch. */
  fates: ChangeFate[]
  /** What a person must tell; null where nothing is open. */
  question: Question | null
  /** The upstream commit that took it back. */
  revertedBy: string | null
  claims: Claim[]
}

/**
 * `fates`: what became of some change is not known, and nothing else remains. `alike`: a commit
 * resembles the patch, or does the same in other words. `taken-back`: it landed, and upstream took
 * it back: for a reason that may hold here, too. `cut`: the clone is shallow, and what is behind
 * its cut was not looked at. `needless`: a commit in the patch's way may be upstream's own way of
 * doing the same.
 */
export interface Question {
  kind: 'fates' | 'alike' | 'taken-back' | 'cut' | 'needless'
  /** The commit that it is about, or at which the history is cut; null where none is known. */
  sha: string | null
}

/** Whether the patch is in the target, so that it is taken out before the rest is carried over. */
export function isSure(finding: UpstreamFinding): boolean {
  return finding.status === 'present'
}
