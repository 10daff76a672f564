/** The commits of a queue's own repository that made a rebase, by their times. Pure. */
import type { Listing, QueueRevision } from '../model/life.ts'
import { isOfRelease } from '../model/version.ts'

const DAY = 24 * 60 * 60
/** Days without work on the queue that end a burst of work. */
const PAUSE = 7

/** A rebase, as far as commits tell. */
export interface RebaseCommits {
  /** Calendar days from the first of them to the last, both counted. */
  days: number
  /** Oldest first. */
  commits: QueueRevision[]
}

/**
 * The burst of work that ends with the queue on its new base: back from its landing there until a
 * pause, and on from there until a pause or a commit that only adds patches, which is new work.
 * Commits that do not change the queue, and merges, do not count. `revisions`: one branch, oldest
 * first. Null where the queue never sat on `from` and then on `to`.
 */
export function rebaseCommits(revisions: readonly QueueRevision[], from: string, to: string): RebaseCommits | null {
  const isOn = ({ base }: QueueRevision, release: string) => base !== null && isOfRelease(base, release)
  const landing = revisions.findIndex((one, at) => {
    return isOn(one, to) && revisions.slice(0, at).some((earlier) => isOn(earlier, from))
  })
  const landed = revisions[landing]
  if (!landed) return null
  const work = revisions.flatMap((revision, at) => {
    const before = revisions[at - 1]
    return before && isWork(before, revision) ? [{ revision, before, at }] : []
  })
  const ahead = work.filter(({ at }) => at < landing).reverse()
  const behind = work.filter(({ at }) => at > landing)
  const start = burst(
    landed,
    ahead.map(({ revision }) => revision),
  )
  const end = burst(
    landed,
    takeUntil(behind, ({ before, revision }) => onlyAdds(before, revision)).map(({ revision }) => revision),
  )
  const commits = [...start.reverse(), landed, ...end]
  const days = commits.map(({ time }) => Math.floor(time / DAY))
  return { days: Math.max(...days) - Math.min(...days) + 1, commits }
}

/** The revisions that follow one another without a pause, from a first one that is not among them. */
function burst(first: QueueRevision, revisions: readonly QueueRevision[]): QueueRevision[] {
  let last = first.time
  return takeUntil(revisions, ({ time }) => {
    const isPause = Math.abs(time - last) > PAUSE * DAY
    last = time
    return isPause
  })
}

function takeUntil<Value>(values: readonly Value[], ends: (value: Value) => boolean): Value[] {
  const end = values.findIndex(ends)
  return end < 0 ? [...values] : values.slice(0, end)
}

/** git's own subject of a merge tells it: what it brings was done elsewhere. */
function isWork(before: QueueRevision, { subject, revision, base }: QueueRevision): boolean {
  return (
    !/^Merge (?:branch|pull request|remote-tracking|tag|commit) /.test(subject) &&
    (revision !== before.revision || base !== before.base)
  )
}

/** Whether all patches stayed as they were, and some came. */
function onlyAdds(before: QueueRevision, after: QueueRevision): boolean {
  const keyOf = ({ name, digest, disabled }: Listing) => `${name}\0${digest}\0${disabled}`
  const [old, now] = [before, after].map(({ entries }) => new Set(entries.map(keyOf)))
  return before.base === after.base && [...(old ?? [])].every((key) => now?.has(key))
}
