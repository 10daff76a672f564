import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openDatabase } from '../../src/record/database.ts'
import { openSqlite } from '../../src/record/sqlite.ts'
import { vacuum } from '../../src/record/vacuum.ts'
import { rebaseline } from '../helpers/cli.ts'
import { buildKettle } from '../helpers/scenario.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'

const home = temporaryDirectory()
const { upstream, queue } = buildKettle(home)
const record = join(home, 'record.db')
const run = (...words: string[]) => rebaseline(queue, [...words, '--db', record], { HOME: home })

/** All that is in a record, table by table. */
function contentOf(file: string): unknown {
  const database = openSqlite(file, 0)
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").pluck().all()
  const content = tables.map((table) => [table, database.prepare(`SELECT * FROM "${table}"`).raw().all()])
  database.close()
  return content
}

/** Leaves room in the file that nothing uses. */
function bloat(file: string): void {
  const database = openSqlite(file, 0)
  database.exec('CREATE TABLE bloat (x); INSERT INTO bloat VALUES (zeroblob(3000000)); DROP TABLE bloat')
  database.close()
}

it('makes the record small, and loses nothing of it', () => {
  for (const target of ['KETTLE-1.1.0', 'KETTLE-1.2.0']) run('try', '--upstream', upstream, '--onto', target)
  run('overrule', '8', 'keep', '--reason', 'so')
  bloat(record)
  const [content, size] = [contentOf(record), statSync(record).size]
  writeFileSync(`${record}.before-9`, 'x'.repeat(2000))
  const { code, stdout } = run('record', 'vacuum')
  expect(code).toBe(0)
  expect(stdout).toMatch(/record\.db: 3\.\d MiB before, \d+ KiB now; nothing that was recorded is lost\n/)
  expect(stdout).toMatch(/record\.db\.before-9: 2 KiB, a copy from before an update changed the record/)
  expect(statSync(record).size).toBeLessThan(size / 3)
  expect(contentOf(record)).toEqual(content)
  expect(run('show').stdout).toContain('KETTLE-1.2.0')
  expect(JSON.parse(run('record', 'vacuum', '--json').stdout)).toMatchObject({ schema: 'rebaseline/record@1', record })
})

it('waits for who has the record locked, and makes none', async () => {
  const file = join(home, 'locked.db')
  const database = await openDatabase(file, 'write')
  const other = openSqlite(file, 0)
  other.exec('BEGIN IMMEDIATE')
  const done = vacuum(database)
  other.exec('COMMIT')
  expect((await done).now).toBeGreaterThan(0)
  for (const one of [database, other]) one.close()
  expect(rebaseline(home, ['record', 'vacuum', '--db', 'none.db'])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/there is no record at/),
  })
  expect(rebaseline(home, ['record'])).toMatchObject({ code: 1, stderr: expect.stringContaining('say vacuum') })
})
