/** A queue with a name is one queue wherever it is; and nobody else's takes its name. */
import { cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { git } from '../fixtures/build-upstream.ts'
import { rebaseline } from './helpers/cli.ts'
import { buildKettle } from './helpers/scenario.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const scene = temporaryDirectory()
buildKettle(scene)
let count = 0
let home = ''
const run = (where: string, ...args: string[]) => rebaseline(join(home, where), args, { HOME: home })

const nameIt = (where: string, name: string) => {
  const file = join(home, where, 'rebaseline.yaml')
  const lines = readFileSync(file, 'utf8').replace(/^name: .*\n/m, '')
  writeFileSync(file, `${lines}name: ${name}\n`)
}
const copyTo = (where: string) => cpSync(join(home, 'queue'), join(home, where), { recursive: true })
const attemptsIn = (where: string, ...args: string[]): number[] => {
  const { stdout } = run(where, 'show', '--json', ...args)
  return stdout === '' ? [] : JSON.parse(stdout).attempts.map(({ id }: { id: number }) => id)
}

/** A user with a queue that was tried once, and has a name. */
beforeEach(() => {
  home = join(scene, `home-${++count}`)
  for (const name of ['upstream', 'queue']) cpSync(join(scene, name), join(home, name), { recursive: true })
  expect(run('queue', 'init', '--name', 'kettle').code).toBe(0)
  expect(run('queue', 'try').code).toBe(0)
})

describe('a queue that gets a name', () => {
  it('keeps its past, and says so once', () => {
    rmSync(join(home, '.local'), { recursive: true })
    nameIt('queue', 'unnamed')
    run('queue', 'init', '--force')
    run('queue', 'try')
    nameIt('queue', 'kettle')
    expect(run('queue', 'show').stderr).toMatch(/yaml:\d+: name: kettle counts once you say "rebaseline init --trust"/)
    const { code, stderr } = run('queue', 'init', '--trust')
    expect([code, stderr]).toEqual([0, 'note: the queue is kettle from now on, and its attempt comes with it\n'])
    expect(run('queue', 'init', '--trust').stderr).toBe('')
    expect(attemptsIn('queue')).toEqual([1])
    expect(run('queue', 'show', '@1').stdout).toMatch(/^kettle: 13 patches on /)
  })

  it('is renamed with all that it was, also where it is no more', () => {
    renameSync(join(home, 'queue'), join(home, 'moved'))
    run('moved', 'init', '--trust', '--join')
    nameIt('moved', 'pot')
    expect(run('moved', 'init', '--trust').stderr).toBe(
      'note: the queue kettle is pot from now on, and its attempt comes with it\n',
    )
    expect(attemptsIn('moved')).toEqual([1])
    expect(attemptsIn('upstream', '--queue', '../queue/series')).toEqual([1])
  })

  it('is known by its place again where its config names it no more', () => {
    const file = join(home, 'queue', 'rebaseline.yaml')
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^name: .*\n/m, ''))
    run('queue', 'init', '--trust')
    expect(run('queue', 'show', '@1').stdout).toMatch(/^queue: 13 patches on /)
    expect(attemptsIn('queue')).toEqual([1])
  })
})

