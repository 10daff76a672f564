/** Claims against findings: a claim is what somebody wrote, and holds only where upstream bears it out. */
import type { AuditedClaim, ClaimedCommit, CommitPlace } from '../model/audit.ts'
import { isSameSha } from '../model/commit-keys.ts'
import type { UpstreamFinding } from '../model/finding.ts'
import type { Claim, Patch } from '../model/patch.ts'
import { compareVersions, toVersion } from '../model/version.ts'
import { type Comparison, compareTexts, isSameChange } from './same-change.ts'

/** What is known for the claims of one patch. */
export interface ClaimFacts {
  patch: Patch
  finding: UpstreamFinding
  /** By the names as they are written. */
  commits: ReadonlyMap<string, ClaimedCommit>
  /** What came after the target as the same change, whatever the patch names. */
  later: ClaimedCommit | null
  /** Whether this upstream must have a commit that the patch names: it is whole, and has its files. */
  knowsCommits: boolean
}

/**
 * SUSE's kernel-source (README, "Patch headers"): the commit is in a maintainer's repository, and
 * this upstream need not have it.
 */
const OTHER_REPOSITORY = /^Git-repo:[ \t]*\S/im

/** Every claim of the header and of the file name; a commit that a field names is not told again. */
export function claimsOf({ header }: Pick<Patch, 'header'>): Claim[] {
  const claims = [...header.claims]
  for (const { from, sha } of header.references) {
    const isTold = claims.some(({ commit }) => commit !== null && isSameSha(commit, sha))
    if (from !== 'mail' && !isTold) claims.push({ field: from, form: 'backport', text: sha, commit: sha })
  }
  return claims
}

export function auditClaims(facts: ClaimFacts): AuditedClaim[] {
  const { patch, finding, commits, later } = facts
  const claims = claimsOf(patch)
  const taken = claims.filter(({ form }) => form === 'backport' || form === 'applied')
  const named = taken.flatMap(({ commit }) => (commit === null ? [] : (commits.get(commit) ?? [])))
  const compared = compareTexts(patch, [...new Map(named.map((one) => [one.sha, one])).values()])
  return claims.map((claim) => {
    const { field, form, commit } = claim
    if (form !== 'backport' && form !== 'applied')
      return { field, form, commit, at: 'unknown', differs: null, ...sayOfUntaken(finding) }
    const found = commit === null ? null : (commits.get(commit) ?? null)
    const at = placeOf(claim, found ?? (commit === null ? later : null), facts)
    const differs = found ? (compared?.differs ?? null) : null
    const said = wrongRelease(claim, facts) ?? sayOfTaken(at, found && { found, compared }, facts)
    return { field, form, commit: found?.sha ?? commit, at, differs, ...said }
  })
}

type Said = Pick<AuditedClaim, 'holds' | 'because'>

function placeOf({ commit }: Claim, found: ClaimedCommit | null, { patch, knowsCommits }: ClaimFacts): CommitPlace {
  if (found) return found.place
  const isKnown = knowsCommits && commit !== null && !isMercurial(patch, commit) && !isElsewhere(patch)
  return isKnown ? 'nowhere' : 'unknown'
}

function isElsewhere({ header }: Patch): boolean {
  return OTHER_REPOSITORY.test(header.text)
}

/**
 * Mercurial numbers its changesets beside their ids, "27238.6542a6b34d7b" or "27238:6542a6b34d7b",
 * and writes them as "# Node ID" (hg help export): git knows none of them.
 */
function isMercurial({ name, header }: Patch, sha: string): boolean {
  const at = name.indexOf(sha)
  return /\d[.:]$/.test(name.slice(0, Math.max(0, at))) || header.text.includes(`\n# Node ID ${sha}`)
}

/** Of a patch that is said not to be upstream. */
function sayOfUntaken({ status }: UpstreamFinding): Said {
  if (status === 'present')
    return { holds: 'unknown', because: 'the target has the whole change: upstream may have taken it' }
  return { holds: 'unknown', because: 'no commit is named that could be looked up' }
}

/** A claim that names a release, "Applied-Upstream: 1.1", where the change came with a later one. */
function wrongRelease({ form, text, commit }: Claim, { finding, later }: ClaimFacts): Said | null {
  const claimed = toVersion(/^v?\d+(?:\.\d+)+[\w.-]*/i.exec(text)?.[0] ?? '')
  if (form !== 'applied' || commit !== null || claimed === null) return null
  const [best = null] = finding.status === 'present' ? finding.commits : []
  const tag = best?.firstTag ?? later?.firstTag ?? null
  const version = tag === null ? null : toVersion(tag)
  if (version === null || compareVersions(withoutCandidate(version), withoutCandidate(claimed)) <= 0) return null
  return { holds: 'false', because: `it came with ${tag} only` }
}

/** A candidate's change is in the release, too. */
function withoutCandidate(version: NonNullable<ReturnType<typeof toVersion>>): typeof version {
  return { ...version, candidate: null }
}

/** Of a patch that is said to be upstream. */
function sayOfTaken(
  at: CommitPlace,
  named: { found: ClaimedCommit; compared: Comparison | null } | null,
  { patch, finding: { status, commits }, later }: ClaimFacts,
): Said {
  if (at === 'nowhere') return { holds: 'false', because: 'upstream has no such commit' }
  if (at === 'side') return { holds: 'false', because: 'its commit is on a branch that reached no release' }
  if (!named) return sayOfUnnamed({ status, commits, later })
  const { found, compared } = named
  const where = at === 'later' ? `its commit comes after the target${releaseIn(found)}` : `the ${at} has its commit`
  if (compared === null) return { holds: 'unknown', because: `${where}; its text was not compared` }
  const { here, there } = compared.differs
  const lines = here + there === 0 ? 'the same lines' : `${here} changed lines only here, ${there} only there`
  if (isSameChange(patch, found, compared)) return { holds: 'true', because: `${where}: ${lines}` }
  const isLie = compared.common === 0 && status === 'absent'
  return { holds: isLie ? 'false' : 'unknown', because: `${where}, but they have next to no line in common` }
}

function releaseIn({ firstTag }: ClaimedCommit): string {
  return firstTag === null ? '' : `, first in ${firstTag}`
}

/** Commits are told by so many digits. */
const DIGITS = 12

/** Where no commit is named, or none that this upstream could know. */
function sayOfUnnamed({
  status,
  commits,
  later,
}: Pick<UpstreamFinding, 'status' | 'commits'> & Pick<ClaimFacts, 'later'>): Said {
  if (status === 'present') {
    const [best] = commits
    return {
      holds: 'true',
      because: `the target has the whole change${best ? `, as ${best.sha.slice(0, DIGITS)}` : ''}`,
    }
  }
  if (later)
    return { holds: 'true', because: `it came after the target, as ${later.sha.slice(0, DIGITS)}${releaseIn(later)}` }
  return {
    holds: 'unknown',
    because: 'no commit is named that this upstream knows, and the target has not the whole change',
  }
}
