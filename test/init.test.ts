import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { git } from '../fixtures/build-upstream.ts'
import { readConfig } from '../src/config/read-config.ts'
import { rebaseline } from './helpers/cli.ts'
import { buildKettle, type Scenario } from './helpers/scenario.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const home = temporaryDirectory()
const made = buildKettle(join(home, 'made'))
let count = 0
let place: string
let kettle: Scenario

beforeEach(() => {
  place = join(home, `place-${count++}`)
  cpSync(join(home, 'made'), place, { recursive: true })
  kettle = { upstream: join(place, 'upstream'), queue: join(place, 'queue') }
})

/** Commits what is there. */
function commitAll(directory: string): void {
  git(directory, 'add', '-A')
  git(directory, 'commit', '-q', '-m', 'ours: a number')
}

/** All in one home: what it trusts and records is there. */
const run = (where: string, ...args: string[]) => rebaseline(where, args, { HOME: place })
const config = (directory: string) => join(directory, 'rebaseline.yaml')
const told = (directory: string) => readConfig(config(directory), readFileSync(config(directory), 'utf8'))
const put = (directory: string, ...lines: string[]) => writeFileSync(config(directory), `${lines.join('\n')}\n`)

describe('init', () => {
  it('finds the queue, a clone beside it, the base and the releases, and says how', () => {
    const { code, stdout, stderr } = run(kettle.queue, 'init')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toBe(
      [
        `wrote ${config(kettle.queue)}`,
        '  queue     series: quilt, 13 patches',
        '  upstream  ../upstream: a clone with 4 of 5 files that the patches change',
        '  base      KETTLE-1.0.0, found by its blob ids',
        '  tags      KETTLE-*: 3 releases, the newest is KETTLE-1.2.0',
        '',
        'next  rebaseline try   on KETTLE-1.2.0',
        '',
      ].join('\n'),
    )
    expect(told(kettle.queue)).toMatchObject({
      queue: { value: 'series' },
      format: null,
      upstream: { value: '../upstream' },
      base: { value: 'KETTLE-1.0.0' },
      tags: { value: 'KETTLE-*' },
    })
  })

  it('finds a queue below, and takes what is given', () => {
    const given = ['--upstream', 'upstream', '--base', 'KETTLE-1.1.0', '--tags', 'KETTLE-1.1*', '--format', 'quilt']
    const { code, stdout } = run(place, 'init', ...given, '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      schema: 'rebaseline/init@1',
      file: config(place),
      queue: { name: 'queue/series', format: 'quilt', patches: 13 },
      upstream: { name: 'upstream', found: 'given', others: [] },
      base: { ref: 'KETTLE-1.1.0', found: 'given' },
      tags: { pattern: 'KETTLE-1.1*', count: 1, newest: 'KETTLE-1.1.0' },
    })
    expect(told(place)).toMatchObject({ format: { value: 'quilt' }, queue: { value: 'queue/series' } })
  })

  it('prints a next command that works where one stands', () => {
    const elsewhere = join(place, 'elsewhere')
    mkdirSync(elsewhere)
    const { stdout } = run(elsewhere, 'init', '--queue', '../queue')
    expect(stdout).toContain(`wrote ${config(kettle.queue)}\n`)
    expect(stdout).toContain('next  rebaseline try --queue ../queue   on KETTLE-1.2.0')
    expect(run(elsewhere, 'try', '--queue', '../queue').code).toBe(0)
  })

  it('keeps what is there, unless it is forced', () => {
    put(kettle.queue, 'base: v1')
    expect(run(kettle.queue, 'init')).toMatchObject({
      code: 2,
      stderr: `rebaseline: ${config(kettle.queue)} is there already\n  hint: --force writes it anew; --trust has its paths and its name count\n`,
    })
    expect(run(kettle.queue, 'init', '--force').code).toBe(0)
    expect(told(kettle.queue)).toMatchObject({ base: { value: 'KETTLE-1.0.0' } })
  })

  it('says what it did not find, and the way out', () => {
    rmSync(kettle.upstream, { recursive: true })
    const { code, stdout } = run(kettle.queue, 'init')
    expect(code).toBe(0)
    expect(stdout).toContain('upstream  not found near the queue')
    expect(stdout).toContain('next  rebaseline init --force --upstream PLACE')
    rmSync(kettle.queue, { recursive: true })
    expect(run(place, 'init')).toMatchObject({ code: 2, stdout: '' })
  })

  it.each(['package', '.'])('finds the tarballs of releases in or beside an unpacked Debian source: in %s', (where) => {
    const package_ = join(place, 'package')
    mkdirSync(join(package_, 'debian'), { recursive: true })
    renameSync(kettle.queue, join(package_, 'debian', 'patches'))
    writeFileSync(join(package_, 'debian', 'changelog'), 'kettle (1.0.0-1) unstable; urgency=low\n')
    for (const version of ['1.0.0', '1.2.0']) {
      const to = join(place, where, `kettle_${version}.orig.tar`)
      git(kettle.upstream, 'archive', `--prefix=kettle-${version}/`, '--output', to, `KETTLE-${version}`)
    }
    rmSync(kettle.upstream, { recursive: true })
    expect(run(package_, 'init').stdout).toContain(`${where === '.' ? '..' : '.'}: the tarballs of 2 releases`)
    expect(run(package_, 'try').code).toBe(0)
  })

  it('names the address that the packaging has, and does not fetch it', () => {
    rmSync(kettle.upstream, { recursive: true })
    mkdirSync(join(place, 'debian', 'upstream'), { recursive: true })
    renameSync(kettle.queue, join(place, 'debian', 'patches'))
    writeFileSync(join(place, 'debian', 'control'), 'Source: kettle\n')
    writeFileSync(join(place, 'debian', 'upstream', 'metadata'), 'Repository: https://kettle.invalid/kettle.git\n')
    const { code, stdout } = run(place, 'init')
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /upstream {2}https:\/\/kettle\.invalid\/kettle\.git: named in .*metadata:1, and not fetched yet/,
    )
    expect(told(place)).toMatchObject({ upstream: { value: 'https://kettle.invalid/kettle.git' }, base: null })
  })

  it('names a queue of commits in its own repository, which is its upstream', () => {
    git(kettle.upstream, 'checkout', '-q', '-b', 'ours', 'KETTLE-1.0.0')
    writeFileSync(join(kettle.upstream, 'src', 'ours.c'), 'int ours;\n')
    commitAll(kettle.upstream)
    const { code, stdout } = run(kettle.upstream, 'init', '--queue', '.#KETTLE-1.0.0..ours')
    expect([code, stdout.split('\n').slice(1, 4)]).toEqual([
      0,
      [
        '  queue     .#KETTLE-1.0.0..ours: git, 1 patch',
        '  upstream  .: the repository that the queue is in',
        '  base      KETTLE-1.0.0',
      ],
    ])
    const { stdout: tried } = run(kettle.upstream, 'try')
    expect(tried).toContain('1 patch on KETTLE-1.0.0')
  })
})

