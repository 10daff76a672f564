/** One record holds all queues of a person: each command is about the one that is meant. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { git } from '../fixtures/build-upstream.ts'
import { rebaseline } from './helpers/cli.ts'
import { buildKettle } from './helpers/scenario.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
const { queue } = buildKettle(directory)
const package_ = join(directory, 'package')
const home = { HOME: directory }
const run = (where: string, ...args: string[]) => rebaseline(join(directory, where), args, home)
const tryOn = (where: string, onto: string) =>
  run(where, 'try', '--upstream', join(directory, 'upstream'), '--base', 'KETTLE-1.0.0', '--onto', onto)

/** Attempts 1 and 3 of one queue, 2 of another, which a Debian package carries. */
beforeAll(() => {
  mkdirSync(join(package_, 'debian', 'patches'), { recursive: true })
  cpSync(queue, join(package_, 'debian', 'patches'), { recursive: true })
  writeFileSync(join(package_, 'debian', 'patches', 'series'), 'kettle-altitude.patch\n')
  expect(tryOn('queue', 'KETTLE-1.2.0').code).toBe(0)
  expect(tryOn('package', 'KETTLE-1.2.0').code).toBe(0)
  expect(tryOn('queue', 'KETTLE-1.1.0').code).toBe(0)
})

const numbersIn = (text: string) => JSON.parse(text).attempts.map(({ id }: { id: number }) => id)

describe('the record of a person', () => {
  it('is in the state directory, and nobody else can read it', () => {
    const state = join(directory, '.local', 'state', 'rebaseline')
    expect(statSync(state).mode & 0o777).toBe(0o700)
    expect(statSync(join(state, 'record.db')).mode & 0o777).toBe(0o600)
    expect(existsSync(join(queue, '.rebaseline'))).toBe(false)
  })

  it('holds all queues; a command is about the one that one stands in, or that is named', () => {
    expect(numbersIn(run('queue', 'show', '--json').stdout)).toEqual([1, 3])
    expect(numbersIn(run('package', 'show', '--json').stdout)).toEqual([2])
    expect(numbersIn(run('package/debian', 'show', '--json').stdout)).toEqual([2])
    expect(numbersIn(run('package', 'show', '--json', '--queue', '../queue').stdout)).toEqual([1, 3])
    expect(run('package', 'show', '1').stdout).toContain('kettle-altitude.patch')
  })

  it('holds a queue once, whatever links lead to it', () => {
    const debian = join(package_, 'debian')
    symlinkSync(debian, join(directory, 'linked'))
    symlinkSync(join(debian, 'patches', 'series'), join(directory, 'linked-series'))
    for (const link of ['../linked/patches', '../linked/patches/series', '../linked-series'])
      expect(numbersIn(run('queue', 'show', '--json', '--queue', link).stdout)).toEqual([2])
    const own = ['--db', join(directory, 'linked.db')]
    const rest = ['--upstream', join(directory, 'upstream'), '--base', 'KETTLE-1.0.0', '--onto', 'KETTLE-1.2.0']
    expect(run('upstream', 'try', '--queue', '../linked-series', ...rest, ...own).code).toBe(0)
    expect(numbersIn(run('package', 'show', '--json', ...own).stdout)).toEqual([1])
  })

  it('names the queues that it knows where one has no attempt: it may have been moved', () => {
    cpSync(package_, join(directory, 'copy'), { recursive: true })
    const { code, stdout, stderr } = run('copy', 'show')
    expect([code, stdout]).toEqual([0, 'next  rebaseline try --help   nothing is recorded yet\n'])
    expect(stderr).toMatch(/^note: no attempt of .*copy\/debian\/patches\/series is recorded; .*: .*queue\/series, /)
  })

  it('takes a directory with stray patches for a queue only where it is named, or was tried', () => {
    const stray = join(directory, 'stray')
    mkdirSync(stray)
    cpSync(join(queue, 'kettle-altitude.patch'), join(stray, 'kettle-altitude.patch'))
    const own = ['--db', join(directory, 'stray.db')]
    const rest = ['--upstream', '../upstream', '--base', 'KETTLE-1.0.0', '--onto', 'KETTLE-1.2.0', ...own]
    const { code, stderr } = run('stray', 'try', ...rest)
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(
        /stray has no series, and is in no directory .*\n {2}hint: .*"--queue \." takes the \*\.patch/,
      ),
    ])
    expect(run('stray', 'show').stderr).toContain('no queue is here, and the record knows 2')
    expect(run('stray', 'try', '--queue', '.', ...rest).code).toBe(0)
    expect(numbersIn(run('stray', 'show', '--json', ...own).stdout)).toEqual([1])
    expect(numbersIn(run('queue', 'show', '--json', '--queue', '../stray', ...own).stdout)).toEqual([1])
  })

  it('is of the queue around the directory that one stands in, for try as for all', () => {
    const own = ['--db', join(directory, 'around.db')]
    const rest = ['--upstream', '../../upstream', '--base', 'KETTLE-1.0.0', '--onto', 'KETTLE-1.2.0', ...own]
    expect(run('package/debian', 'try', ...rest).code).toBe(0)
    expect(numbersIn(run('package', 'show', '--json', ...own).stdout)).toEqual([1])
  })

  it('is not made at a path that was mistyped', () => {
    const typo = ['--db', join(directory, 'typo.db')]
    for (const args of [
      ['attempt', 'withdraw', '1', '--reason', 'r'],
      ['attempt', 'restore', '1'],
      ['overrule', '1', 'keep', '--reason', 'r'],
    ])
      expect(run('queue', ...args, ...typo).stderr).toContain('there is no record at')
    expect(existsSync(join(directory, 'typo.db'))).toBe(false)
  })

  it('asks which queue is meant where one stands in none', () => {
    const { code, stderr } = run('upstream', 'show')
    expect(code).toBe(2)
    expect(stderr).toMatch(
      /no queue is here, and the record knows 2: .*queue\/series, .*\n {2}hint: name one with --queue/,
    )
  })

  it('knows a queue that is gone by where it was', () => {
    renameSync(package_, join(directory, 'moved'))
    const former = ['--queue', join(package_, 'debian', 'patches', 'series')]
    expect(numbersIn(run('upstream', 'show', '--json', ...former).stdout)).toEqual([2])
    expect(numbersIn(run('upstream', 'show', '--json', '--queue', package_).stdout)).toEqual([2])
    renameSync(join(directory, 'moved'), package_)
  })

  it('is another where the environment names one', () => {
    const named = { ...home, REBASELINE_DB: join(directory, 'team.db') }
    expect(rebaseline(queue, ['show'], named).stderr).toContain(`there is no record at ${named.REBASELINE_DB}`)
  })
})

