/** What is new, read from a board: of one attempt at once. */
import type { News, NewsDetail, NewsFilter, NewsKind } from '../../model/dashboard.ts'
import { AMONG, type Board, rowsOf } from './board.ts'
import { addressOf } from './marks.ts'

/** So many patches of one piece of news are named. */
const NAMED = 10

interface Group {
  at: string
  kind: NewsKind
  attempt: number
  count: number
  queue: string
  document: string | null
  target: string
}

/** The newest first. */
export function readNews({ drawn }: Board, filter: NewsFilter, limit: number): News[] {
  const { where, values } = conditionOf(filter)
  const groups = rowsOf<Group>(
    drawn,
    `SELECT news.at, news.kind, news.attempt, news.count, queue.name AS queue, document, target
     FROM (SELECT at, kind, attempt, count(*) AS count FROM news WHERE ${where}
           GROUP BY at, attempt, kind ORDER BY at DESC, attempt DESC, kind LIMIT ?) AS news
       JOIN attempt ON attempt.id = news.attempt JOIN queue ON queue.id = attempt.queue
     ORDER BY at DESC, news.attempt DESC, kind`,
    ...values,
    limit,
  )
  return groups.map((group) => {
    const { at, kind, queue, target, count, attempt } = group
    const items = itemsOf({ drawn }, group, { where, values })
    return { at, kind, queue, target, count, attempt: addressOf({ id: attempt, document: group.document }), items }
  })
}

interface Condition {
  where: string
  values: unknown[]
}

function itemsOf(
  { drawn }: Pick<Board, 'drawn'>,
  { at, kind, attempt }: Group,
  { where, values }: Condition,
): NewsDetail[] {
  const rows = rowsOf<DetailRow>(
    drawn,
    `SELECT (SELECT number FROM lineage WHERE lineage.id = news.lineage) AS number, patch, text, sha, subject, author
     FROM news INDEXED BY news_by_attempt WHERE attempt = ? AND at = ? AND kind = ? AND ${where} ORDER BY id LIMIT ${NAMED}`,
    ...[attempt, at, kind, ...values],
  )
  return rows.map(({ number, patch, text, sha, subject, author }) => {
    return { lineage: number, patch, text, commit: sha === null ? null : { sha, subject: subject ?? '', author } }
  })
}

interface DetailRow {
  number: number | null
  patch: string | null
  text: string | null
  sha: string | null
  subject: string | null
  author: string | null
}

function conditionOf({ queue, owners, kinds, lineage, attempt, text }: NewsFilter): Condition {
  const own = 'SELECT id FROM queue WHERE name = ?'
  const conditions: [string, unknown[]][] = [['1', []]]
  if (queue !== undefined) conditions.push([`queue = (${own})`, [queue]])
  if (owners !== undefined && owners.length > 0) conditions.push([`owner IN ${AMONG}`, [JSON.stringify(owners)]])
  if (kinds !== undefined) conditions.push([`kind IN ${AMONG}`, [JSON.stringify(kinds)]])
  if (queue !== undefined && lineage !== undefined)
    conditions.push([`lineage = (SELECT id FROM lineage WHERE queue = (${own}) AND number = ?)`, [queue, lineage]])
  if (attempt !== undefined) conditions.push(['attempt = ?', [attempt]])
  if (text !== undefined && text !== '') {
    conditions.push([
      '(instr(lower(patch), lower(?)) > 0 OR queue IN (SELECT id FROM queue WHERE instr(lower(name), lower(?)) > 0))',
      [text, text],
    ])
  }
  return { where: conditions.map(([sql]) => sql).join(' AND '), values: conditions.flatMap(([, values]) => values) }
}
