/** Which commits brought what stands of a patch, and which took it out again. Pure. */
import type { Commit, IndexedCommit } from '../model/history.ts'
import { hashLine } from '../model/line-hash.ts'
import type { Patch } from '../model/patch.ts'
import type { HashIndex } from './hash-index.ts'
import { containment, countHashes, signedLinesOf } from './lines.ts'
import { type StandingHunk, survivalOf } from './proof.ts'

/** A line changed by more commits than this does not tell who brought it. */
const COMMON = 100
/** So many commits are named for one hunk. */
const MAX_ORIGINS = 3

/**
 * The commits that changed the lines of a hunk that stand in the target just so, in the same file or one that was moved, most lines first.
 * Where several did, a preferred one comes first, else the newest. `lines`: an index of `commits` that knows the patch's lines.
 */
export function originsOf(
  { path, at, standing }: StandingHunk,
  commits: readonly IndexedCommit[],
  lines: HashIndex,
  preferred: ReadonlySet<string>,
): string[] {
  const isHere = (commit: IndexedCommit | undefined) => commit?.paths.some((one) => one === path || one === at?.path)
  const counts = new Map<string, number>()
  for (const { sign, text } of standing) {
    const hash = hashLine(sign, text)
    const places = hash === null ? [] : lines.commitsWith(hash)
    if (places.length > COMMON) continue
    const own = places.find((place) => preferred.has(commits[place]?.sha ?? ''))
    const bringer = commits[own ?? places.findLast((place) => isHere(commits[place])) ?? -1]
    if (bringer) counts.set(bringer.sha, (counts.get(bringer.sha) ?? 0) + 1)
  }
  return [...counts]
    .sort((left, right) => right[1] - left[1])
    .slice(0, MAX_ORIGINS)
    .map(([sha]) => sha)
}

/** So many changed lines, of which so large a share stands, also of those added, are hardly there by coincidence. */
const ENOUGH = 5
const NEARLY_ALL = 0.75

/**
 * The commit that brought most of what stands of a patch, where nearly all of it does: it may be the patch in other words, or an
 * import of a whole release. Null where too little stands, or what stands is older than the commits.
 */
export function bringerOf(
  hunks: readonly StandingHunk[],
  commits: readonly IndexedCommit[],
  lines: HashIndex,
): IndexedCommit | null {
  const sum = (sizeOf: (hunk: StandingHunk) => number) => hunks.reduce((total, hunk) => total + sizeOf(hunk), 0)
  const [total, added] = [sum((hunk) => hunk.total), sum((hunk) => hunk.added)]
  const standing = sum((hunk) => hunk.standing.filter(({ sign }) => sign === '+').length)
  if (total < ENOUGH || survivalOf(hunks) < NEARLY_ALL || standing === 0 || standing < NEARLY_ALL * added) return null
  const counts = new Map<string, number>()
  for (const hunk of hunks) {
    const [sha] = originsOf(hunk, commits, lines, new Set())
    if (sha !== undefined) counts.set(sha, (counts.get(sha) ?? 0) + hunk.standing.length)
  }
  const [most] = [...counts].sort((left, right) => right[1] - left[1])
  return commits.find(({ sha }) => sha === most?.[0]) ?? null
}

/** So much of a patch must be taken out by one commit for it to be the one that took it back. */
const MOST = 0.5

/** The commit after `landed` that changes the patch's lines the other way round; null where there is none. */
export function undoOf(patch: Patch, landed: Commit, commits: readonly IndexedCommit[]): IndexedCommit | null {
  const opposite = { '+': '-', '-': '+' } as const
  const inverse = signedLinesOf(patch).flatMap(({ sign, text }) => hashLine(opposite[sign], text) ?? [])
  const wanted = countHashes(inverse)
  const from = commits.findIndex(({ sha }) => sha === landed.sha) + 1
  const isUndoing = ({ lines }: IndexedCommit) =>
    lines.length >= MOST * inverse.length && containment(wanted, countHashes(lines)) >= MOST
  return commits.slice(from).findLast(isUndoing) ?? null
}
