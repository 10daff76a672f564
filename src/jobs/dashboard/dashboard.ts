/** The dashboard of a record: each view by what is asked for. */
import { setImmediate } from 'node:timers/promises'
import type {
  AttemptView,
  HomeView,
  JobsView,
  News,
  NewsFilter,
  PatchView,
  PortfolioQuery,
  PortfolioView,
  QueueQuery,
  QueueView,
} from '../../model/dashboard.ts'
import type { JobContext } from '../../model/job.ts'
import { NEXTS, type Next, nextOf } from '../../model/tally.ts'
import type { Board } from '../../record/board/board.ts'
import { drawNext } from '../../record/board/draw.ts'
import { findQueue, markOf, queueOf } from '../../record/board/find.ts'
import { countByNext } from '../../record/board/portfolio.ts'
import { readNews } from '../../record/board/read-news.ts'
import { listLives } from '../../record/life.ts'
import { withBoard } from '../../workspace/board.ts'
import type { Place } from '../../workspace/record.ts'
import { type Answer, takeAnswer } from './answer.ts'
import { attemptView } from './attempt.ts'
import { type Desk, historyAt } from './desk.ts'
import { Histories, MOST_HISTORIES } from './histories.ts'
import { homeView } from './home.ts'
import { jobsView } from './jobs.ts'
import { type PatchPlace, patchView } from './patch.ts'
import { portfolioView } from './portfolio.ts'
import { queueView } from './queue.ts'
import { type TrendView, trendView } from './trend.ts'

/** What a server of pages asks. A view is null where there is nothing at its address. */
export interface Dashboard {
  /** Draws what is new in the record. */
  refresh: () => Promise<void>
  home: (owners: readonly string[]) => HomeView
  portfolio: (query: PortfolioQuery) => PortfolioView
  queue: (name: string, query: QueueQuery) => QueueView | null
  patch: (place: PatchPlace) => Promise<PatchView | null>
  attempt: (address: string) => AttemptView | null
  trend: (queue: string) => TrendView | null
  jobs: () => JobsView
  news: (filter: NewsFilter) => News[]
  /** The next action on a queue; on all of them, the most urgent with its number of queues. */
  next: (queue: string) => NextAction | null
  summary: () => NextAction
  /** Records what a person says of a patch. */
  answer: (answer: Answer) => Promise<void>
}

/** What is to be done, and with how many patches or queues. */
export interface NextAction {
  next: Next
  count: number
}

/** So many pieces of news are in a feed. */
const FEED = 50

/** Opens the dashboard of a record for as long as `use` needs it. */
export function withDashboard<Result>(
  place: Pick<Place, 'db'>,
  context: JobContext,
  use: (dashboard: Dashboard) => Promise<Result>,
): Promise<Result> {
  return withBoard(place, context, async (board) => {
    const desk: Desk = { board, histories: new Histories(board.record), context, addresses: new Map() }
    const dashboard = dashboardOf(desk, place)
    await dashboard.refresh()
    return await use(dashboard)
  })
}

function dashboardOf(desk: Desk, place: Pick<Place, 'db'>): Dashboard {
  const { board } = desk
  return {
    refresh: refresher(desk),
    home: (owners) => homeView(desk, owners),
    portfolio: (query) => portfolioView(desk, query),
    queue: (name, query) => queueView(desk, name, query),
    patch: (place) => patchView(desk, place),
    attempt: (address) => attemptView(desk, address),
    trend: (queue) => trendView(desk, queue),
    jobs: () => jobsView(desk),
    news: (filter) => readNews(board, filter, FEED),
    next: (name) => {
      const queue = findQueue(board, name)
      const mark = queue?.attempt ? markOf(board, queue.attempt) : null
      return mark && nextOf(mark.tally)
    },
    summary: () => {
      const byNext = countByNext(board)
      const next = NEXTS.find((one) => byNext[one] > 0) ?? 'nothing'
      return { next, count: next === 'nothing' ? 0 : byNext[next] }
    },
    answer: (answer) => takeAnswer(desk, place, answer),
  }
}

/** Draws in small steps, for pages are served meanwhile; nothing where nobody wrote. */
function refresher(desk: Desk): () => Promise<void> {
  const { board, context } = desk
  let seen: number | null = null
  return async () => {
    const version = versionOf(board)
    if (version === seen) return
    for (let steps = 0; await drawNext(board); steps++) {
      context.progress('drawing what is new', steps)
      await setImmediate()
    }
    seen = version
    await readHistories(desk)
  }
}

/** So that no page waits for one. */
async function readHistories(desk: Desk): Promise<void> {
  const { board, context } = desk
  for (const { queue: source } of listLives(board.record).slice(-MOST_HISTORIES)) {
    const queue = source === null ? null : queueOf(board, source)
    if (!queue?.attempt) continue
    context.progress('reading the history of a queue')
    historyAt(desk, queue.name, queue.attempt)
    await setImmediate()
  }
}

/** Another one once somebody else wrote to the record (sqlite.org/pragma.html, data_version). */
function versionOf({ record }: Board): number {
  return record.pragma('data_version', { simple: true }) as number
}
