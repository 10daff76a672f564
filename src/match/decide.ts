/** Candidates to a finding: which commit it is, how sure that is, and what the target tree says. Pure. */
import type { Candidate } from '../model/evidence.ts'
import {
  type HunkProof,
  SIGNALS,
  type Signal,
  SURE,
  type UpstreamCommit,
  type UpstreamFinding,
} from '../model/finding.ts'
import type { Commit } from '../model/history.ts'
import type { Claim } from '../model/patch.ts'
import { type StandingHunk, survivalOf } from './proof.ts'

/** What is known of one patch. */
export interface PatchFacts {
  candidates: readonly Candidate[]
  /** What of it stands in the target tree; none where it has no text. */
  hunks: readonly StandingHunk[]
  claims: readonly Claim[]
  /** Whether the candidates may do the same in other lines: that the text from before the patch stands says nothing then. */
  isReworded?: boolean
}

/** What the history is asked about a commit, or a hunk. */
export interface HistoryAnswers {
  /** What took a commit back for good, in so many words; null where nothing did. */
  revertOf: (commit: Commit) => Commit | null
  /** What took the patch's own lines out again after a commit brought them; null where nothing did. */
  undoOf: (commit: Commit) => Commit | null
  /** The commits that brought what stands of a hunk, most lines first. */
  broughtBy: (hunk: StandingHunk) => string[]
}

export function decideFinding(facts: PatchFacts, history: HistoryAnswers): UpstreamFinding {
  const { revertOf, undoOf, broughtBy } = history
  const ranked = [...facts.candidates].sort((left, right) => rank(right, revertOf) - rank(left, revertOf))
  const best = ranked[0]
  const survival = survivalOf(facts.hunks)
  const finding: UpstreamFinding = {
    status: 'absent',
    coverage: best?.coverage ?? 0,
    survival,
    confidence: 0,
    commits: commitsOf(ranked),
    parts: best?.parts.length ?? 0,
    hunks: [],
    revertedBy: null,
    claims: [...facts.claims],
  }
  const commit = best?.parts[0]?.commit
  if (best || survival >= STANDS) finding.hunks = facts.hunks.map((hunk) => toProof(hunk, broughtBy))
  if (!best || !commit) return finding
  const revert = revertOf(commit)
  if (revert) return { ...finding, status: 'reverted', confidence: 0.9, revertedBy: revert.sha }
  const confidence = confidenceOf(best, survival)
  // Nothing names the commit, and the target has the text from before the patch all over: it has not landed.
  if (confidence < SURE && best.signals.join() === 'similar' && !facts.isReworded && isUndone(facts.hunks))
    return { ...finding, coverage: 0, commits: [], parts: 0, hunks: [] }
  if (confidence >= SURE && isUndone(facts.hunks)) {
    const undo = undoOf(commit)
    return { ...finding, status: 'reverted', confidence: undo ? 0.9 : 0.6, revertedBy: undo?.sha ?? null }
  }
  const whole = isWhole(best, survival) && missingFrom(best, facts.hunks) < MISSING
  return { ...finding, status: whole ? 'present' : 'partial', confidence }
}

/** So much of a patch must stand for its hunks to be worth showing where no commit is like it. */
const STANDS = 0.75

/** Where so much of a patch is in no commit and not in the target, to drop it would lose that. */
const MISSING = 0.2

/**
 * Share of the patch's lines, 0..1, that the commits do not have, in hunks for which the target has the text from before them; and in those of
 * which no added line stands, unless the commit is named as the patch's own: backports are reworked, patches of one subject split.
 */
function missingFrom({ coverage, signals }: Candidate, hunks: readonly StandingHunk[]): number {
  const sizeOf = (some: readonly StandingHunk[]) => some.reduce((sum, { total }) => sum + total, 0)
  const isNamed = signals.some((signal) => signal !== 'similar' && signal !== 'subject')
  const absent = hunks.filter(
    ({ state, at, added, standing }) =>
      (state === 'absent' && at !== null) || (!isNamed && added > 0 && standing.every(({ sign }) => sign === '-')),
  )
  return Math.min(1 - coverage, sizeOf(absent) / Math.max(1, sizeOf(hunks)))
}

/** A commit that landed, while the target has the text from before it all over: taken back without a word. */
function isUndone(hunks: readonly StandingHunk[]): boolean {
  return hunks.length > 0 && hunks.every((hunk) => hunk.state === 'absent' && hunk.at !== null)
}

/** Each commit once, those of the best candidate first. */
function commitsOf(candidates: readonly Candidate[]): UpstreamCommit[] {
  const commits = new Map<string, UpstreamCommit>()
  for (const { parts, signals } of candidates)
    for (const { commit, coverage } of parts)
      if (!commits.has(commit.sha)) commits.set(commit.sha, toUpstreamCommit(commit, coverage, signals))
  return [...commits.values()]
}

function toProof(hunk: StandingHunk, broughtBy: HistoryAnswers['broughtBy']): HunkProof {
  const { path, hunk: number, state, survival, at } = hunk
  return { path, hunk: number, state, survival, at, broughtBy: broughtBy(hunk) }
}

/**
 * What an exact signal ties to the patch comes before what only looks like it, even if upstream took that back: whether a look-alike is the
 * same change landed again is for a person to say. Then a commit that stands, the same diff, more signals, more of the text.
 */
function rank(candidate: Candidate, revertOf: HistoryAnswers['revertOf']): number {
  const stands = candidate.parts.every(({ commit }) => revertOf(commit) === null) ? 100 : 0
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

function toUpstreamCommit(commit: Commit, coverage: number, signals: readonly Signal[]): UpstreamCommit {
  return {
    sha: commit.sha,
    subject: commit.subject,
    date: new Date(commit.time * 1000).toISOString(),
    firstTag: null,
    signals: SIGNALS.filter((signal) => signals.includes(signal)),
    coverage,
  }
}
