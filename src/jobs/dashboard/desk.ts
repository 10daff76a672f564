/** What the views of the dashboard are drawn from. */
import type { AttemptMark, PatchRow } from '../../model/dashboard.ts'
import type { JobContext } from '../../model/job.ts'
import type { Board } from '../../record/board/board.ts'
import { pastsByLineage, queueAt } from '../../record/board/details.ts'
import type { PatchAt } from '../../record/board/find.ts'
import { addressOfCommits } from '../../workspace/upstream-address.ts'
import type { Histories, History } from './histories.ts'

/** A record, its board, and what its histories tell. */
export interface Desk {
  board: Board
  histories: Histories
  context: JobContext
  /** Where commits of upstreams can be looked at, as far as it was asked. */
  addresses: Map<string, Promise<string | null>>
}

/** Asked once: a repository may have to tell its remote. */
export function addressAt({ context, addresses }: Desk, upstream: string): Promise<string | null> {
  const known = addresses.get(upstream) ?? addressOfCommits(upstream, context)
  addresses.set(upstream, known)
  return known
}

/** The history of a queue as it stood at an attempt; null where none was imported. */
export function historyAt({ board, histories }: Desk, name: string, attempt: number): History | null {
  const { source, revision } = queueAt(board, attempt)
  return histories.of({ source, name, revision })
}

/** The newest of some attempts. */
export function newestOf(marks: readonly AttemptMark[]): AttemptMark | undefined {
  return marks.reduce<AttemptMark | undefined>((one, other) => (one && one.id > other.id ? one : other), undefined)
}

/** The patches of an attempt with what is known of their past. */
export function withPasts(
  desk: Desk,
  { id, name, attempt }: { id: number; name: string; attempt: Pick<AttemptMark, 'id'> },
  patches: readonly PatchAt[],
): PatchRow[] {
  const told = historyAt(desk, name, attempt.id)?.pasts
  const own = pastsByLineage(desk.board, id)
  return patches.flatMap((patch) => {
    const past = told?.get(patch.name) ?? own.get(patch.lineage)
    return past ? { ...patch, queue: name, past } : []
  })
}
