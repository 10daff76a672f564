/** A patch for life: what attempts, people and its history say of it. */
import type { PastMark, PatchView } from '../../model/dashboard.ts'
import { partOf } from '../../model/tally.ts'
import { loadNewestAudit } from '../../record/audits.ts'
import { answersTo, pastsByLineage } from '../../record/board/details.ts'
import { digestsOf, findQueue, momentsOf } from '../../record/board/find.ts'
import { loadAttemptAt } from '../../record/load-attempt.ts'
import { addressAt, type Desk, historyAt } from './desk.ts'

/** What is asked for. */
export interface PatchPlace {
  queue: string
  lineage: number
}

/** Null where there is no such patch. */
export async function patchView(desk: Desk, { queue: name, lineage }: PatchPlace): Promise<PatchView | null> {
  const { board } = desk
  const queue = findQueue(board, name)
  const moments = queue ? momentsOf(board, queue.id, lineage) : []
  const [newest] = moments
  const attempt = newest ? loadAttemptAt(board.record, newest.attempt.id, newest.position) : null
  const [result] = attempt?.results ?? []
  if (!queue || !newest || !attempt || !result) return null
  const told = historyAt(desk, name, attempt.id)?.pasts.get(result.patch.name)
  const own = pastsByLineage(board, queue.id).get(lineage)
  const digests = digestsOf(board, queue.id, lineage)
  return {
    ...{ queue: name, lineage, attempt, result, moments, source: attempt.queue.source },
    address: newest.attempt.address,
    isCarried: moments.some((moment) => moment.attempt.id === queue.attempt),
    part: partOf(result),
    past: told ?? { ...(own ?? NO_PAST), versions: digests.length, versionTimes: [], trials: [] },
    answers: answersTo(board, digests, result.patch.digest),
    claims: claimsOf(desk, moments, result.patch.position),
    commitAddress: await addressAt(desk, attempt.upstream),
  }
}

/** What a patch that no attempt has would have: nothing. */
const NO_PAST: PastMark = { since: '', isLeast: true, rebases: 0, conflicts: 0, kind: null }

/** As the newest audit of these attempts found them. */
function claimsOf({ board }: Desk, moments: PatchView['moments'], position: number): PatchView['claims'] {
  const ids = moments.map(({ attempt }) => attempt.id)
  const audit = loadNewestAudit(board.record, ids, moments[0]?.attempt.target ?? null)
  const at = moments.find(({ attempt }) => attempt.id === audit?.attempt)?.position ?? position
  const claims = audit?.patches.find((patch) => patch.position === at)?.claims ?? []
  return claims.map(({ field, form, commit, holds, because }) => ({ field, form, commit, holds, because }))
}