describe('a command without options', () => {
  it('takes all from the config, and says so', () => {
    expect(run(kettle.queue, 'init').code).toBe(0)
    const { code, stdout, stderr } = run(kettle.queue, 'try')
    expect(code).toBe(0)
    expect(stderr).toBe('note: tried on KETTLE-1.2.0, the newest release that fits "KETTLE-*" (rebaseline.yaml:14)\n')
    expect(stdout).toContain('base    KETTLE-1.0.0, stated in rebaseline.yaml:17')
    const sub = join(kettle.queue, 'resolutions')
    mkdirSync(sub)
    for (const words of [
      ['show'],
      ['show', '8'],
      ['report'],
      ['overrule'],
      ['resolve'],
      ['audit'],
      ['export', '--list', 'drop'],
    ])
      expect([words, run(sub, ...words).code]).toEqual([words, 0])
    expect(run(kettle.queue, 'find', 'kettle-altitude.patch').code).toBe(0)
    cpSync(kettle.queue, join(place, 'old'), { recursive: true })
    const checked = run(
      kettle.queue,
      'export',
      '--check',
      '../old',
      '.',
      '--base',
      'KETTLE-1.0.0',
      '--onto',
      'KETTLE-1.0.0',
    )
    expect([checked.stderr, checked.code]).toEqual(['', 3])
  })

  it('says where the base is to be written anew, once the queue sits on another', () => {
    expect(run(kettle.queue, 'init').code).toBe(0)
    expect(run(kettle.queue, 'try').code).toBe(0)
    expect(run(kettle.queue, 'export', '--output', '../new').stdout).not.toContain('write "base:')
    const { stdout } = run(kettle.queue, 'export', '--in-place')
    expect(stdout).toContain(`write "base: KETTLE-1.2.0" into ${config(kettle.queue)}:17\n`)
    expect(existsSync(config(kettle.queue))).toBe(true)
  })

  it('says where the queue itself states the base from before', () => {
    const spec = ['Version: 1.0.0', 'Patch0: build-install-prefix.patch', '%prep', '%autosetup -p1', '']
    mkdirSync(join(place, 'SPECS'))
    writeFileSync(join(place, 'SPECS', 'kettle.spec'), spec.join('\n'))
    renameSync(kettle.queue, join(place, 'SOURCES'))
    const where = ['--queue', 'SPECS/kettle.spec']
    expect(run(place, 'try', ...where, '--upstream', 'upstream', '--onto', 'KETTLE-1.2.0').code).toBe(0)
    expect(run(place, 'export', ...where, '--in-place').stdout).toContain(
      'kettle.spec:1 states the base KETTLE-1.0.0: it is KETTLE-1.2.0 now\n',
    )
  })

  it('takes the config above the repository of the queue, where init wrote it', () => {
    git(kettle.queue, 'init', '-q')
    expect(run(place, 'init').code).toBe(0)
    expect(existsSync(config(place))).toBe(true)
    expect(run(kettle.queue, 'try').code).toBe(0)
    expect(run(place, 'show', '--queue', 'queue').stdout).toContain('@1')
    // Anybody's may lie there.
    put(place, 'queue: queue/series', 'upstream: elsewhere')
    expect(run(kettle.queue, 'try').stderr).toContain("required option '--upstream <repository>'")
    put(place, 'no key')
    expect(run(kettle.queue, 'try').stderr).toContain("required option '--upstream <repository>'")
  })

  it('imports the history of the repository that the queue is in', () => {
    git(place, 'init', '-q', 'pq')
    cpSync(kettle.queue, join(place, 'pq', 'queue'), { recursive: true })
    commitAll(join(place, 'pq'))
    const { code, stdout } = run(join(place, 'pq', 'queue'), 'history', 'import')
    expect([code, stdout.split('\n')[0]]).toEqual([0, expect.stringContaining('1 revision')])
    expect(run(kettle.queue, 'history', 'import')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        'is in no git repository\n  hint: name the one that holds its history with --repo',
      ),
    })
  })

  it('goes by its options where they are given', () => {
    put(kettle.queue, 'upstream: nowhere', 'base: KETTLE-1.1.0', 'tags: NOTHING-*')
    const { code, stdout } = run(
      kettle.queue,
      'try',
      '--upstream',
      '../upstream',
      '--base',
      'KETTLE-1.0.0',
      '--onto',
      'KETTLE-1.1.0',
    )
    expect([code, stdout.split('\n')[0]]).toEqual([
      0,
      expect.stringContaining('on KETTLE-1.0.0, tried on KETTLE-1.1.0'),
    ])
    expect(run(kettle.queue, 'try', '--upstream', '../upstream')).toMatchObject({
      code: 2,
      stderr:
        'rebaseline: rebaseline.yaml:3: no release of the upstream fits "NOTHING-*"\n  hint: mend the glob, or fetch the tags of the upstream: "git fetch --tags" there\n',
    })
  })

  it('says what is missing, and that init finds it', () => {
    const { code, stderr } = run(kettle.queue, 'try', '--onto', 'KETTLE-1.2.0')
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining("required option '--upstream <repository>' not specified"),
    ])
    expect(stderr).toContain('"rebaseline init" looks for it')
    expect(run(kettle.queue, 'try', '--upstream', '../upstream')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("required option '--onto <commit...>' not specified"),
    })
  })

  it('is not led astray by the config of another queue', () => {
    cpSync(kettle.queue, join(place, 'other'), { recursive: true })
    put(place, 'queue: other/series', 'upstream: upstream', 'base: KETTLE-1.1.0', 'tags: KETTLE-*')
    const { code, stderr } = run(place, 'try', '--queue', 'queue')
    expect([code, stderr]).toEqual([1, expect.stringContaining("'--upstream <repository>' not specified")])
    for (const name of ['other', 'other/series', join(place, 'other')])
      expect(run(place, 'try', '--queue', name).stdout).toContain('base    KETTLE-1.1.0, stated in rebaseline.yaml:3')
  })
})