describe('the history of one queue', () => {
  it('is not told as that of another', () => {
    const db = ['--db', join(directory, 'lives.db')]
    git(queue, 'init', '--quiet', '--initial-branch=main')
    git(queue, 'add', '--all')
    git(queue, 'commit', '--quiet', '--message', 'Begin')
    expect(run('upstream', 'history', 'import', '--repo', '../queue', ...db).code).toBe(0)
    const file = join(directory, 'both.json')
    writeFileSync(file, run('upstream', 'attempt', 'export', '--all').stdout)
    run('upstream', 'attempt', 'import', file, ...db)
    expect(run('queue', 'history', ...db).code).toBe(0)
    expect(run('package', 'history', ...db).stderr).toContain('no history of this queue is recorded')
    rmSync(join(queue, '.git'), { recursive: true })
  })
})

describe('--attempt', () => {
  it('says which attempt is meant, for all that reports', () => {
    const report = (...args: string[]) => JSON.parse(run('queue', 'report', '--format', 'json', ...args).stdout)
    expect(report().latest.target.ref).toBe('KETTLE-1.1.0')
    expect(report('--attempt', '1').latest.target.ref).toBe('KETTLE-1.2.0')
    expect(run('queue', 'effort', 'forecast', '--attempt', '1').stdout).toContain('KETTLE-1.0.0 -> KETTLE-1.2.0')
    expect(run('queue', 'report', '--attempt', '9').stderr).toMatch(/there is no attempt @9\n {2}hint: /)
    const twice = run('queue', 'effort', 'forecast', '1', '--attempt', '3')
    expect([twice.code, twice.stderr]).toEqual([1, expect.stringContaining('attempt @1, or --attempt @3?')])
  })

  it('is of the queue that is meant', () => {
    const commands = [
      ['report', '--attempt', '1'],
      ['show', '@1', '2'],
      ['attempt', 'export', '1'],
      ['attempt', 'withdraw', '1', '--reason', 'r'],
      ['overrule', '1', 'keep', '--attempt', '1', '--reason', 'r'],
    ]
    for (const args of commands) {
      const { code, stderr } = run('package', ...args)
      expect([args, code, stderr]).toEqual([
        ...[args, 2],
        expect.stringMatching(/attempt @1 is of another queue: (.*queue\/series)\n {2}hint: say --queue \1\n/),
      ])
    }
    expect(run('package', 'report', '--attempt', '1', '--queue', '../queue').code).toBe(0)
    expect(run('upstream', 'report', '--attempt', '1').code).toBe(0)
  })
})

