import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { git } from '../fixtures/build-upstream.ts'
import { interdiff } from '../src/patch/compare/interdiff.ts'
import { readPatch } from '../src/patch/read/read-patch.ts'
import { decideFor } from '../src/patch/regions.ts'
import { parseSeries } from '../src/queue/series.ts'
import { forOutput, shellPath, shellWord } from '../src/report/sanitize.ts'
import { parseCommit } from '../src/upstream/messages.ts'
import { rebaseline } from './helpers/cli.ts'
import { buildKettle } from './helpers/scenario.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
const { queue } = buildKettle(directory)

/** A queue of its own, as a stranger might hand it over. */
function foreignQueue(name: string): string {
  const copy = join(directory, name)
  cpSync(queue, copy, { recursive: true, filter: (path) => !path.includes('.rebaseline') })
  return copy
}

const tryOf = (name: string, upstream = 'upstream', onto = 'KETTLE-1.2.0') => {
  return ['try', '--queue', name, '--upstream', upstream, '--base', 'KETTLE-1.0.0', '--onto', onto]
}

/** An empty repository. */
function makeRepository(name: string): string {
  const repository = join(directory, name)
  mkdirSync(repository)
  git(repository, 'init', '--quiet', '--initial-branch=main')
  return repository
}

/** A repository that has a queue of one patch in its index. */
function makeQueueRepository(name: string, series = 'a.patch\n'): string {
  const repository = makeRepository(name)
  writeFileSync(join(repository, 'a.patch'), '--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n')
  writeFileSync(join(repository, 'series'), series)
  git(repository, 'add', '--all')
  return repository
}

describe('what comes with a queue', () => {
  it('is no record that anything is read from, and one line says how it would be', () => {
    const place = join(foreignQueue('recorded'), '.rebaseline')
    const record = join(place, 'rebaseline.db')
    mkdirSync(place)
    writeFileSync(record, 'whatever a stranger writes')
    const { code, stderr } = rebaseline(directory, tryOf('recorded'))
    expect([code, stderr]).toEqual([0, `note: ${record} is not read; if it is yours, name it with --db\n`])
    expect(readFileSync(record, 'utf8')).toBe('whatever a stranger writes')
    expect(readdirSync(place)).toEqual(['rebaseline.db'])
  })

  it('is neither swept nor replaced where a record beside it is named', () => {
    const victim = join(directory, 'other')
    mkdirSync(join(victim, 'attempt-1'), { recursive: true })
    const place = join(foreignQueue('partly'), '.rebaseline')
    mkdirSync(join(place, 'scratch', 'thesis'), { recursive: true })
    symlinkSync(victim, join(place, 'kept'))
    const named = [...tryOf('partly'), '--keep', '--db', 'partly/.rebaseline/rebaseline.db']
    expect(rebaseline(directory, named).stderr).toContain('belongs to somebody else')
    expect(readdirSync(victim)).toEqual(['attempt-1'])
    expect(existsSync(join(place, 'scratch', 'thesis'))).toBe(true)
  })

  it('configures no git: the copy of an upstream is the user’s own', () => {
    const home = join(foreignQueue('configured'), '.rebaseline', 'upstreams', 'home')
    mkdirSync(home, { recursive: true })
    const command = `[protocol "ext"]\n\tallow = always\n[url "ext::sh -c touch% ${join(directory, 'pwned')};false% "]\n\tinsteadOf = https://\n`
    writeFileSync(join(home, 'gitconfig'), command)
    expect(rebaseline(directory, tryOf('configured', 'https://example.invalid/kettle.git')).code).toBe(2)
    expect(existsSync(join(directory, 'pwned'))).toBe(false)
  })

  it('has no journal for SQLite to act upon', () => {
    foreignQueue('journal')
    expect(rebaseline(directory, [...tryOf('journal'), '--db', 'journal/record.db']).code).toBe(0)
    writeFileSync(join(directory, 'journal', 'record.db-journal'), 'precious.txt')
    expect(rebaseline(directory, ['show', '--queue', 'journal', '--db', 'journal/record.db'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/-journal is of a write that was cut off.*\n {2}hint: remove it/),
    })
  })

  it('gives nobody’s answers in silence', () => {
    const foreign = foreignQueue('answered')
    rebaseline(directory, tryOf('answered'))
    rebaseline(directory, [
      'overrule',
      '--queue',
      'answered',
      '1',
      'drop',
      '--reason',
      'trust me',
      '--by',
      'A stranger',
    ])
    expect(rebaseline(directory, tryOf('answered')).stdout).toContain("1 verdict rests on a person's answer")
    rmSync(foreign, { recursive: true })
  })
})