describe("a stranger's config", () => {
  const refusal = (line: number, key: string, value: string) =>
    `rebaseline: ${config(kettle.queue)}:${line}: ${key}: ${value} is outside of the directory that this file is in\n`

  it('leads to nothing outside of its own tree, until it is trusted, and as it is', () => {
    put(kettle.queue, 'upstream: ../upstream', 'tags: KETTLE-*')
    expect(run(kettle.queue, 'try')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(refusal(1, 'upstream', '../upstream')),
    })
    expect(run(kettle.queue, 'init', '--trust').code).toBe(0)
    expect(run(kettle.queue, 'try').code).toBe(0)
    // What leads nowhere may change.
    put(kettle.queue, 'base: KETTLE-1.0.0', 'upstream: ../upstream', 'tags: KETTLE-*')
    expect(run(kettle.queue, 'try').code).toBe(0)
    put(kettle.queue, 'tags: KETTLE-*', 'upstream: ../upstream/.git')
    expect(run(kettle.queue, 'try').stderr).toContain(refusal(2, 'upstream', '../upstream/.git'))
  })

  it.each([
    ['an absolute path', () => ({ upstream: kettle.upstream })],
    ['a file: address', () => ({ upstream: `file://${kettle.upstream}` })],
    ['keys of the user', () => ({ upstream: 'ssh://git@kettle.invalid/kettle.git' })],
    ['keys of the user, in short', () => ({ upstream: 'git@kettle.invalid:kettle.git' })],
    ['a link', () => ({ upstream: 'link' })],
    ['a record', () => ({ record: '../anywhere.db' })],
    ['a queue', () => ({ queue: '../made' })],
  ])('names %s in vain', (_, value) => {
    symlinkSync(kettle.upstream, join(kettle.queue, 'link'))
    const [[key, named] = ['', '']] = Object.entries(value())
    put(kettle.queue, `${key}: ${named}`)
    const { code, stderr } = run(
      kettle.queue,
      'try',
      '--onto',
      'KETTLE-1.2.0',
      ...(key === 'upstream' ? [] : ['--upstream', '../upstream']),
    )
    expect([code, stderr]).toEqual([2, expect.stringContaining(refusal(1, key, named))])
    expect(existsSync(join(place, 'anywhere.db'))).toBe(false)
  })

  it('brings no record along', () => {
    put(kettle.queue, 'upstream: ../upstream', 'record: own.db')
    expect(run(kettle.queue, 'show')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`${config(kettle.queue)}:2: record: own.db may have come with the queue\n`),
    })
  })

  it('is no link, and no more than a small file', () => {
    writeFileSync(join(place, 'secret'), 'password: 1234\n')
    symlinkSync('../secret', config(kettle.queue))
    const { code, stderr } = run(kettle.queue, 'show')
    expect([code, stderr]).toEqual([
      2,
      `rebaseline: ${config(kettle.queue)} is no regular file\n  hint: put the file itself there\n`,
    ])
    rmSync(config(kettle.queue))
    put(kettle.queue, `# ${'x'.repeat(1 << 17)}`)
    expect(run(kettle.queue, 'show').code).toBe(2)
  })

  it('is refused with the line where it is wrong, whatever the command', () => {
    put(kettle.queue, 'base: v1', 'upstrem: x')
    for (const words of [['show'], ['try', '--onto', 'x', '--upstream', '../upstream'], ['history'], ['report']])
      expect(run(kettle.queue, ...words)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(`${config(kettle.queue)}:2:1: the key "upstrem" is not known`),
      })
  })
})

describe('a record that the config names', () => {
  it('is used by every command, also by those that are typed in the work tree of a patch', () => {
    put(kettle.queue, 'upstream: ../upstream', 'tags: KETTLE-*', 'base: KETTLE-1.0.0', 'record: team.db')
    expect(run(kettle.queue, 'init', '--trust').code).toBe(0)
    expect(run(kettle.queue, 'try').code).toBe(0)
    expect(existsSync(join(kettle.queue, 'team.db'))).toBe(true)
    const { stdout } = run(kettle.queue, 'resolve')
    expect(run(kettle.queue, 'show').stdout).toContain('KETTLE-1.0.0 -> KETTLE-1.2.0')
    const desk = /\S*resolve\/\S+attempt-1\S*/.exec(stdout)?.[0] ?? ''
    const note = readFileSync(join(desk, 'REBASELINE.txt'), 'utf8')
    expect(note).toContain(`--db ${join(kettle.queue, 'team.db')}`)
  })
})

it('leaves what it was made of as it was', () => {
  expect(existsSync(config(made.queue))).toBe(false)
})
