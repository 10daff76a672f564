/** What queues are called in a record: places of one name are one queue. */
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { openDatabase } from '../../src/record/database.ts'
import { calledAt, nameAt, namesByPlace, placesNamed, placesOf, saveQueueName } from '../../src/record/queue-names.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'

const directory = temporaryDirectory()
let count = 0
const newRecord = () => openDatabase(join(directory, `${++count}.db`), 'write')
const at = '2026-01-01T00:00:00.000Z'

const place = fc.constantFrom('/a/series', '/b/series', '/c/series', '/d/series')
// A name is never taken for a place, even where it looks like one.
const name = fc.constantFrom('xen', 'kettle', '/a/series', null)

it('whatever is said, each place is of one queue, with all others of its name', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.record({ place, name })), async (words) => {
      const database = await newRecord()
      try {
        const last = new Map<string, string | null>()
        for (const word of words) {
          await saveQueueName(database, { name: word.name, places: [word.place], at })
          last.set(word.place, word.name)
        }
        for (const [one, said] of last) {
          expect(nameAt(database, one)).toBe(said)
          const others = [...last].filter(([other, also]) => other !== one && said !== null && also === said)
          expect(new Set(placesOf(database, one))).toEqual(new Set([one, ...others.map(([other]) => other)]))
        }
        const named = [...last].filter(([, said]) => said !== null)
        expect(namesByPlace(database)).toEqual(new Map(named as [string, string][]))
      } finally {
        database.close()
      }
    }),
    { numRuns: 25 },
  )
})

it('a place that nobody named is a queue of its own, called after it', async () => {
  const database = await newRecord()
  expect(nameAt(database, '/src/xen.pg/series')).toBeNull()
  expect(placesOf(database, '/src/xen.pg/series')).toEqual(['/src/xen.pg/series'])
  expect(placesNamed(database, 'xen')).toEqual([])
  expect(calledAt(database, '/src/xen.pg/series')).toBe('xen.pg')
  database.close()
})

it('what was said stays', async () => {
  const database = await newRecord()
  await saveQueueName(database, { name: 'xen', places: ['/a', '/b'], at })
  expect(() => database.exec(`UPDATE queue_name SET name = 'other'`)).toThrow('names are append-only')
  expect(() => database.exec('DELETE FROM queue_name')).toThrow('names are append-only')
  database.close()
})
