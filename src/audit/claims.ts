/** Claims against findings: a claim is what somebody wrote, and holds only where upstream bears it out. */
import type { AuditedClaim, ClaimedCommit, CommitPlace, LineDifference } from '../model/audit.ts'
import { lineKey } from '../model/audit.ts'
import { isSameSha } from '../model/commit-keys.ts'
import type { UpstreamFinding } from '../model/finding.ts'
import { type Claim, changesOf, type Patch } from '../model/patch.ts'

/** What is known for the claims of one patch. */
export interface ClaimFacts {
  patch: Patch
  finding: UpstreamFinding
  /** By the names as they are written. */
  commits: ReadonlyMap<string, ClaimedCommit>
  /** Whether the upstream is a whole history: only there a commit can be missing. */
  knowsCommits: boolean
}

/**
 * Where a patch has fewer lines in common with the commits that it names, they may be other
 * changes. A backport to old code may share few: the commits that it names are not lies for that.
 */
const OTHER_CHANGE = 0.1

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
  const claims = claimsOf(facts.patch)
  const taken = claims.filter(({ form }) => form === 'backport' || form === 'applied')
  const named = taken.flatMap(({ commit }) => (commit === null ? [] : (facts.commits.get(commit) ?? [])))
  const compared = compare(facts.patch, [...new Map(named.map((one) => [one.sha, one])).values()])
  const isElsewhere = OTHER_REPOSITORY.test(facts.patch.header.text)
  return claims.map((claim) => {
    const { field, form, commit } = claim
    if (form !== 'backport' && form !== 'applied')
      return { field, form, commit, at: 'unknown', differs: null, ...sayOfUntaken(facts.finding) }
    const found = commit === null ? undefined : facts.commits.get(commit)
    const differs = found ? (compared?.differs ?? null) : null
    const at = placeOf(claim, found, facts.knowsCommits && !isElsewhere)
    return { field, form, commit: found?.sha ?? commit, at, differs, ...sayOfTaken(at, compared, facts.finding) }
  })
}

type Said = Pick<AuditedClaim, 'holds' | 'because'>

function placeOf({ commit }: Claim, found: ClaimedCommit | undefined, knowsCommits: boolean): CommitPlace {
  if (found) return found.place
  return commit !== null && knowsCommits ? 'nowhere' : 'unknown'
}

/** Of a patch that is said not to be upstream. */
function sayOfUntaken({ status }: UpstreamFinding): Said {
  if (status === 'present')
    return { holds: 'unknown', because: 'the target has the whole change: upstream may have taken it' }
  return { holds: 'unknown', because: 'no commit is named that could be looked up' }
}

/** Of a patch that is said to be upstream. */
function sayOfTaken(at: CommitPlace, compared: Comparison | null, { status }: UpstreamFinding): Said {
  if (at === 'nowhere') return { holds: 'false', because: 'upstream has no such commit' }
  if (at === 'side') return { holds: 'false', because: 'its commit is on a branch that reached no release' }
  if (at === 'unknown')
    return status === 'present'
      ? { holds: 'true', because: 'the target has the whole change' }
      : { holds: 'unknown', because: 'no commit is named, and the target has not the whole change' }
  const where = at === 'later' ? 'its commit comes after the target' : `the ${at} has its commit`
  if (compared === null) return { holds: 'unknown', because: `${where}; its text was not compared` }
  if (compared.common < OTHER_CHANGE) {
    const other = `${where}, but they have next to no line in common`
    return { holds: compared.common === 0 && status === 'absent' ? 'false' : 'unknown', because: other }
  }
  const { here, there } = compared.differs
  const lines = here + there === 0 ? 'the same lines' : `${here} changed lines only here, ${there} only there`
  return { holds: 'true', because: `${where}: ${lines}` }
}

interface Comparison {
  differs: LineDifference
  /** The share of the smaller side's lines that both have, 0..1. */
  common: number
}

/** The patch against all commits that it names together; null where a side has no text. */
function compare(patch: Patch, commits: readonly ClaimedCommit[]): Comparison | null {
  const here = linesOf(patch)
  const there = commits.flatMap(({ lines }) => lines ?? [])
  if (here.length === 0 || there.length === 0) return null
  const left = new Map<string, number>()
  for (const line of there) left.set(line, (left.get(line) ?? 0) + 1)
  let both = 0
  for (const line of here) {
    const count = left.get(line) ?? 0
    if (count > 0) both++
    left.set(line, count - 1)
  }
  const differs = { here: here.length - both, there: there.length - both }
  return { differs, common: both / Math.min(here.length, there.length) }
}

function linesOf(patch: Patch): string[] {
  const hunks = changesOf(patch).flatMap(({ body }) => (body.kind === 'text' ? body.hunks : []))
  const changed = hunks.flatMap(({ lines }) => lines.filter(({ kind }) => kind !== 'context'))
  return changed.map(({ kind, text }) => lineKey(kind === 'add' ? '+' : '-', text)).filter((key) => key !== '')
}