describe('another checkout of a queue', () => {
  beforeEach(() => {
    run('queue', 'effort', 'log', '--from', '1.0.0', '--to', '1.1.0', '--duration', '3 days')
    run('queue', 'overrule', 'kettle-altitude.patch', 'keep', '--reason', 'it is needed')
  })

  /** What each command finds there. */
  const expectAll = (where: string) => {
    expect(attemptsIn(where)).toEqual([1])
    expect(run(where, 'show').stderr).toBe('')
    expect(JSON.parse(run(where, 'effort', 'list', '--json').stdout).efforts).toHaveLength(1)
    expect(JSON.parse(run(where, 'overrule', '--json').stdout).overrules).toHaveLength(1)
    const report = JSON.parse(run(where, 'report', '--format', 'json').stdout)
    expect([report.queue.name, report.latest.attempt]).toEqual(['kettle', 1])
    expect(run(where, 'resolve').stdout).toMatch(/^resolve of @1: kettle onto KETTLE-1.2.0/)
    expect(run(where, 'export', '--in-place').stdout).toContain(`as it was: ${join(home, where)}.before-attempt-1`)
  }

  it('is that queue once a person says so, for all commands', () => {
    copyTo('other')
    expect(attemptsIn('other')).toEqual([])
    expect(run('other', 'init', '--trust', '--join').stderr).toBe(
      'note: the queue is kettle from now on, and its attempt comes with it\n',
    )
    expectAll('other')
    expect(run('other', 'audit').code).toBe(0)
    expect(attemptsIn('queue')).toEqual([1, 2])
  })

  it('is that queue after a move', () => {
    renameSync(join(home, 'queue'), join(home, 'moved'))
    run('moved', 'init', '--trust', '--join')
    expectAll('moved')
  })

  it('is that queue in a work tree of its repository, with its history', () => {
    git(join(home, 'queue'), 'init', '--quiet', '--initial-branch=main')
    git(join(home, 'queue'), 'add', '--all')
    git(join(home, 'queue'), 'commit', '--quiet', '--message', 'Begin')
    expect(run('queue', 'history', 'import').code).toBe(0)
    git(join(home, 'queue'), 'worktree', 'add', '--quiet', '../tree')
    run('tree', 'init', '--trust', '--join')
    expect(run('tree', 'history').stdout).toMatch(/^kettle, branch main: 1 revision/)
    expectAll('tree')
  })

  it('is that queue for a record of a team, on a machine that never saw it', () => {
    const team = ['--db', join(home, 'team.db')]
    run('queue', 'try', ...team)
    copyTo('ci')
    rmSync(join(home, '.local'), { recursive: true })
    run('ci', 'init', '--trust', '--join')
    expect(attemptsIn('ci', ...team)).toEqual([1])
    run('ci', 'try', ...team)
    expect(attemptsIn('ci', ...team)).toEqual([1, 2])
  })

  it('that is another queue by now has its own past, and the first one keeps its own', () => {
    copyTo('fork')
    run('fork', 'init', '--trust', '--join')
    run('fork', 'try')
    nameIt('fork', 'fork')
    expect(run('fork', 'init', '--trust').stderr).toContain(
      'the queue kettle is fork from now on, and its attempt comes',
    )
    expect(attemptsIn('fork')).toEqual([2])
    expect(attemptsIn('queue')).toEqual([1])
  })
})

describe("a stranger's queue with the name of one's own", () => {
  beforeEach(() => {
    copyTo('theirs')
    writeFileSync(join(home, 'theirs', 'series'), 'kettle-altitude.patch\n')
  })

  it('is another queue, and one is told how to say otherwise', () => {
    const { code, stderr } = run('theirs', 'try', '--upstream', '../upstream')
    expect(code).toBe(0)
    expect(stderr).toMatch(
      /name: kettle is what the queue at .*\/queue\/series is called; if it is this one.*"rebaseline init --trust --join"; if not, write another name/,
    )
    expect(attemptsIn('theirs')).toEqual([2])
    expect(attemptsIn('queue')).toEqual([1])
  })

  it('is that also where its paths are trusted', () => {
    expect(run('theirs', 'init', '--trust').stderr).toContain('name: kettle is what the queue at')
    run('theirs', 'try')
    run('theirs', 'effort', 'log', '--from', '1.0.0', '--to', '1.1.0', '--duration', '9 days')
    expect(attemptsIn('theirs')).toEqual([2])
    expect(attemptsIn('queue')).toEqual([1])
    expect(JSON.parse(run('queue', 'effort', 'list', '--json').stdout).efforts).toEqual([])
  })

  it('cannot name itself after a place either', () => {
    nameIt('theirs', join(home, 'queue', 'series'))
    run('theirs', 'init', '--trust', '--join')
    run('theirs', 'try')
    expect(attemptsIn('theirs')).toEqual([2])
    expect(attemptsIn('queue')).toEqual([1])
  })

  it('whose name changes after it was trusted is asked about again', () => {
    nameIt('theirs', 'theirs')
    run('theirs', 'init', '--trust', '--join')
    run('theirs', 'try')
    nameIt('theirs', 'kettle')
    expect(run('theirs', 'show').stderr).toContain('name: kettle is what the queue at')
    expect(attemptsIn('theirs')).toEqual([2])
    expect(attemptsIn('queue')).toEqual([1])
  })
})

it('a config that is about no queue of its own names none', () => {
  const file = join(home, 'queue', 'rebaseline.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^queue: .*\n/m, ''))
  git(join(home, 'queue'), 'init', '--quiet')
  cpSync(join(home, 'queue', 'kettle-altitude.patch'), join(home, 'queue', 'below', 'kettle-altitude.patch'))
  writeFileSync(join(home, 'queue', 'below', 'series'), 'kettle-altitude.patch\n')
  run('queue', 'init', '--trust')
  const { stderr } = run('queue/below', 'try')
  expect(stderr).toContain('name: kettle is given to no queue: say beside it which one is meant, with "queue:"')
  expect(attemptsIn('queue/below')).toEqual([2])
  expect(attemptsIn('queue')).toEqual([1])
})
