/** How long a rebase took, as far as the times of the queue's own commits tell. Pure. */
import { isOfRelease } from '../model/effort.ts'
import type { QueueRevision } from '../model/life.ts'

const DAY = 24 * 60 * 60
/** So many days without a commit end a rebase. */
const PAUSE = 7

/**
 * Days with at least one commit, from the last revision on the old release until the first week
 * without any; one at least. `revisions`: oldest first, some of them on `from`, later ones on `to`.
 */
export function activeDays(revisions: readonly QueueRevision[], from: string, to: string): number {
  const first = revisions.findIndex(({ base }) => base !== null && isOfRelease(base, to))
  const start = revisions.findLastIndex(({ base }, at) => at < first && base !== null && isOfRelease(base, from))
  const days = new Set<number>()
  let last = revisions[start]?.time ?? 0
  for (const { time } of revisions.slice(Math.max(0, start))) {
    if (time - last > PAUSE * DAY && days.size > 0) break
    days.add(Math.floor(time / DAY))
    last = time
  }
  return Math.max(1, days.size)
}
