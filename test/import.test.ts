/** Documents of attempts, as they come: whole, damaged, packed, with other line ends. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Attempt } from '../src/model/attempt.ts'
import { documentOf, readDocument } from '../src/record/attempt-document.ts'
import { rebaseline } from './helpers/cli.ts'
import { buildKettle } from './helpers/scenario.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
buildKettle(directory)
const run = (...args: string[]) => rebaseline(directory, args)
const into = (db: string, ...files: string[]) => run('attempt', 'import', ...files, '--db', db)
const numbersIn = (db: string) => {
  const { stdout } = run('show', '--json', '--queue', 'queue', '--db', db)
  return JSON.parse(stdout).attempts.map(({ id }: { id: number }) => id)
}

const place = ['--queue', 'queue', '--upstream', 'upstream', '--base', 'KETTLE-1.0.0']
run('try', ...place, '--onto', 'KETTLE-1.1.0')
run('overrule', 'kettle-altitude.patch', 'keep', '--reason', 'the "ARM" half', '--queue', 'queue', '--by', 'ann')
run('try', ...place, '--onto', 'KETTLE-1.2.0')
const lines = run('attempt', 'export', '--all').stdout.trim().split('\n')
const [first = '', second = ''] = lines
const put = (name: string, content: string | Uint8Array) => {
  writeFileSync(join(directory, name), content)
  return name
}

describe('attempt import', () => {
  it('knows an attempt again that was made in this very record', () => {
    const { code, stdout } = run('attempt', 'import', put('own.json', `${first}\n${second}\n`))
    expect(code).toBe(0)
    expect(stdout.match(/known already/g)).toHaveLength(2)
  })

  it('reads what export wrote of patches that are not in ASCII', () => {
    const place = join(directory, 'letters')
    const { queue } = buildKettle(place)
    for (const name of readdirSync(queue).filter((one) => one.endsWith('.patch'))) {
      const path = join(queue, name)
      writeFileSync(path, `Łukasz’s patch\n\n${readFileSync(path, 'utf8')}`)
    }
    const from = ['--queue', 'letters/queue', '--db', 'letters.db']
    run('try', ...from, '--upstream', 'letters/upstream', '--base', 'KETTLE-1.0.0', '--onto', 'KETTLE-1.2.0')
    const { stdout } = run('attempt', 'export', ...from)
    expect(stdout).toContain('\\u0081')
    expect(into('others.db', put('letters.json', stdout)).code).toBe(0)
    expect(into('letters.db', 'letters.json').stdout).toContain('known already')
  })

  it('takes all documents or none, and names the one that is wrong', () => {
    // The same queue revision with fewer patches is found out only where it is recorded.
    const { attempt, timing, contents } = readDocument(second, 'second')
    const fewer = { ...attempt, results: attempt.results.slice(1) } as Attempt
    put('fewer.json', `${first}\n\n${documentOf({ attempt: fewer, timing, contents }).text}\n`)
    const { code, stdout, stderr } = into('none.db', 'fewer.json')
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(
      /fewer\.json:3: the record has the same queue revision with other patches\n {2}hint: .*; nothing was imported, of no document\n/,
    )
    expect(numbersIn('none.db')).toEqual([])
  })

  it('says which answers of people count since', () => {
    const answered = put('answered.json', `${first}\n${second}\n`)
    const { stdout } = into('answers.db', answered)
    expect(stdout).toMatch(
      /\nanswers of people that came with them, and count from now on:\nkeep {2}kettle-altitude.patch\n {6}ann, \d{4}-\d\d-\d\d: the "ARM" half\n$/,
    )
    expect(into('answers.db', answered).stdout).not.toContain('answers of people')
  })

  it('reads a byte order mark, and lines that end with CRLF', () => {
    const whole = `${JSON.stringify(JSON.parse(first), null, 2)}\n`
    for (const [at, text] of [`${first}\n${second}\n`, whole].entries()) {
      put('dos.json', `\ufeff${text.replaceAll('\n', '\r\n')}`)
      expect(into(`dos-${at}.db`, 'dos.json').code).toBe(0)
      expect(numbersIn(`dos-${at}.db`)).toEqual(at === 0 ? [1, 2] : [1])
    }
  })

  it('refuses what is compressed, with the way out', () => {
    put('packed.json', gzipSync(first))
    const { code, stderr } = into('packed.db', 'packed.json')
    const file = join(directory, 'packed.json')
    expect([code, stderr]).toEqual([
      2,
      `rebaseline: ${file} is compressed\n  hint: unpack it first: zcat ${file} | rebaseline attempt import -\n`,
    ])
  })

  it('refuses what stands for no byte, by the path of its field', () => {
    const document = JSON.parse(second)
    const at = document.results.findIndex((one: { upstream: { fates: unknown[] } }) => one.upstream.fates.length > 0)
    document.results[at].upstream.fates[0].path = 'ĳ'
    put('wide.json', JSON.stringify(document))
    expect(into('wide.db', 'wide.json').stderr).toContain(
      `wide.json: no attempt: results.${at}.upstream.fates.0.path: a character above U+00FF is no byte`,
    )
  })
})
