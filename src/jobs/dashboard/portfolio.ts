/** All queues of a record. */
import type { PortfolioQuery, PortfolioView } from '../../model/dashboard.ts'
import { queueRows } from '../../record/board/marks.ts'
import { countByNext, findQueues, worstCulprits } from '../../record/board/portfolio.ts'
import { readNews } from '../../record/board/read-news.ts'
import type { Desk } from './desk.ts'

const NEWS = 8

export function portfolioView({ board }: Desk, query: PortfolioQuery): PortfolioView {
  const byNext = countByNext(board)
  const { ids, paging } = findQueues(board, query)
  return {
    query,
    queues: Object.values(byNext).reduce((sum, count) => sum + count, 0),
    byNext,
    rows: queueRows(board, ids),
    paging,
    culprits: worstCulprits(board),
    news: readNews(board, {}, NEWS),
  }
}
