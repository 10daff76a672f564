/** The first page: queues and patches of those who look, and what is new. */
import type { HomeView } from '../../model/dashboard.ts'
import { pastsByLineage } from '../../record/board/details.ts'
import { queueRows } from '../../record/board/marks.ts'
import { countQueues, listOwners, patchesOf, queuesOf } from '../../record/board/owners.ts'
import { readNews } from '../../record/board/read-news.ts'
import type { Desk } from './desk.ts'

/** So many of each are shown; the rest is a click away. */
const QUEUES = 12
const PATCHES = 12
const NEWS = 10

/** `owners`: whose; none: everybody's, and then no patches by name. */
export function homeView({ board }: Desk, owners: readonly string[]): HomeView {
  const { patches, count } = owners.length > 0 ? patchesOf(board, owners, PATCHES) : { patches: [], count: 0 }
  const pasts = new Map(patches.map(({ queueId }) => [queueId, pastsByLineage(board, queueId)]))
  return {
    owners: [...owners],
    allOwners: listOwners(board),
    ...countQueues(board, owners),
    rows: queueRows(board, queuesOf(board, owners, QUEUES)),
    patches: patches.flatMap(({ queueId, ...patch }) => {
      const past = pasts.get(queueId)?.get(patch.lineage)
      return past ? { ...patch, past } : []
    }),
    patchCount: count,
    news: readNews(board, { owners }, NEWS),
  }
}
