/** An audit of an attempt that is in the record says what one of a new attempt says. */
import { appendFileSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { git } from '../fixtures/build-upstream.ts'
import { auditQueue } from '../src/jobs/try/audit.ts'
import { auditToJson } from '../src/report/json/audit.ts'
import { auditToText } from '../src/report/text/audit.ts'
import { rebaseline } from './helpers/cli.ts'
import { jobContext } from './helpers/job-context.ts'
import { buildKettle } from './helpers/scenario.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
buildKettle(directory)
const TARGET = 'KETTLE-1.2.0'

/** A queue and an upstream of its own, with a record that an attempt is in. */
async function scene(name: string) {
  const home = join(directory, name)
  for (const one of ['queue', 'upstream']) cpSync(join(directory, one), join(home, one), { recursive: true })
  const [queue, upstream] = [join(home, 'queue'), join(home, 'upstream')]
  const audit = async (more: { target?: string; guards?: string[]; build?: string; record?: string } = {}) => {
    const { target = TARGET, guards = [], build = '0', record = 'record.db' } = more
    const request = { queue, upstream, base: 'KETTLE-1.0.0', guards, target, format: null, only: [], by: null }
    const asked = {
      ...request,
      past: { ages: new Map(), isWhole: true },
      security: { advisories: null, against: null },
    }
    const [told] = await auditQueue(asked, { ...jobContext(home, join(home, record)), build })
    if (!told) throw new Error('nothing was audited')
    return told
  }
  await audit()
  return { home, queue, upstream, audit }
}

type Scene = Awaited<ReturnType<typeof scene>>

describe('an audit of an attempt that is recorded', () => {
  it('says what an audit of a new one says', async () => {
    const { audit } = await scene('same')
    const told = [await audit({ record: 'other.db' }), await audit()]
    expect(told.map(({ audit: { attempt } }) => attempt)).toMatchObject([
      { id: 1, isRecorded: false },
      { id: 1, isRecorded: true },
    ])
    const [made, taken] = told.map((one) => {
      const { attempt: _, changes: __, ...said } = JSON.parse(auditToJson(one))
      return said
    })
    expect(taken).toEqual(made)
    const words = told.map((one) => auditToText(one, { width: 80, color: false, whole: true, locator: '', again: '' }))
    const line = /^as @1 of \d{4}-\d\d-\d\d found it: nothing that decides it has changed since$/m
    expect(words.map((text) => line.test(text))).toEqual([false, true])
    expect(told[1]?.audit.changes).toMatchObject({ came: [], left: [], reclassed: [], falseNow: [] })
  })

  const changes: Record<string, (place: Scene) => unknown> = {
    'a patch is another one': ({ queue }) => appendFileSync(join(queue, 'kettle-altitude.patch'), '\n'),
    'a patch changes hands': ({ queue }) => {
      const series = join(queue, 'series')
      writeFileSync(series, readFileSync(series, 'utf8').replace('# igor - sent', '# maude - sent'))
    },
    'a tag is set': ({ upstream }) => git(upstream, 'tag', 'KETTLE-1.1.9', 'KETTLE-1.1.0'),
    'a branch is set': ({ upstream }) => git(upstream, 'branch', 'side', 'KETTLE-1.1.0'),
    'a person answers': ({ home, queue }) => {
      const words = ['overrule', '--queue', queue, 'kettle-altitude', 'drop', '--reason', 'sold', '--db', 'record.db']
      expect(rebaseline(home, words)).toMatchObject({ code: 0 })
    },
    'a patch has a condition to go': ({ home }) =>
      writeFileSync(join(home, 'queue', 'rebaseline.yaml'), 'retire:\n  kettle-altitude.patch: base >= 1.0\n'),
    'the attempt is withdrawn': ({ home, queue }) => {
      const words = ['attempt', 'withdraw', '@1', '--reason', 'wrong', '--queue', queue, '--db', 'record.db']
      expect(rebaseline(home, words)).toMatchObject({ code: 0 })
    },
    'the record was changed': ({ home }) => {
      const database = new Database(join(home, 'record.db'))
      database.exec("INSERT INTO claim VALUES (1, 8, 'Upstream-Status', 'applied', 'a forged one', NULL)")
      database.close()
    },
    'the cache is gone': ({ home }) => rmSync(join(home, 'cache'), { recursive: true }),
  }

  it.each(Object.entries(changes))('tries again where %s', async (what, change) => {
    const place = await scene(what.replaceAll(' ', '-'))
    change(place)
    expect((await place.audit()).audit.attempt.isRecorded).toBe(false)
    expect((await place.audit()).audit.attempt.isRecorded).toBe(true)
  })

  it('tries again for other guards, with another build, and where another target was tried since', async () => {
    const { audit } = await scene('asked')
    for (const more of [{ guards: ['experimental'] }, { build: '1' }, { target: 'KETTLE-1.1.0' }, {}])
      expect((await audit(more)).audit.attempt.isRecorded).toBe(false)
    expect((await audit()).audit.attempt.isRecorded).toBe(true)
  })
})
