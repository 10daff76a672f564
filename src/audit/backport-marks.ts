/**
 * Commits after the base that are marked for it, or that its own or other stable branches have, and
 * that neither it nor the queue has. Pure.
 */
import type { Candidate } from '../model/security.ts'
import { compareVersions, toVersion, type Version } from '../model/version.ts'
import type { ChangeId } from './lineage.ts'
import { carriedBy, commitOf, faultOf, isTakenBack, type Looks, type SecurityPlace } from './place.ts'

/** A change that could be backported, and why. */
export interface SoughtCandidate extends Pick<Candidate, 'kind' | 'because'> {
  change: ChangeId
}

/** `release`: the version of the base; null where it is of no release. */
export function seekCandidates(place: SecurityPlace, release: Version | null): SoughtCandidate[] {
  const { lineage, base, target, main, own } = place
  const carried = carriedBy(place.patches)
  const changes = new Set(lineage.commits.flatMap(({ sha }) => lineage.changeOf(sha) ?? []))
  const isThere = (change: ChangeId) => [target, main, own].some((one) => one.stands(change))
  const found = [...changes].flatMap((change): SoughtCandidate[] => {
    if (base.has(change) || carried.has(change)) return []
    const reason = reasonFor(place, change, release)
    return reason === null || !isThere(change) || isTakenBack(place, change) ? [] : [{ change, ...reason }]
  })
  return KINDS.flatMap((wanted) => found.filter(({ kind }) => kind === wanted))
}

/** The surest first. */
const KINDS = ['marked', 'own-branch', 'branches'] as const

function reasonFor(
  { lineage, own }: SecurityPlace,
  change: ChangeId,
  release: Version | null,
): Pick<Candidate, 'kind' | 'because'> | null {
  const marks = lineage.members(change).flatMap(({ notes }) => notes?.marks ?? [])
  const mark = marks.find((one) => isFor(one, release))
  if (mark !== undefined)
    return { kind: 'marked', because: mark === '' ? 'marked for stable releases' : `marked for ${mark}` }
  // What is marked for other releases only is not meant for this one.
  if (marks.some(hasVersion)) return null
  if (own.has(change)) return { kind: 'own-branch', because: "on the base's own branch" }
  const branches = lineage.branchesWith(change)
  if (branches === 0) return null
  return { kind: 'branches', because: branches === 1 ? 'on another branch' : `on ${branches} other branches` }
}

/** A version, and what makes it the first or the last of several. */
const RANGE =
  /(\b(?:since|from)|>=)?\s*v?(\d+(?:\.\d+)+)(?:\.[xy])?\s*(\+|and (?:later|newer|up)\b|onwards\b|(?:-|to|\.\.)\s*v?(\d+(?:\.\d+)+))?/gi

/** Whether a mark, "4.9+", "4.11, 4.12", "since 4.9", "4.9 - 4.13", is for a release. */
function isFor(mark: string, release: Version | null): boolean {
  const [text = ''] = mark.split('#')
  if (text.trim() === '' || /^(?:all|any|yes)\b/i.test(text.trim())) return true
  if (release === null) return false
  return [...text.matchAll(RANGE)].some(([, since, first = '', more, last]) => {
    const at = orderOf(release, first)
    if (more === undefined && since === undefined) return at === 0
    return at >= 0 && (last === undefined || orderOf(release, last) <= 0)
  })
}

function hasVersion(mark: string): boolean {
  return /\d\.\d/.test(mark.split('#')[0] ?? '')
}

/** A release against a line of releases: 4.13.5 is of 4.13, and above 4.12. */
function orderOf({ numbers }: Version, line: string): number {
  const version = toVersion(line)
  if (!version) return -1
  return compareVersions({ numbers: numbers.slice(0, version.numbers.length), candidate: null }, version)
}

/** Without those that the queue has by their content, and those that mend what is not there. */
export function decideCandidates(place: SecurityPlace, sought: readonly SoughtCandidate[], looks: Looks): Candidate[] {
  return sought.flatMap(({ change, kind, because }) => {
    const fault = faultOf(place, looks, change)
    if (fault !== null && fault !== 'stands') return []
    const { sha, subject } = commitOf(place, change)
    return [{ commit: sha, subject, kind, because }]
  })
}
