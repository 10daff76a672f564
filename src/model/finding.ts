import type { Claim } from './patch.ts'

/**
 * What tied a patch to an upstream commit.
 * `trailer`: the patch's header names the commit, or the commit's message names the one that the patch was taken from.
 * `name`: the patch's file name holds its sha. `patch-id`: git patch-id --stable of the rebuilt commit is the same.
 * `subject`: the same subject, to the letter. `similar`: alike in lines and words. `content`: found by its lines in the target tree.
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
  status: 'absent' | 'present' | 'partial' | 'reverted'
  /** Share of the patch's changed lines that the commits hold, 0..1. */
  coverage: number
  /** Share of the patch's changed lines that stand in the target tree, 0..1; upstream may have rewritten the rest since. */
  survival: number
  /** 0..1; from .9 on it is safe to drop the patch, below that a person is asked. */
  confidence: number
  /** Best first. */
  commits: UpstreamCommit[]
  /** The upstream commit that took it back. */
  revertedBy: string | null
  claims: Claim[]
}

/** From this confidence on, a finding takes the patch out. */
export const SURE = 0.9

export function isSure(finding: UpstreamFinding): boolean {
  return finding.status === 'present' && finding.confidence >= SURE
}
