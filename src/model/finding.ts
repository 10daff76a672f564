import type { ByteString } from './bytes.ts'
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

/**
 * What stands of a hunk in the target tree. `verbatim`: all it adds, where and as it says, blanks at the ends of lines aside. `moved`: all it
 * adds, in one piece, among other lines. `rewritten`: part of it, or neither it nor what it replaces. `absent`: the text from before it.
 */
export const HUNK_STATES = ['verbatim', 'moved', 'rewritten', 'absent'] as const
export type HunkState = (typeof HUNK_STATES)[number]

/** One hunk of a patch, held against the target tree. */
export interface HunkProof {
  /** As the patch names the file after its change. */
  path: ByteString
  /** Number of the hunk among those of its file, from 1. */
  hunk: number
  state: HunkState
  /** Share of its changed lines that stand, 0..1. */
  survival: number
  /** Where in the target it stands: a line from 1; null where nothing was found. */
  at: { path: ByteString; line: number } | null
  /** The commits of the range that brought the lines that stand, most lines first. */
  broughtBy: string[]
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
  /** How many of `commits`, from the first, make the answer together: more than one where upstream split the change; 0 without any. */
  parts: number
  /** What of it was found in the target tree, hunk by hunk; none for a patch that no commit is like. */
  hunks: HunkProof[]
  /** The upstream commit that took it back. */
  revertedBy: string | null
  claims: Claim[]
}

/** From this confidence on, a finding takes the patch out. */
export const SURE = 0.9

export function isSure(finding: UpstreamFinding): boolean {
  return finding.status === 'present' && finding.confidence >= SURE
}
