/** Many queues: counted, found, sorted, a page at a time. */
import type { PageOf, PortfolioQuery, PortfolioView } from '../../model/dashboard.ts'
import { NEXTS, type Next } from '../../model/tally.ts'
import { AMONG, type Board, remembered, rowsOf } from './board.ts'
import { pagingOf } from './marks.ts'

/** So many queues are on a page. */
const PAGE = 50

const ORDERS: Readonly<Record<PortfolioQuery['sort'], string>> = {
  mend: 'mend DESC, decide DESC, patches DESC, id',
  decide: 'decide DESC, mend DESC, patches DESC, id',
  size: 'patches DESC, id',
  tried: 'tried_at DESC, id DESC',
  name: 'name',
}

/** How many queues there are to do each thing with. */
export function countByNext(board: Board): Record<Next, number> {
  return remembered(board.drawn, 'next', () => addByNext(board))
}

function addByNext({ drawn }: Board): Record<Next, number> {
  const rows = rowsOf<{ next: number; count: number }>(
    drawn,
    'SELECT next, count(*) AS count FROM queue WHERE attempt IS NOT NULL GROUP BY next',
  )
  const countOf = (at: number) => rows.find(({ next }) => next === at)?.count ?? 0
  return Object.fromEntries(NEXTS.map((next, at) => [next, countOf(at)])) as Record<Next, number>
}

/** The numbers of the queues on a page of those that are asked for. */
export function findQueues(board: Board, query: PortfolioQuery): { ids: number[]; paging: PageOf } {
  const { where, values } = conditionOf(query)
  const sql = `SELECT id FROM queue WHERE ${where} ORDER BY ${ORDERS[query.sort]}`
  const idsOf = (more: string, ...bound: readonly unknown[]) =>
    rowsOf<{ id: number }>(board.drawn, `${sql}${more}`, ...values, ...bound).map(({ id }) => id)
  if (query.text === '' && query.owners.length === 0) {
    const byNext = Object.entries(countByNext(board)).filter(([next]) => query.next === '' || next === query.next)
    const paging = pagingOf(
      byNext.reduce((sum, [, count]) => sum + count, 0),
      query.page,
      PAGE,
    )
    return { ids: idsOf(` LIMIT ${PAGE} OFFSET ?`, Math.max(0, paging.from - 1)), paging }
  }
  // To count what is found takes as long as to find it.
  const all = idsOf('')
  const paging = pagingOf(all.length, query.page, PAGE)
  return { ids: all.slice(Math.max(0, paging.from - 1), paging.to), paging }
}

/** The trigram index finds three characters in a row and more. */
const LEAST = 3

function conditionOf({ text, owners, next }: PortfolioQuery): { where: string; values: unknown[] } {
  const words = text.split(/\s+/).filter((word) => word !== '')
  const long = words.filter((word) => [...word].length >= LEAST)
  const short = words.filter((word) => [...word].length < LEAST)
  const conditions: [string, unknown[]][] = [['attempt IS NOT NULL', []]]
  if (owners.length > 0)
    conditions.push([`id IN (SELECT queue FROM owned WHERE owner IN ${AMONG})`, [JSON.stringify(owners)]])
  if (next !== '') conditions.push(['next = ?', [NEXTS.indexOf(next)]])
  if (long.length > 0) {
    const phrases = long.map((word) => `"${word.replaceAll('"', '""')}"`).join(' AND ')
    conditions.push(['id IN (SELECT rowid FROM words WHERE words MATCH ?)', [phrases]])
  }
  for (const word of short) conditions.push(['instr(lower(name), lower(?)) > 0', [word]])
  return { where: conditions.map(([sql]) => sql).join(' AND '), values: conditions.flatMap(([, values]) => values) }
}

/** So many commits, and of each so many queues, are named. */
const CULPRITS = 10
const QUEUES = 4

/** The upstream commits that break most queues now. */
export function worstCulprits(board: Board): PortfolioView['culprits'] {
  return remembered(board.drawn, 'culprits', () => seekCulprits(board))
}

function seekCulprits({ drawn }: Board): PortfolioView['culprits'] {
  const rows = rowsOf<{ sha: string; subject: string; author: string; count: number }>(
    drawn,
    `SELECT sha, max(subject) AS subject, max(author) AS author, count(*) AS count FROM culprit
     GROUP BY sha ORDER BY count DESC, sha LIMIT ${CULPRITS}`,
  )
  return rows.map((row) => {
    const queues = rowsOf<{ name: string }>(
      drawn,
      `SELECT name FROM culprit JOIN queue ON queue.id = culprit.queue WHERE sha = ? ORDER BY mend DESC, name LIMIT ${QUEUES}`,
      row.sha,
    )
    return { ...row, queues: queues.map(({ name }) => name) }
  })
}
