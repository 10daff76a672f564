/** How scans of the record stand. */
import type { JobsView } from '../../model/dashboard.ts'
import { listPortfolios, takenItems } from '../../record/board/details.ts'
import { countItems, failedItems } from '../../record/scan-items.ts'
import type { Desk } from './desk.ts'

/** So many items of each state are named. */
const NAMED = 100

export function jobsView({ board }: Pick<Desk, 'board'>): JobsView {
  const { record } = board
  const sources = listPortfolios(board)
  const failed = sources.flatMap((source) => failedItems(record, source).map((one) => ({ ...one, portfolio: source })))
  return {
    portfolios: sources.map((source) => ({ source, counts: countItems(record, source) })),
    working: takenItems(board, NAMED),
    failed: failed.slice(0, NAMED),
    failedCount: failed.length,
  }
}
