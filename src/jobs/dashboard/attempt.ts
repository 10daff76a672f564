/** One attempt, and what it says that the one before did not. */
import type { AttemptView, Change } from '../../model/dashboard.ts'
import { PARTS } from '../../model/tally.ts'
import { queueAt } from '../../record/board/details.ts'
import { findAttempt, markOf, type PatchAt, patchesAt } from '../../record/board/find.ts'
import { readNews } from '../../record/board/read-news.ts'
import { type Desk, withPasts } from './desk.ts'

const NEWS = 20

/** Null where there is none. `address`: digits of its document's hash, or "@" and its number. */
export function attemptView(desk: Desk, address: string): AttemptView | null {
  const { board } = desk
  const found = findAttempt(board, address)
  if (found === null) return null
  const { mark, queue, document, isWithdrawn } = found
  const earlier = found.earlier === null ? null : markOf(board, found.earlier)
  const patches = patchesAt(board, mark.id)
  return {
    ...{ queue: queue.name, attempt: mark, document, isWithdrawn, earlier },
    source: queueAt(board, mark.id).source,
    changes: earlier ? changesBetween(patchesAt(board, earlier.id), patches) : [],
    rows: withPasts(desk, { ...queue, attempt: mark }, patches),
    news: readNews(board, { attempt: mark.id }, NEWS),
  }
}

/** Patches that went from one part to another, the most first; then those that came and left. */
function changesBetween(before: readonly PatchAt[], now: readonly PatchAt[]): Change[] {
  const old = new Map(before.map((patch) => [patch.lineage, patch]))
  const here = new Set(now.map(({ lineage }) => lineage))
  const changes = new Map<string, Change>()
  const put = (from: Change['before'], to: Change['now'], patch: PatchAt) => {
    const key = `${from} ${to}`
    const change = changes.get(key) ?? { before: from, now: to, patches: [] }
    const { lineage, position, name } = patch
    change.patches.push({ lineage, position, name })
    changes.set(key, change)
  }
  for (const patch of now) {
    const was = old.get(patch.lineage)?.part ?? null
    if (was !== patch.part) put(was, patch.part, patch)
  }
  for (const patch of before) if (!here.has(patch.lineage)) put(patch.part, null, patch)
  const rank = (part: Change['now']) => (part === null ? PARTS.length : PARTS.indexOf(part))
  return [...changes.values()].sort((one, other) => {
    return other.patches.length - one.patches.length || rank(one.now) - rank(other.now)
  })
}
