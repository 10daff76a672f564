/** How the size of a queue and the cost of its rebases went. */
import type { TrendPoint } from '../../model/dashboard.ts'
import { listSummaries } from '../../record/attempts.ts'
import { queueAt } from '../../record/board/details.ts'
import { attemptsOf, findQueue } from '../../record/board/find.ts'
import { loadEfforts } from '../../record/effort.ts'
import { loadPastTrials } from '../../record/past-trials.ts'
import { placesOf } from '../../record/queue-names.ts'
import { forecast, hardshipsOf, toHardship } from '../../trend/forecast.ts'
import type { Overview } from '../../trend/overview.ts'
import { stepsOf } from '../../trend/steps.ts'
import { type Desk, historyAt } from './desk.ts'

/** What is told of a queue over time. */
export interface TrendView {
  queue: string
  source: string
  points: TrendPoint[]
  /** Null where no history was imported. */
  overview: Overview | null
  forecast: Overview['forecast']
  /** What was to mend at the newest attempt. */
  toMend: number
  target: string
}

/** Null where there is no such queue, or nothing of it counts. */
export function trendView(desk: Desk, name: string): TrendView | null {
  const { board } = desk
  const queue = findQueue(board, name)
  const marks = queue ? attemptsOf(board, queue.id) : []
  const newest = marks.at(-1)
  if (!queue || !newest) return null
  const { source } = queueAt(board, newest.id)
  const overview = historyAt(desk, name, newest.id)?.overview ?? null
  const summaries = listSummaries(
    board.record,
    marks.map(({ id }) => id),
  )
  const own = summaries.find(({ id }) => id === newest.id)
  const places = placesOf(board.record, source)
  const hardships = hardshipsOf(summaries, loadPastTrials(board.record, places))
  const steps = stepsOf(loadEfforts(board.record, places))
  return {
    ...{ queue: name, source, overview, target: newest.target },
    points: pointsOf(overview, marks),
    forecast: own ? forecast(steps, hardships, toHardship(own)) : null,
    toMend: newest.tally.mend + newest.tally.repair,
  }
}

/** In the order of time: what the history says, and what attempts say. */
function pointsOf(overview: Overview | null, marks: ReturnType<typeof attemptsOf>): TrendPoint[] {
  const told = (overview?.life?.sizes ?? []).map(({ time, patches, byBurden }): TrendPoint => {
    const day = new Date(time * 1000).toISOString().slice(0, 10)
    return { day, patches, byKind: byBurden, mend: null, target: null }
  })
  const tried = marks.map(({ triedAt, tally, target }): TrendPoint => {
    return { day: triedAt.slice(0, 10), patches: tally.patches, byKind: null, mend: tally.mend + tally.repair, target }
  })
  return [...told, ...tried].sort((one, other) => (one.day < other.day ? -1 : one.day > other.day ? 1 : 0))
}
