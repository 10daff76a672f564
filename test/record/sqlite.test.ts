import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Connection } from '../../src/record/connection.ts'
import { openSqlite, sqliteCode } from '../../src/record/sqlite.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'

const directory = temporaryDirectory()

function withTable<Result>(use: (database: Connection) => Result): Result {
  const database = openSqlite(':memory:', 0)
  database.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, whole INTEGER, text TEXT, bytes BLOB) STRICT')
  try {
    return use(database)
  } finally {
    database.close()
  }
}

function codeOf(work: () => unknown): string | null {
  try {
    work()
    return null
  } catch (error) {
    return sqliteCode(error)
  }
}

const value = {
  whole: fc.option(fc.maxSafeInteger()),
  // Node 22 cuts a text at a NUL.
  text: fc.option(fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'))),
  bytes: fc.option(fc.uint8Array().map((bytes) => Buffer.from(bytes.buffer))),
}

describe('SQLite', () => {
  it('gives back what was put in, as rows, lists and single values', () => {
    withTable((database) => {
      const insert = database.prepare('INSERT INTO t VALUES (NULL, $whole, $text, $bytes)')
      const select = () => database.prepare<[number | bigint]>('SELECT whole, text, bytes FROM t WHERE id = ?')
      fc.assert(
        fc.property(fc.record(value), (row) => {
          const { lastInsertRowid: id } = insert.run({ ...row, unknown: 'is not asked for' })
          const read = select().get(id)
          expect({ ...(read as object) }).toEqual(row)
          expect(select().raw().all(id)).toEqual([[row.whole, row.text, row.bytes]])
          expect(select().pluck().get(id)).toBe(row.whole)
        }),
      )
      expect(select().get(-1)).toBeUndefined()
      expect(select().pluck().get(-1)).toBeUndefined()
      expect(select().raw().all(-1)).toEqual([])
    })
  })

  it('says how many rows it wrote', () => {
    withTable((database) => {
      const insert = database.prepare('INSERT INTO t (id) VALUES (?) ON CONFLICT DO NOTHING')
      expect(insert.run(7)).toEqual({ changes: 1, lastInsertRowid: 7 })
      expect(insert.run(7).changes).toBe(0)
    })
  })

  it('does a transaction whole or not at all, and goes on behind one that failed', () => {
    withTable((database) => {
      const count = database.prepare('SELECT count(*) FROM t').pluck()
      const insert = database.prepare('INSERT INTO t (id) VALUES (?)')
      const add = database.transaction((...ids: number[]) => ids.map((id) => insert.run(id)).length)
      expect(add(1, 2)).toBe(2)
      expect(codeOf(() => add(3, 1))).toMatch(/^SQLITE_CONSTRAINT/)
      expect(codeOf(() => add.immediate(4, 2))).toMatch(/^SQLITE_CONSTRAINT/)
      expect(count.get()).toBe(2)
      expect(add.immediate(3, 4)).toBe(2)
      expect(count.get()).toBe(4)
    })
  })

  it('does one transaction in another, and takes back only what failed of it', () => {
    withTable((database) => {
      const ids = database.prepare('SELECT id FROM t ORDER BY id').pluck()
      const insert = database.prepare('INSERT INTO t (id) VALUES (?)')
      const add = database.transaction((...added: number[]) => added.map((id) => insert.run(id)).length)
      const both = database.transaction(() => {
        insert.run(1)
        expect(codeOf(() => add(2, 1))).toMatch(/^SQLITE_CONSTRAINT/)
        return add.immediate(3, 4)
      })
      expect(both()).toBe(2)
      expect(ids.all()).toEqual([1, 3, 4])
      expect(codeOf(() => database.transaction(() => [add(5), insert.run(1)])())).toMatch(/^SQLITE_CONSTRAINT/)
      expect(ids.all()).toEqual([1, 3, 4])
    })
  })

  it('answers pragmas', () => {
    withTable((database) => {
      database.pragma('user_version = 7')
      expect(database.pragma('user_version', { simple: true })).toBe(7)
      expect(database.pragma('user_version')).toMatchObject([{ user_version: 7 }])
    })
  })

  it('names what went wrong', () => {
    const path = (name: string) => join(directory, name)
    const [one, other] = [openSqlite(path('two.db'), 0), openSqlite(path('two.db'), 0)]
    one.exec('BEGIN EXCLUSIVE')
    expect(codeOf(() => other.exec('BEGIN EXCLUSIVE'))).toBe('SQLITE_BUSY')
    for (const database of [one, other]) database.close()
    writeFileSync(path('text.db'), 'no database, '.repeat(100))
    const text = openSqlite(path('text.db'), 0)
    expect(codeOf(() => text.pragma('user_version'))).toBe('SQLITE_NOTADB')
    text.close()
    expect(codeOf(() => openSqlite(directory, 0))).toMatch(/^SQLITE_CANTOPEN/)
    withTable((database) => {
      database.pragma('max_page_count = 3')
      expect(codeOf(() => database.exec('INSERT INTO t (bytes) VALUES (zeroblob(100000))'))).toBe('SQLITE_FULL')
      expect(codeOf(() => database.prepare('SELECT nothing'))).toBe('SQLITE_ERROR')
    })
    expect([null, new Error('other'), 'text'].map(sqliteCode)).toEqual([null, null, null])
  })
})
