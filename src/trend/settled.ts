/** Which revisions of a queue may be told as its size, and which stand in the middle of a rebase. Pure. */
import type { QueueRevision } from '../model/life.ts'

/** As readers of series files say it. */
const COMMENTED_OUT = 'commented out'

/** Commits that land together are at most so far apart, in seconds. */
const TOGETHER = 60 * 60

/** A rebase that began is over when fewer than one in so many patches are commented out. */
const FEW = 10

/**
 * Whether each revision is settled. A rebase begins where most of what the last settled one carried
 * is commented out; patch by patch it is taken in again, or deleted. Or its commits land together.
 */
export function settledAmong(revisions: readonly QueueRevision[]): boolean[] {
  let carried: ReadonlySet<string> = new Set()
  let [isLanding, isOut] = [false, false]
  const states = revisions.map((revision, at): State => {
    const [before, behind] = [revisions[at - 1], revisions[at + 1]]
    if (before && releaseOf(before) !== releaseOf(revision)) isLanding = true
    isLanding &&= behind !== undefined && isTogether(revision, behind)
    const out = commentedOut(revision).filter((name) => carried.has(name)).length
    const active = revision.entries.filter(({ disabled }) => !disabled)
    isOut = out * 2 > carried.size || (isOut && out * FEW > active.length + out)
    const state = isOut ? 'out' : isLanding ? 'landing' : 'settled'
    if (state === 'settled') carried = new Set(active.map(({ name }) => name))
    return state
  })
  const isEnd = endsOfRebases(revisions, states)
  return states.map((state, at) => state === 'settled' && !isEnd[at])
}

type State =
  | 'settled'
  /** More commits of the rebase land with it. */
  | 'landing'
  /** Patches are commented out, to be taken in again. */
  | 'out'

/**
 * Whether each revision is one of the last of a rebase: patches were commented out just before it,
 * and a commit on the new base lands just after.
 */
function endsOfRebases(revisions: readonly QueueRevision[], states: readonly State[]): boolean[] {
  const isNext = revisions.map((revision, at) => {
    const behind = revisions[at + 1]
    return behind !== undefined && Math.abs(behind.time - revision.time) <= TOGETHER
  })
  const [isAfter, isBefore]: [boolean[], boolean[]] = [[], []]
  for (const [at, state] of states.entries())
    isAfter[at] =
      state === 'out' || (state === 'settled' && at > 0 && isNext[at - 1] === true && isAfter[at - 1] === true)
  for (let at = revisions.length - 1; at >= 0; at--)
    isBefore[at] = isNext[at] === true && (isNewRelease(revisions, at) || isBefore[at + 1] === true)
  return states.map((_, at) => isAfter[at] === true && isBefore[at] === true)
}

/** Whether the revision behind is on another release. */
function isNewRelease(revisions: readonly QueueRevision[], at: number): boolean {
  const [revision, behind] = [revisions[at], revisions[at + 1]]
  return revision !== undefined && behind !== undefined && releaseOf(revision) !== releaseOf(behind)
}

function isTogether(one: QueueRevision, other: QueueRevision): boolean {
  return Math.abs(other.time - one.time) <= TOGETHER && releaseOf(one) === releaseOf(other)
}

/**
 * The release that a base means, or the year where none is named: "4.13.2" of RELEASE-4.13.2, "2.0"
 * of Debian's 1:2.0+dfsg1-3 and 2.0~bpo12, "4.14.5" of 4.14.5+24-g87d90d511c (git-describe(1)).
 */
export function releaseOf({ base, time }: Pick<QueueRevision, 'base' | 'time'>): string {
  if (base === null) return String(new Date(time * 1000).getUTCFullYear())
  return /\d+(?:\.\d+)+(?:[-.~]?rc\d+)?/.exec(base)?.[0] ?? base
}

/** The names of the patches that a revision comments out. */
export function commentedOut({ entries }: QueueRevision): string[] {
  return entries.filter(({ disabled, reason }) => disabled && reason === COMMENTED_OUT).map(({ name }) => name)
}