describe('an upstream that only a record names', () => {
  it('is not fetched', () => {
    foreignQueue('recorded')
    const url = `file://${join(directory, 'upstream')}`
    expect(rebaseline(directory, tryOf('recorded', url)).code).toBe(0)
    const compare = ['show', '--queue', 'recorded', '2', '--compare']
    expect(rebaseline(directory, compare).code).toBe(0)
    const { code, stderr } = rebaseline(directory, compare, { XDG_CACHE_HOME: join(directory, 'elsewhere') })
    expect([code, stderr]).toEqual([2, expect.stringContaining('was not fetched here')])
  })
})

describe('text for people', () => {
  it('may be copied into a shell', () => {
    const words = ["it's", '$(touch pwned)', 'a;b', 'back\\slash', 'two words', 'bell\u0007', 'src/`x`.c', 'dollar$IFS']
    const script = `printf '%s\\n' ${words.map(shellWord).join(' ')}`
    const { stdout } = spawnSync('bash', ['-c', script], { cwd: directory, encoding: 'utf8' })
    expect(stdout.trimEnd().split('\n')).toEqual(words)
    expect(shellPath('-q')).toBe('./-q')
    expect(shellWord('esc\u001b[31m')).not.toContain('\u001b')
  })

  it('moves nothing but by colours and line ends', () => {
    expect(forOutput('\u001b[1mbold\u001b[22m\tcell\r\nnext\n')).toBe('\u001b[1mbold\u001b[22m\tcell\r\nnext\n')
    expect(forOutput('a\u001b]0;title\u0007b\rc\u009b31m\u202e')).toBe(
      'a\\u{1b}]0;title\\u{7}b\\u{d}c\\u{9b}31m\\u{202e}',
    )
  })

  it('is escaped in the life of a queue', () => {
    const repository = makeQueueRepository('life')
    git(repository, 'commit', '--quiet', '--message', 'Begin')
    writeFileSync(join(repository, 'series'), '# nothing\n')
    git(repository, 'commit', '--quiet', '--all', '--message', 'bye \u001b]0;OWNED\u0007')
    rebaseline(directory, ['history', 'import', '--repo', 'life', '--db', 'life.db'])
    const { stdout } = rebaseline(directory, ['history', 'patch', 'a.patch', '--db', 'life.db'])
    expect(stdout).toContain('bye \\u{1b}]0;OWNED\\u{7}')
  })
})

describe('long and strange text takes time in proportion to its length', () => {
  // Each of these took from seconds to minutes; a run that takes as long again ends by vitest's own
  // limit.
  const listing = {
    name: 'p',
    section: '',
    owner: null,
    comment: null,
    strip: 1,
    reversed: false,
    directory: '',
    listed: null,
  }
  const diff = '--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n'
  const long = 400_000

  it.each([
    ['blanks', ' '.repeat(long)],
    ['an address that does not end', `From: ${'<'.repeat(long)}`],
    ['a tag that does not end', `Subject: [${'PATCH '.repeat(long / 6)}`],
    ['files that are many', `Binary files${' and'.repeat(long / 4)}`],
    ['a name before blanks', `--- ${' '.repeat(long)}x`],
  ])('in a header: %s', (_, line) => {
    expect(readPatch(listing, 1, Buffer.from(`${line}\n\n${diff}`)).name).toBe('p')
  })

  it('in a series, a message, and a file in conflict', () => {
    expect(parseSeries(`a.patch #${' '.repeat(long)}x\n`).entries).toHaveLength(1)
    expect(parseCommit(['0', '', '1', 'A', `${' '.repeat(long)}x`].join('\0')).takenFrom).toEqual([])
    const markers = `${'<<<<<<< a\n'.repeat(3000)}${'|||||||\n'.repeat(3000)}${'=======\n'.repeat(3000)}`
    expect(decideFor('ours', markers)).toBe(markers)
  })

  it('between two versions of a patch', () => {
    const version = (word: string) => {
      const lines = Array.from({ length: 30_000 }, (_, at) => `+${word}_${at}();\n`).join('')
      return readPatch(listing, 1, Buffer.from(`--- a/f\n+++ b/f\n@@ -1,1 +1,30001 @@\n a\n${lines}`))
    }
    expect(interdiff(version('one'), version('two')).join()).toContain('more was changed')
  })
})

describe('the history of a queue', () => {
  const repository = makeQueueRepository('strange', 'a.patch\nsub.patch\n')
  git(repository, 'update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},sub.patch`)
  git(repository, 'commit', '--quiet', '--message', 'Begin')
  const importing = (repo: string, db: string) =>
    rebaseline(directory, ['history', 'import', '--repo', repo, '--db', db])

  it('may be of any time, and hold what is no file', () => {
    const tree = git(repository, 'rev-parse', 'HEAD^{tree}')
    const head = `tree ${tree}\nparent ${git(repository, 'rev-parse', 'HEAD')}\n`
    const commit = `${head}author A <a@b> 99999999999999 +0000\ncommitter A <a@b> 99999999999999 +0000\n\nLate\n`
    const { stdout } = spawnSync('git', ['hash-object', '-t', 'commit', '-w', '--stdin', '--literally'], {
      ...{ cwd: repository, input: commit, encoding: 'utf8' },
    })
    git(repository, 'update-ref', 'refs/heads/late', stdout.trim())
    expect(importing('strange', 'strange.db')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('1 different'),
    })
    expect(rebaseline(directory, ['history', '--db', 'strange.db']).code).toBe(0)
  })

  it('is not recorded with what is missing left out', () => {
    const blob = git(repository, 'rev-parse', 'HEAD:a.patch')
    const lacking = join(directory, 'lacking')
    cpSync(repository, lacking, { recursive: true })
    rmSync(join(lacking, '.git', 'objects', blob.slice(0, 2), blob.slice(2)))
    expect(importing('lacking', 'missing.db')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`lacks ${blob}`),
    })
  })
})

