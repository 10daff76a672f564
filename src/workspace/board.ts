/** The board of a record, in the cache. */
import { createHash } from 'node:crypto'
import { realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { JobContext } from '../model/job.ts'
import { type Board, onlyRead, openBoard } from '../record/board/board.ts'
import { isOfRecord } from '../record/board/draw.ts'
import { makePrivate } from './private.ts'
import { type Place, recordPath, withRecord } from './record.ts'

/** Opens a record and its board for as long as `use` needs them. */
export async function withBoard<Result>(
  place: Pick<Place, 'db'>,
  context: JobContext,
  use: (board: Board) => Promise<Result>,
): Promise<Result> {
  const path = await recordPath(place, context)
  return withRecord({ ...place, db: path }, 'read', context, async (record) => {
    onlyRead(record)
    const directory = join(context.cache, 'boards')
    makePrivate(directory)
    const name = createHash('sha256').update(realpathSync(path)).digest('hex').slice(0, 16)
    const file = join(directory, `${name}.db`)
    const board = boardOf(record, file)
    try {
      return await use(board)
    } finally {
      board.drawn.close()
    }
  })
}

/** Where another record has come in its place, all is drawn anew. */
function boardOf(record: Board['record'], file: string): Board {
  const board = { record, drawn: openBoard(file) }
  if (isOfRecord(board)) return board
  board.drawn.close()
  for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
  return { record, drawn: openBoard(file) }
}
