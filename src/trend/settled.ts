/** Which revisions of a queue may be told as its size, and which stand in the middle of a rebase. Pure. */
import type { QueueRevision } from '../model/life.ts'

/** As readers of series files say it. */
const COMMENTED_OUT = 'commented out'

/** Commits that land together are at most so far apart, in seconds. */
const TOGETHER = 60 * 60

/**
 * Whether each revision is settled. In the middle of a rebase most of what the last settled one
 * carried is commented out, or the next commit of the rebase lands with it.
 */
export function settledAmong(revisions: readonly QueueRevision[]): boolean[] {
  let carried: ReadonlySet<string> = new Set()
  let isLanding = false
  return revisions.map((revision, at) => {
    const [before, behind] = [revisions[at - 1], revisions[at + 1]]
    if (before && releaseOf(before) !== releaseOf(revision)) isLanding = true
    isLanding &&= behind !== undefined && isTogether(revision, behind)
    const isOut = commentedOut(revision).filter((name) => carried.has(name)).length * 2 > carried.size
    const isSettled = !isLanding && !isOut
    if (isSettled) carried = new Set(revision.entries.flatMap(({ name, disabled }) => (disabled ? [] : [name])))
    return isSettled
  })
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
  return entries.flatMap(({ name, disabled, reason }) => (disabled && reason === COMMENTED_OUT ? [name] : []))
}
