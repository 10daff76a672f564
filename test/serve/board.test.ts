import { copyFileSync, existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { saveWord } from '../../src/record/attempts.ts'
import { saveAudit } from '../../src/record/audits.ts'
import { openBoard } from '../../src/record/board/board.ts'
import { drawNext } from '../../src/record/board/draw.ts'
import { attemptsOf, findQueue, patchesAt } from '../../src/record/board/find.ts'
import { type Connection, openDatabase } from '../../src/record/database.ts'
import { saveQueueName } from '../../src/record/queue-names.ts'
import { insertAttempt, type SavedAttempt } from '../../src/record/save-attempt.ts'
import { openDashboard } from '../helpers/dashboard.ts'
import { attemptOfMany, sizesOf, writeRecordOfMany } from '../helpers/record-of-many.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'

const directory = temporaryDirectory()
let count = 0
const opened: Connection[] = []
afterAll(() => {
  for (const one of opened) one.close()
})

async function newBoard(file?: string) {
  const record = await openDatabase(file ?? join(directory, `${++count}.db`), 'write')
  const drawn = openBoard(join(directory, `${++count}.board`))
  opened.push(record, drawn)
  return { record, drawn }
}

async function drawAll(board: { record: Connection; drawn: Connection }): Promise<void> {
  while (await drawNext(board)) {}
}

const TABLES = ['queue', 'attempt', 'lineage', 'version', 'patch_at', 'owned', 'culprit', 'place']
const contentOf = ({ drawn }: { drawn: Connection }) => [
  ...TABLES.map((table) => drawn.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all()),
  drawn.prepare('SELECT at, kind, queue, attempt, lineage, patch FROM news ORDER BY 1, 2, 3, 4, 5').all(),
]

/** An attempt whose patches are called and made as is said: "name:content:verdict". */
function attemptWith(patches: readonly string[], target: string, number: number): SavedAttempt {
  const made = attemptOfMany(1, patches.length, target)
  const results = made.attempt.results.map((result, at) => {
    const [name = '', content = '', verdict = 'keep'] = (patches[at] ?? '').split(':')
    const kind = verdict === 'rework' ? 'conflicting' : verdict === 'drop' ? 'upstreamed' : 'applies'
    return {
      ...result,
      patch: { ...result.patch, name, digest: content.repeat(64).slice(0, 64) },
      verdict: { kind, action: verdict, reason: null },
    } as typeof result
  })
  const contents = new Map(results.map(({ patch }) => [patch.digest, Buffer.from(patch.digest)]))
  const revision = `sha256:${Buffer.from(patches.map((one) => one.split(':').slice(0, 2).join(':')).join()).toString('hex')}`
  return {
    ...made,
    attempt: { ...made.attempt, queue: { ...made.attempt.queue, revision }, results },
    ...{ contents, document: `sha256:${String(number).padStart(64, '0')}` },
  }
}

describe('a board', () => {
  it('is the same in whatever steps a record is drawn', async () => {
    const file = join(directory, 'many.db')
    const many = { queues: 130, patches: 400 }
    await writeRecordOfMany(file, many)
    const whole = await newBoard(file)
    await drawAll(whole)
    const stepwise = await newBoard()
    for (const target of ['v2.0', 'v2.1'])
      for (const [at, size] of sizesOf(many).entries()) {
        insertAttempt(stepwise.record, attemptOfMany(at, size, target))
        if (at % 17 === 0) await drawAll(stepwise)
      }
    await drawAll(stepwise)
    expect(contentOf(stepwise)).toEqual(contentOf(whole))
    await drawAll(whole)
    expect(contentOf(whole)).toEqual(contentOf(stepwise))
  })

  it('has places of one name as one queue, whenever they were named', async () => {
    const [before, after] = [await newBoard(), await newBoard()]
    const places = [0, 1].map((at) => attemptOfMany(at, 3, 'v2.0').attempt.queue.source)
    const name = (board: typeof before) =>
      saveQueueName(board.record, { name: 'xen', places, at: '2026-11-27T00:00:00.000Z' })
    await name(before)
    for (const board of [before, after])
      for (const target of ['v2.0', 'v2.1'])
        for (const at of [0, 1, 2]) insertAttempt(board.record, attemptOfMany(at, 3, target))
    await drawAll(after)
    expect(findQueue(after, 'xen')).toBeNull()
    await name(after)
    for (const board of [before, after]) await drawAll(board)
    expect(contentOf(after)).toEqual(contentOf(before))
    const xen = findQueue(after, 'xen')
    expect(attemptsOf(after, xen?.id ?? 0).map(({ id }) => id)).toEqual([1, 2, 4, 5])
    expect(after.drawn.prepare('SELECT name FROM queue ORDER BY id').pluck().all()).toEqual(['xen', 'package-00002'])
  })

  it('counts the patches of every queue once, whatever a page adds up', async () => {
    const board = await newBoard()
    for (let at = 0; at < 30; at++) insertAttempt(board.record, attemptOfMany(at, 3, 'v2.0'))
    await drawAll(board)
    const rows = board.drawn.prepare('SELECT * FROM attempt').all() as Record<string, number>[]
    for (const { patches, mend, repair, decide, wait, refresh, keep, leave } of rows)
      expect([mend, repair, decide, wait, refresh, keep, leave].reduce((sum = 0, one = 0) => sum + one, 0)).toBe(
        patches,
      )
  })

  it('knows a patch again by its content, else by its name, and gives no two the same lineage', async () => {
    const board = await newBoard()
    const lineagesOf = (id: number) => patchesAt(board, id).map(({ lineage }) => lineage)
    const steps = [
      ['a:1', 'b:2', 'c:3'],
      // Edited; renamed; moved.
      ['c:3', 'a:9', 'bb:2'],
      // A number as its name says nothing; a new one comes in between.
      ['0001.patch:4', 'c:3', 'new:5', 'a:9'],
      ['0001.patch:6', 'c:3', 'bb:2', 'a:1'],
    ]
    for (const [at, patches] of steps.entries()) insertAttempt(board.record, attemptWith(patches, 'v2.0', at))
    await drawAll(board)
    expect([1, 2, 3, 4].map(lineagesOf)).toEqual([
      [1, 2, 3],
      [3, 1, 2],
      [4, 3, 5, 1],
      [6, 3, 2, 1],
    ])
  })

  it('never gives one lineage to two patches of an attempt', async () => {
    const patch = fc
      .tuple(fc.constantFrom('a', 'b', 'c', '1'), fc.constantFrom('1', '2', '3'))
      .map((one) => one.join(':'))
    const queue = fc.uniqueArray(patch, { minLength: 1, maxLength: 4, selector: (one) => one.split(':')[0] })
    await fc.assert(
      fc.asyncProperty(fc.array(queue, { minLength: 1, maxLength: 5 }), async (queues) => {
        const board = await newBoard()
        for (const [at, patches] of queues.entries()) insertAttempt(board.record, attemptWith(patches, 'v2.0', at))
        await drawAll(board)
        for (const [at, patches] of queues.entries()) {
          const lineages = patchesAt(board, at + 1).map(({ lineage }) => lineage)
          expect(new Set(lineages).size).toBe(patches.length)
        }
      }),
      { numRuns: 20 },
    )
  })

  it('tells what broke and what leaves, and not what an older release makes of it', async () => {
    const board = await newBoard()
    const news = () => board.drawn.prepare('SELECT attempt, kind, patch FROM news ORDER BY id').raw().all()
    insertAttempt(board.record, attemptWith(['a:1:keep', 'b:2:keep', 'c:3:rework'], 'v2.0', 1))
    insertAttempt(board.record, attemptWith(['a:1:rework', 'b:2:drop', 'c:3:rework'], 'v2.1', 2))
    insertAttempt(board.record, attemptWith(['a:1:drop', 'b:2:rework', 'c:3:keep'], 'v1.9', 3))
    await drawAll(board)
    const told = [
      [2, 'broke', 'a'],
      [2, 'leaves', 'b'],
    ]
    expect(news()).toEqual(told)

    const word = { id: 1, reason: 'a mistake', by: 'ann', at: '2026-01-01T00:00:00Z' }
    await saveWord(board.record, { ...word, answer: 'withdrawn' })
    await drawAll(board)
    expect(news()).toEqual([])
    await saveWord(board.record, { ...word, answer: 'restored' })
    await drawAll(board)
    expect(news()).toEqual(told)
    const newest = () => board.drawn.prepare('SELECT attempt, mend FROM queue').raw().all()
    expect(newest()).toEqual([[3, 1]])
    for (const id of [1, 2, 3]) await saveWord(board.record, { ...word, id, answer: 'withdrawn' })
    await drawAll(board)
    expect(newest()).toEqual([[null, null]])
  })

  it('tells gates that failed, and claims that turned false', async () => {
    const board = await newBoard()
    const news = () => board.drawn.prepare('SELECT kind, patch, text FROM news ORDER BY id').raw().all()
    for (const target of ['v2.0', 'v2.0', 'v2.0'])
      insertAttempt(board.record, attemptWith(['a:1', 'b:2'], target, ++count))
    const claim = (holds: 'true' | 'false') => ({
      field: 'Forwarded',
      form: 'submitted',
      commit: null,
      at: 'nowhere',
      holds,
      differs: null,
      because: `it is ${holds}`,
    })
    const audit = (attempt: number, holds: 'true' | 'false', pass: boolean) =>
      saveAudit(board.record, { attempt, auditedAt: `2026-01-0${attempt}T00:00:00Z`, toolVersion: '0' }, {
        patches: [
          {
            ...{ position: 2, class: 'sent', because: '', next: 'keep', hygiene: [], age: null },
            debt: { points: 0, parts: { conflicts: 0, age: 0, refreshes: 0, size: 0, heat: 0 }, because: '' },
            claims: [claim(holds)],
          },
        ],
        gates: [{ gate: { text: 'no debug' }, pass, isAsked: true, because: 'one is', offences: [] }],
      } as unknown as Parameters<typeof saveAudit>[2])
    await audit(1, 'true', true)
    await audit(2, 'false', false)
    await audit(3, 'false', false)
    await drawAll(board)
    expect(news()).toEqual([
      ['gate', null, 'no debug: one is'],
      ['claim', 'b', 'Forwarded: it is false'],
    ])
  })

  it('is drawn anew where another record came in the place of its own, or it is damaged', async () => {
    const place = join(directory, 'place')
    const file = join(directory, 'changing.db')
    const write = async (queues: number) => {
      for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
      await writeRecordOfMany(file, { queues, patches: queues * 2 })
    }
    const heading = async () => {
      const open = await openDashboard(place, file)
      const { text } = await open.get('/portfolio')
      await open.close()
      return /<h1>(\d+) queues/.exec(text)?.[1]
    }
    await write(5)
    expect(await heading()).toBe('5')
    await write(3)
    expect(await heading()).toBe('3')
    const [board = ''] = readdirSync(join(place, 'cache', 'boards')).filter((name) => name.endsWith('.db'))
    copyFileSync(import.meta.filename, join(place, 'cache', 'boards', board))
    expect(await heading()).toBe('3')
    expect(existsSync(join(place, 'cache', 'boards', board))).toBe(true)
  })

  it('is nothing of an empty record, and every page says so', async () => {
    const file = join(directory, 'empty.db')
    ;(await openDatabase(file, 'write')).close()
    const open = await openDashboard(join(directory, 'empty'), file)
    expect((await open.get('/')).text).toContain('<h1>No queue yet</h1>')
    expect((await open.get('/portfolio')).text).toContain('<h1>No queue yet</h1>')
    expect((await open.get('/jobs')).text).toContain('<h1>No scan is recorded</h1>')
    expect((await open.get('/feed.atom')).text).toContain('<updated>1970-01-01T00:00:00Z</updated>')
    expect((await open.get('/badge.svg')).text).toContain('patch queues: nothing')
    expect(open.failures).toEqual([])
    await open.close()
  })
})
