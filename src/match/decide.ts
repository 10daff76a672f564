/** Candidates to a finding: which commit it is, how sure that is, and what the target tree says. Pure. */
import type { Candidate } from '../model/evidence.ts'
import { SIGNALS, type UpstreamCommit, type UpstreamFinding } from '../model/finding.ts'
import type { Commit } from '../model/history.ts'
import type { Claim } from '../model/patch.ts'

/** What is known of one patch. */
export interface PatchFacts {
  candidates: readonly Candidate[]
  /** Share of its changed lines that stand in the target tree, 0..1; null where it has none that could be looked for. */
  survival: number | null
  claims: readonly Claim[]
}

/** What took a commit back for good; null where nothing did. */
export type RevertOf = (commit: Commit) => Commit | null

export function decideFinding(facts: PatchFacts, revertOf: RevertOf): UpstreamFinding {
  const ranked = [...facts.candidates].sort((left, right) => rank(right, revertOf) - rank(left, revertOf))
  const best = ranked[0]
  const survival = facts.survival ?? 0
  const finding: UpstreamFinding = {
    status: 'absent',
    coverage: best?.coverage ?? 0,
    survival,
    confidence: 0,
    commits: ranked.map(toUpstreamCommit),
    revertedBy: null,
    claims: [...facts.claims],
  }
  if (!best) return finding
  const revert = revertOf(best.commit)
  if (revert) return { ...finding, status: 'reverted', confidence: 0.9, revertedBy: revert.sha }
  const confidence = confidenceOf(best, survival)
  return { ...finding, status: isWhole(best, survival) ? 'present' : 'partial', confidence }
}

/**
 * What an exact signal ties to the patch comes before what only looks like it, even if upstream took that back: whether a look-alike is the
 * same change landed again is for a person to say. Then a commit that stands, the same diff, more signals, more of the text.
 */
function rank(candidate: Candidate, revertOf: RevertOf): number {
  const stands = revertOf(candidate.commit) === null ? 100 : 0
  const identical = candidate.signals.includes('patch-id') ? 10 : 0
  const exact = candidate.signals.filter((signal) => signal !== 'similar').length
  return (exact > 0 ? 1000 : 0) + stands + identical + exact + candidate.coverage + candidate.likelihood
}

function confidenceOf(candidate: Candidate, survival: number): number {
  return Math.max(exactConfidence(candidate, survival), likeConfidence(candidate, survival))
}

/**
 * How sure it is that dropping the patch loses nothing. A subject or a sha alone could be a coincidence, or the name of a follow-up fix, so
 * it needs a good part of the text beside it, in the commit or in the target tree. Two that agree need only a trace of it: backports are
 * often reworked until few lines are alike.
 */
function exactConfidence({ signals, coverage }: Candidate, survival: number): number {
  const text = Math.max(coverage, survival)
  const named = signals.includes('name') || signals.includes('trailer')
  const titled = signals.includes('subject')
  if (signals.includes('patch-id')) return named || titled ? 0.99 : 0.97
  if (named && titled) return text >= 0.5 ? 0.98 : text >= 0.15 ? 0.92 : 0.6
  if (named) return text >= 0.9 ? 0.95 : text >= 0.5 ? 0.7 : 0.4
  if (titled) return text >= 0.8 ? 0.96 : text >= 0.5 ? 0.91 : text >= 0.3 ? 0.7 : 0.5
  if (signals.includes('content')) return text >= 0.95 ? 0.93 : 0.5
  return 0
}

/** Words alone are never enough, however alike: some of the text must be in the commit or in the target tree. */
const SOME_TEXT = 0.2

/** From a likelihood of one half on it is sure: see `likelihoodOf`. */
function likeConfidence({ likelihood, coverage }: Candidate, survival: number): number {
  if (likelihood < 0.5 || Math.max(coverage, survival) < SOME_TEXT) return Math.min(0.89, 1.78 * likelihood)
  return 0.9 + 0.18 * (likelihood - 0.5)
}

function isWhole({ signals, coverage }: Candidate, survival: number): boolean {
  const named = signals.includes('name') || signals.includes('trailer')
  return (named && signals.includes('subject')) || Math.max(coverage, survival) >= 0.5
}

function toUpstreamCommit({ commit, signals, coverage }: Candidate): UpstreamCommit {
  return {
    sha: commit.sha,
    subject: commit.subject,
    date: new Date(commit.time * 1000).toISOString(),
    firstTag: null,
    signals: SIGNALS.filter((signal) => signals.includes(signal)),
    coverage,
  }
}