describe('attempt', () => {
  it('is carried to another record as a document, twice without effect', () => {
    const file = join(directory, 'attempts.json')
    writeFileSync(file, run('upstream', 'attempt', 'export', '--all').stdout)
    const lines = readFileSync(file, 'utf8').trim().split('\n')
    expect(lines.map((line) => JSON.parse(line).target.ref)).toEqual(['KETTLE-1.2.0', 'KETTLE-1.2.0', 'KETTLE-1.1.0'])
    const other = ['--db', join(directory, 'other.db')]
    expect(run('queue', 'attempt', 'import', file, ...other).stdout).not.toContain('known already')
    expect(run('queue', 'attempt', 'import', file, ...other).stdout.match(/known already/g)).toHaveLength(3)
    expect(run('queue', 'attempt', 'export', '--all', ...other).stdout).toBe(`${lines.join('\n')}\n`)
    for (const args of [['@1'], ['@1', '3']])
      expect(run('queue', 'show', ...args, '--json', ...other).stdout).toBe(
        run('queue', 'show', ...args, '--json').stdout,
      )
  })

  it('is not imported from nothing', () => {
    const nothing = run('queue', 'attempt', 'import', '../upstream')
    expect([nothing.code, nothing.stderr]).toEqual([2, expect.stringContaining('../upstream holds no document')])
    expect(run('queue', 'attempt', 'import', '../nowhere').code).toBe(2)
  })

  it('that is withdrawn counts no more, and stays', () => {
    const own = ['--db', join(directory, 'withdrawn.db')]
    writeFileSync(join(directory, 'three.json'), run('upstream', 'attempt', 'export', '--all').stdout)
    run('queue', 'attempt', 'import', '../three.json', ...own)
    const withdrawn = run('queue', 'attempt', 'withdraw', '3', '--reason', 'the wrong base', ...own)
    expect(withdrawn.stdout).toMatch(
      /^attempt @3 is withdrawn: it stays recorded, and counts no more\n\nnext {2}rebaseline attempt restore --db .* @3 {3}/,
    )
    expect(numbersIn(run('queue', 'show', '--json', ...own).stdout)).toEqual([1])
    const was =
      /attempt @3 was withdrawn by \S+ on .*: the wrong base\n {2}hint: "rebaseline attempt restore --db .* @3"/
    expect(run('queue', 'attempt', 'withdraw', '3', '--reason', 'again', ...own).stderr).toMatch(was)
    expect(run('queue', 'show', '@3', ...own).stderr).toMatch(was)
    expect(run('queue', 'attempt', 'withdraw', '1', '--reason', ' ', ...own).code).toBe(1)
    expect(run('queue', 'attempt', 'import', '../three.json', ...own).stdout.split('\n')[2]).toMatch(
      /^attempt @3 .*\(known already, and withdrawn: it counts no more; "rebaseline attempt restore @3"/,
    )
    run('queue', 'attempt', 'withdraw', '1', '--reason', 'the wrong base', ...own)
    expect(run('queue', 'show', ...own).stderr).toMatch(/^note: all attempts of .* are withdrawn: @1, @3; /)
    expect(run('queue', 'attempt', 'restore', '3', ...own).stdout).toBe('attempt @3 counts again\n')
    expect(numbersIn(run('queue', 'show', '--json', ...own).stdout)).toEqual([3])
    expect(run('queue', 'attempt', 'restore', '3', ...own).stderr).toContain('attempt @3 is not withdrawn')
  })
})

describe('overrule', () => {
  it('lists the answers on patches of the queue that is meant, or of the attempt', () => {
    const own = ['--db', join(directory, 'overruled.db')]
    writeFileSync(join(directory, 'overruled.json'), run('upstream', 'attempt', 'export', '--all').stdout)
    run('queue', 'attempt', 'import', '../overruled.json', ...own)
    const answers = (where: string, ...args: string[]) =>
      JSON.parse(run(where, 'overrule', '--json', ...args, ...own).stdout).overrules.map(
        ({ names }: { names: string[] }) => names,
      )
    const [other] = JSON.parse(run('queue', 'show', '@1', '--json').stdout).patches.filter(
      ({ name }: { name: string }) => name !== 'kettle-altitude.patch',
    )
    expect(run('queue', 'overrule', other.name, 'keep', '--reason', 'r', ...own).code).toBe(0)
    expect(run('package', 'overrule', '1', 'keep', '--reason', 'r', ...own).code).toBe(0)
    expect(answers('queue')).toEqual([[other.name], ['kettle-altitude.patch']])
    expect(answers('package')).toEqual([['kettle-altitude.patch']])
    expect(answers('upstream', '--attempt', '2')).toEqual([['kettle-altitude.patch']])
    run('package', 'attempt', 'withdraw', '2', '--reason', 'r', ...own)
    expect(answers('package')).toEqual([['kettle-altitude.patch']])
  })
})