it('commits that take each other back, in long chains and all at once, end', () => {
  const repository = makeRepository('reverts')
  const shas: string[] = []
  for (let at = 0; at < 26; at++) {
    const words = shas.map((sha) => `This reverts commit ${sha}.`).join('\n')
    git(repository, 'commit', '--quiet', '--allow-empty', '--message', `Commit ${at}\n\n${words}`)
    shas.push(git(repository, 'rev-parse', 'HEAD'))
  }
  writeFileSync(join(directory, 'r.patch'), `Subject: Commit 1\n\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n`)
  const { code, stdout } = rebaseline(directory, ['find', '--upstream', 'reverts', '--db', 'r.db', 'r.patch'])
  expect([code, stdout]).toEqual([0, expect.stringContaining('r.patch')])
})

describe('names of branches and tags', () => {
  const repository = makeQueueRepository('named')
  git(repository, 'commit', '--quiet', '--message', 'Begin')

  it('are no options of git', () => {
    const written = join(directory, 'written')
    git(repository, 'update-ref', `refs/heads/--output=${written}`, 'HEAD')
    const named = ['--branch', `--output=${written}`]
    for (const branch of [[], named])
      rebaseline(directory, ['history', 'import', '--repo', 'named', '--db', 'named.db', ...branch])
    expect(existsSync(written)).toBe(false)
  })

  it('name one commit, and not all but one', () => {
    expect(rebaseline(directory, tryOf('queue', 'upstream', '^KETTLE-1.2.0'))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no release, branch'),
    })
  })

  it('are in nobody’s way', () => {
    const copy = join(directory, 'in-the-way')
    cpSync(join(directory, 'upstream'), copy, { recursive: true })
    git(copy, 'update-ref', 'refs/rebaseline', 'HEAD')
    git(copy, 'update-ref', 'refs/heads/rebaseline/x', 'HEAD')
    const { code, stdout } = rebaseline(directory, [...tryOf(join('queue'), 'in-the-way'), '--keep', '--db', 'way.db'])
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('commits on branch rebaseline-2'),
    })
  })
})

describe('where the system gives out', () => {
  const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url))
  const shell = (words: string, cwd = directory) =>
    spawnSync('sh', ['-c', words, process.execPath, cli, ...tryOf('queue'), '--db', join(directory, 'out.db')], {
      ...{ cwd, encoding: 'utf8' },
      env: { PATH: process.env.PATH ?? '', HOME: directory },
    })

  it('a full disk behind the output is said', () => {
    const { status, stderr } = shell('"$0" "$@" > /dev/full')
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringMatching(/^rebaseline: the output cannot be/),
    })
  })

  it('too few open files are said', () => {
    const { status, stderr } = shell('ulimit -n 32; "$0" "$@"')
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('too many open files') })
  })

  it('a git that prints without end is ended', () => {
    const words = 'case "$*" in *version*) echo git version 2.39.5;; *) exec yes;; esac'
    mkdirSync(join(directory, 'flood'))
    writeFileSync(join(directory, 'flood', 'git'), `#!/bin/sh\n${words}\n`, { mode: 0o755 })
    const { status, stderr } = shell(`PATH=${join(directory, 'flood')}:$PATH "$0" "$@"`)
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('git prints without end') })
  })

  it('a working directory that is gone is said', () => {
    mkdirSync(join(directory, 'gone'))
    const { status, stderr } = shell('rmdir ../gone; "$0" "$@"', join(directory, 'gone'))
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('the working directory is gone') })
  })
})

it('a kept work tree is never written over, though the record that counted it is gone', () => {
  const keep = () =>
    /^kept: (.*)$/m.exec(rebaseline(directory, [...tryOf('queue'), '--keep', '--db', 'k/k.db']).stdout)?.[1]
  const first = keep() ?? ''
  writeFileSync(join(first, 'mine'), 'work of hours')
  for (const end of ['', '-wal', '-shm']) rmSync(join(directory, 'k', `k.db${end}`), { force: true })
  expect(keep()).toBe(`${first}-2`)
  expect(readdirSync(first)).toContain('mine')
  expect(readdirSync(join(directory, 'k', 'scratch'))).toEqual([])
  expect(existsSync(join(first, 'home'))).toBe(false)
})
