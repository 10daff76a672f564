/**
 * From what exact signals name and what looks alike to the candidates that a finding is decided
 * from. Pure.
 */
import type { Candidate } from '../model/evidence.ts'
import type { IndexedCommit } from '../model/history.ts'
import { type ChangedLines, containment, countHashes } from '../patch/lines.ts'
import type { ExactMatch } from './exact.ts'
import { type Likeness, likelihoodOf } from './likeness.ts'

/** Below this it is not worth a look. */
const WORTH_A_LOOK = 0.03
/**
 * A commit that has hardly a line of the patch needs more than this to speak for it: trailers of
 * files and hot lines are alike everywhere.
 */
const ELSE_ALIKE = 0.3
const HARDLY = 0.1
/** So many look-alikes are shown beside what exact signals found. */
const MAX_SIMILAR = 3

/** What exact signals found, and the few most likely others. */
export function joinCandidates(
  exact: readonly ExactMatch[],
  alike: readonly Likeness[],
  lines: ChangedLines,
): Candidate[] {
  const count = [...lines.values()].reduce((sum, times) => sum + times, 0)
  const likely = alike
    .map((likeness) => ({ likeness, likelihood: likelihoodOf(likeness, count) }))
    .filter(({ likeness, likelihood }) => likelihood >= (likeness.coverage < HARDLY ? ELSE_ALIKE : WORTH_A_LOOK))
    .sort((left, right) => right.likelihood - left.likelihood)
  const named = exact.map(({ commit, signals }): Candidate => {
    const found = likely.find(({ likeness }) => likeness.commits.length === 1 && likeness.commits[0] === commit)
    const candidate = signals.includes('patch-id') ? identical(commit) : toCandidate([commit], lines)
    return found
      ? { ...candidate, signals: [...signals, 'similar'], likelihood: found.likelihood }
      : { ...candidate, signals }
  })
  const isNamed = ({ commits }: Likeness) => commits.length === 1 && exact.some(({ commit }) => commit === commits[0])
  const others = likely
    .filter(({ likeness }) => !isNamed(likeness))
    .slice(0, MAX_SIMILAR)
    .map(({ likeness, likelihood }): Candidate => {
      return { ...toCandidate(likeness.commits, lines), signals: ['similar'], likelihood }
    })
  return [...named, ...others]
}

/**
 * A commit of the same patch-id is the same diff, also where it is of lines that only moved, which
 * the index leaves out.
 */
function identical(commit: IndexedCommit): Candidate {
  return { parts: [{ commit, coverage: 1 }], signals: [], coverage: 1, likelihood: 0 }
}

/** One commit, or several as one, with what they share with the patch. */
export function toCandidate(commits: readonly IndexedCommit[], lines: ChangedLines): Candidate {
  const hashes = commits.flatMap((commit) => [...commit.lines])
  return {
    parts: commits.map((commit) => ({ commit, coverage: containment(lines, countHashes(commit.lines)) })),
    signals: [],
    coverage: containment(lines, countHashes(hashes)),
    likelihood: 0,
  }
}
