/** Whose queues and patches they are. */
import type { PatchRow } from '../../model/dashboard.ts'
import { AMONG, type Board, remembered, rowOf, rowsOf } from './board.ts'
import { countByNext } from './portfolio.ts'

/** All owners, those whose patches need most people's work first. */
export function listOwners({ drawn }: Board): string[] {
  const sql = 'SELECT owner FROM owned GROUP BY owner ORDER BY sum(urgency < 3) DESC, owner'
  return remembered(drawn, 'owners', () => rowsOf<{ owner: string }>(drawn, sql).map(({ owner }) => owner))
}

/** The queues with patches of some owners, the worst first; of everybody where none is named. */
export function queuesOf({ drawn }: Board, owners: readonly string[], limit: number): number[] {
  const theirs = owners.length > 0 ? `AND id IN (SELECT queue FROM owned WHERE owner IN ${AMONG})` : ''
  const rows = rowsOf<{ id: number }>(
    drawn,
    `SELECT id FROM queue WHERE attempt IS NOT NULL ${theirs} ORDER BY mend DESC, decide DESC, patches DESC, id LIMIT ?`,
    ...(owners.length > 0 ? [JSON.stringify(owners)] : []),
    limit,
  )
  return rows.map(({ id }) => id)
}

/** How many queues have patches of some owners, or at all; how many wait for a person. */
export function countQueues(board: Board, owners: readonly string[]): { queues: number; waiting: number } {
  if (owners.length === 0) {
    const { mend, decide, ...rest } = countByNext(board)
    return { queues: mend + decide + rest.export + rest.nothing, waiting: mend + decide }
  }
  const row = rowOf<{ queues: number; waiting: number | null }>(
    board.drawn,
    `SELECT count(*) AS queues, sum(next < 2) AS waiting FROM queue
     WHERE attempt IS NOT NULL AND id IN (SELECT queue FROM owned WHERE owner IN ${AMONG})`,
    JSON.stringify(owners),
  )
  return { queues: row?.queues ?? 0, waiting: row?.waiting ?? 0 }
}

/** A patch in a list, and the queue's number. */
export type OwnedPatch = Omit<PatchRow, 'past'> & { queueId: number }

/** The patches of some owners, what needs a person first; and how many they are. */
export function patchesOf(
  { drawn }: Board,
  owners: readonly string[],
  limit: number,
): { patches: OwnedPatch[]; count: number } {
  const wanted = JSON.stringify(owners)
  const patches = rowsOf<OwnedPatch>(
    drawn,
    `SELECT queue.id AS queueId, queue.name AS queue, number AS lineage, patch_at.position, patch_at.name, patch_at.owner, part
     FROM (SELECT * FROM owned WHERE owner IN ${AMONG} ORDER BY urgency, queue, position LIMIT ?) AS own
       JOIN queue ON queue.id = own.queue
       JOIN patch_at ON patch_at.attempt = queue.attempt AND patch_at.position = own.position
       JOIN lineage ON lineage.id = patch_at.lineage ORDER BY urgency, queue.name, own.position`,
    wanted,
    limit,
  )
  const count = rowOf<{ count: number }>(drawn, `SELECT count(*) AS count FROM owned WHERE owner IN ${AMONG}`, wanted)
  return { patches, count: count?.count ?? 0 }
}
