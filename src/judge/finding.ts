/**
 * Fates and tied commits to a finding: is the patch upstream, as what, and what must a person tell?
 * Pure.
 */
import type { Candidate } from '../model/evidence.ts'
import type { ChangeFate } from '../model/fate.ts'
import { type Question, SIGNALS, type Signal, type UpstreamCommit, type UpstreamFinding } from '../model/finding.ts'
import type { Commit } from '../model/history.ts'
import type { Claim } from '../model/patch.ts'
import { mayGo } from './fates.ts'
import { LIKELY } from './policy.ts'

/** What is known of one patch. */
export interface FindingFacts {
  fates: readonly ChangeFate[]
  /** The commits that may be the patch's own, in no order. */
  candidates: readonly Candidate[]
  /** Commits that brought what stands and that nothing else ties to the patch, most first. */
  bringers: readonly Candidate[]
  claims: readonly Claim[]
  /** What is asked of a person where nothing of the patch stands. */
  question: Question | null
}

/** What took a commit back for good, in so many words; null where nothing did. */
export type RevertOf = (commit: Commit) => Commit | null

export function decideFinding(facts: FindingFacts, revertOf: RevertOf): UpstreamFinding {
  const { fates, claims } = facts
  const ranked = [...facts.candidates].sort((one, other) => rank(other, facts, revertOf) - rank(one, facts, revertOf))
  const standing = fates.some(({ fate }) => LANDED.has(fate))
  const isOpen = fates.some(({ fate }) => fate === 'not-known') && !fates.some(({ fate }) => fate === 'remains')
  const named = namedOf(facts, ranked, { standing, isOpen })
  const best = named[0]
  const finding = {
    ...{ coverage: best?.coverage ?? 0, survival: survivalOf(fates), confidence: 0, commits: commitsOf(named) },
    ...{ parts: best?.parts.length ?? 0, fates: [...fates], question: null, revertedBy: null, claims: [...claims] },
  }
  if (standing && mayGo(fates)) return { ...finding, status: 'present', confidence: confidenceOf(best) }
  const question: Question | null = isOpen ? { kind: 'fates', sha: best?.parts[0]?.commit.sha ?? null } : null
  if (standing) return { ...finding, status: 'partial', confidence: confidenceOf(best), question }
  const taken = takenBack(facts, ranked, revertOf)
  if (taken) {
    const back: Question = { kind: 'taken-back', sha: taken.revertedBy }
    return { ...finding, status: 'reverted', confidence: confidenceOf(best), question: back, ...taken }
  }
  if (question || facts.question)
    return { ...finding, status: 'absent', confidence: questionable(best), question: question ?? facts.question }
  return { ...finding, status: 'absent', coverage: 0, commits: [], parts: 0 }
}

/**
 * The same where merging the patch leaves the target as it is: a merge aligns what was there before
 * with what is there now, and sees a line that the diff's own hunks take for a new one.
 */
export function provenByMerge(finding: UpstreamFinding): UpstreamFinding {
  const fates = finding.fates.map((one): ChangeFate => {
    return one.fate === 'remains' || one.fate === 'not-known' ? { ...one, fate: 'landed' } : one
  })
  return { ...finding, status: 'present', fates, question: null, revertedBy: null }
}

/**
 * The commits that a finding names, best first. Lines that stand tell who brought them; of a patch
 * that is there in part, and the rest of which remains, that says nothing of what it is, and no
 * more does a mere resemblance.
 */
function namedOf(
  { fates, bringers }: FindingFacts,
  ranked: readonly Candidate[],
  { standing, isOpen }: { standing: boolean; isOpen: boolean },
): readonly Candidate[] {
  if (!standing || isOpen) return ranked
  if (mayGo(fates)) return [...ranked, ...bringers]
  const isBy = ({ parts }: Candidate) => fates.some(({ by }) => parts.some(({ commit }) => commit.sha === by))
  return ranked.filter(
    (one) => one.likelihood >= LIKELY || one.signals.some((signal) => signal !== 'similar') || isBy(one),
  )
}

/** Fates of what is, or was, in the target since it landed. */
const LANDED: ReadonlySet<ChangeFate['fate']> = new Set([
  'landed',
  'landed-elsewhere',
  'rewritten-since',
  'in-the-base-already',
])

/** The commit that landed and of which nothing stands, and who took it back. */
function takenBack(
  { fates }: FindingFacts,
  ranked: readonly Candidate[],
  revertOf: RevertOf,
): Pick<UpstreamFinding, 'revertedBy'> | null {
  const [gone] = fates.filter(({ fate, by }) => fate === 'remains' && by !== null)
  if (gone) return { revertedBy: gone.changedBy }
  const exact = ranked.find(({ signals }) => signals.some((signal) => signal !== 'similar'))
  const commit = exact?.parts[0]?.commit
  const revert = commit ? revertOf(commit) : null
  return revert ? { revertedBy: revert.sha } : null
}

/** Share, 0..1, of the changed lines that stand. */
function survivalOf(fates: readonly ChangeFate[]): number {
  const total = fates.reduce((sum, { lines }) => sum + lines, 0)
  return total === 0 ? 0 : fates.reduce((sum, { standing }) => sum + standing, 0) / total
}

/** Each commit once, those of the best candidate first. */
function commitsOf(candidates: readonly Candidate[]): UpstreamCommit[] {
  const commits = new Map<string, UpstreamCommit>()
  for (const { parts, signals } of candidates)
    for (const { commit, coverage } of parts)
      if (!commits.has(commit.sha)) commits.set(commit.sha, toUpstreamCommit(commit, coverage, signals))
  return [...commits.values()]
}

/**
 * What an exact signal ties to the patch comes first, even if upstream took that back: whether a
 * look-alike is the same change landed again is for a person to say. Then who brought what stands,
 * a commit that was not taken back, the same diff, more signals, more of the text.
 */
function rank(candidate: Candidate, { fates }: FindingFacts, revertOf: RevertOf): number {
  const brought = fates.filter(({ by }) => candidate.parts.some(({ commit }) => commit.sha === by)).length
  const stands = candidate.parts.every(({ commit }) => revertOf(commit) === null) ? 100 : 0
  const identical = candidate.signals.includes('patch-id') ? 10 : 0
  const exact = candidate.signals.filter((signal) => signal !== 'similar').length
  const base = (exact > 0 ? 1e6 : 0) + stands + identical + exact
  return base + 1000 * brought + candidate.coverage + candidate.likelihood
}

/** How sure it is that a commit is the patch's own, by what ties the two. */
function confidenceOf(candidate: Candidate | undefined): number {
  if (!candidate) return 0.9
  const { signals, likelihood } = candidate
  const isNamed = signals.includes('name') || signals.includes('trailer')
  const exact = [isNamed, signals.includes('subject'), signals.includes('patch-id')].filter((one) => one).length
  if (exact > 0) return exact > 1 ? 0.99 : 0.96
  return signals.includes('content') ? 0.93 : Math.min(0.98, 0.8 + 0.2 * likelihood)
}

/** Below what a drop would have, whatever ties the two. */
function questionable(candidate: Candidate | undefined): number {
  return Math.min(0.89, Math.max(0.1, candidate ? 1.78 * candidate.likelihood : 0), confidenceOf(candidate))
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
