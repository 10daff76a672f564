import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { git } from '../fixtures/build-upstream.ts'
import { rebaseline } from './helpers/cli.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
const upstream = join(directory, 'upstream')
const LINES = Array.from({ length: 30 }, (_, at) => `stage_${at}(${'x'.repeat(at + 1)});`)
const text = (lines: readonly string[]) => `${lines.join('\n')}\n`

function put(files: Record<string, readonly string[]>): void {
  for (const [name, lines] of Object.entries(files)) writeFileSync(join(upstream, name), text(lines))
  git(upstream, 'add', '--all')
}

function commit(message: string, files: Record<string, readonly string[]>): void {
  put(files)
  git(upstream, 'commit', '--quiet', '--message', message)
}

/** A patch on what the upstream's `queue` branch has; `between` is undone after it. */
function carry(name: string, files: Record<string, readonly string[]>): void {
  put(files)
  const diff = git(upstream, 'diff', '--cached', 'HEAD')
  writeFileSync(join(directory, 'queue', name), `From: A <a@x>\nSubject: ${name}\n\n${diff}\n`)
  git(upstream, 'commit', '--quiet', '--message', name)
}

const OURS = LINES.with(4, 'own_way(4);')
const NAMES = ['clash.patch', 'waits.patch', 'beside.patch', 'gone.patch', 'last.patch']

mkdirSync(join(directory, 'queue'))
mkdirSync(upstream)
git(upstream, 'init', '--quiet', '--initial-branch=main')
commit('Begin', { 'a.c': LINES, 'b.c': LINES, 'gone.c': LINES, 'd.c': LINES })
git(upstream, 'tag', 'v1.0')
git(upstream, 'checkout', '--quiet', '-b', 'queue')
carry('clash.patch', { 'a.c': OURS, 'new.c': ['int own;'] })
carry('waits.patch', { 'a.c': OURS.with(4, 'own_way(4, 1);') })
carry('beside.patch', { 'b.c': LINES.toSpliced(10, 0, 'own(10);') })
carry('gone.patch', { 'gone.c': LINES.with(7, 'own(7);'), 'd.c': LINES.with(20, 'own(20);') })
carry('last.patch', { 'd.c': LINES.with(20, 'own(20);').with(2, 'own(2);') })
writeFileSync(join(directory, 'queue', 'series'), text(NAMES))
git(upstream, 'checkout', '--quiet', 'main')
git(upstream, 'rm', '--quiet', 'gone.c')
commit('Go another way', {
  'a.c': LINES.with(4, 'another_road(four);'),
  'b.c': LINES.toSpliced(10, 0, 'upstream(10);'),
})
git(upstream, 'tag', 'v2.0')

/** `a.c` as a person mends the first patch, and as it is then with the second. */
const MENDED = text(LINES.with(4, 'own_way(4), another_road(four);'))
const SECOND = text(LINES.with(4, 'own_way(4, 1), another_road(four);'))

interface Status {
  open: boolean
  worktree: string
  patch: string | null
  files: { path: string; base: string; ours: string; theirs: string; culprits: { subject: string }[] }[]
  resolved: string[]
  skipped: string[]
  dropped: { name: string; reason: string }[]
  left: string[]
  freed: number
  seconds: number
}

/** An attempt in a record of its own, and what a person does with it. */
function scene(name: string) {
  const place = ['--queue', 'queue', '--db', `${name}.db`]
  const release = ['--upstream', 'upstream', '--base', 'v1.0', '--onto', 'v2.0']
  expect(rebaseline(directory, ['try', ...place, ...release]).code).toBe(0)
  const run = (...words: string[]) => rebaseline(directory, ['resolve', ...words, ...place])
  const status = (): Status => JSON.parse(run('status', '--json').stdout)
  const work = (...path: string[]) => join(status().worktree, ...path)
  return {
    place,
    run,
    status,
    work,
    write: (file: string, content: string) => writeFileSync(work(file), content),
    read: (file: string) => readFileSync(work(file), 'utf8'),
    say: (...words: string[]) => git(work('.'), ...words),
    refused: (...words: string[]) => {
      const { code, stderr } = run(...words)
      expect(code).toBe(2)
      return stderr
    },
    /** Writes the queue, and returns the files that it makes of the target. */
    exported: () => {
      const out = join(directory, `${name}.out`)
      rmSync(out, { recursive: true, force: true })
      const { code, stderr } = rebaseline(directory, ['export', ...place, '--output', out])
      expect([code, stderr]).toEqual([0, ''])
      const tree = join(directory, `${name}.tree`)
      rmSync(tree, { recursive: true, force: true })
      git(directory, 'clone', '--quiet', '--branch', 'v2.0', 'upstream', tree)
      const listed = readFileSync(join(out, 'series'), 'utf8').split('\n')
      const patches = listed.filter((line) => line !== '' && !line.startsWith('#'))
      const marked = listed.filter((line) => line.startsWith('# rebaseline: '))
      for (const patch of patches) if (marked.length === 0) git(tree, 'apply', '--index', join(out, patch))
      return { out, patches, marked, file: (path: string) => readFileSync(join(tree, path), 'utf8') }
    },
  }
}

/** Mends everything, by hand where need be. */
function mendAll({ run, status, write, say }: ReturnType<typeof scene>): void {
  for (let count = 0; count < 9; count++) {
    const { patch, open } = status()
    if (!open) return
    if (patch === 'clash.patch') write('a.c', MENDED)
    if (patch === 'waits.patch') write('a.c', SECOND)
    if (patch === 'beside.patch') write('b.c', text(LINES.toSpliced(10, 0, 'upstream(10);', 'own(10);')))
    if (patch === 'gone.patch') say('rm', '--quiet', 'gone.c')
    const { code, stderr } = run('--continue')
    expect([code, stderr]).toEqual([0, ''])
  }
}

describe('resolve', () => {
  it('opens the first patch of the work list, as git leaves a merge', () => {
    const { run, status, read, say } = scene('opens')
    const { stdout } = run()
    expect(stdout).toMatch(/resolve of @1: queue onto v2\.0[\s\S]*0 of 3 mended, 3 to go; 1 still waits/)
    expect(stdout).toMatch(/NOW {4}1 clash\.patch\n {7}a\.c\n {9}upstream changed the same lines/)
    const { patch, files, left, worktree } = status()
    expect([patch, left]).toEqual(['clash.patch', ['clash.patch', 'gone.patch', 'beside.patch', 'waits.patch']])
    expect(files.map(({ path, culprits }) => [path, culprits[0]?.subject])).toEqual([['a.c', 'Go another way']])
    expect([files[0]?.base, files[0]?.theirs]).toEqual([text(LINES), text(OURS)])
    expect(read('a.c')).toContain('<<<<<<< v2.0\nanother_road(four);\n||||||| the queue before the patch\n')
    expect(read('a.c')).toContain('>>>>>>> clash.patch\n')
    expect(say('status', '--porcelain')).toBe('UU a.c\nA  new.c')
    expect(`${say('show', ':1:a.c')}\n`).toBe(text(LINES))
    expect(read('REBASELINE.txt')).toMatch(/1 clash\.patch, onto v2\.0[\s\S]*CONFLICT a\.c[\s\S]*Go another way/)
    expect(worktree.startsWith(join(directory, '.local', 'state', 'rebaseline', 'resolve', 'queue-attempt-1'))).toBe(
      true,
    )
  })

  it('lands what waited, and writes the queue with what was mended', () => {
    const all = scene('lands')
    all.run()
    all.write('a.c', MENDED)
    expect(all.run('--continue').stdout).toMatch(/1 of [34] mended/)
    mendAll(all)
    const { open, resolved, left } = all.status()
    expect([open, left]).toEqual([false, []])
    expect(resolved.sort()).toEqual(['beside.patch', 'clash.patch', 'gone.patch', 'waits.patch'])
    const { patches, marked, file, out } = all.exported()
    expect([patches, marked]).toEqual([NAMES, []])
    expect([file('a.c'), file('new.c')]).toEqual([SECOND, 'int own;\n'])
    expect(file('b.c')).toBe(text(LINES.toSpliced(10, 0, 'upstream(10);', 'own(10);')))
    expect(file('d.c')).toBe(text(LINES.with(20, 'own(20);').with(2, 'own(2);')))
    for (const name of ['clash.patch', 'beside.patch'])
      expect(readFileSync(join(out, name), 'utf8')).toMatch(new RegExp(`^From: A <a@x>\nSubject: ${name}\n\n`))
    expect(readFileSync(join(out, 'last.patch'))).toEqual(readFileSync(join(directory, 'queue', 'last.patch')))
  })

  it('takes the sure suggestions, and leaves the others', () => {
    const { run, status, exported } = scene('sure')
    expect(run('--accept', 'sure').stdout).toMatch(/DONE {4}1 {3}1 suggestion accepted/)
    expect(status()).toMatchObject({ patch: 'clash.patch', resolved: ['beside.patch'] })
    expect(exported().marked).toHaveLength(3)
    expect(readFileSync(join(directory, 'sure.out', 'beside.patch'), 'utf8')).toMatch(
      / upstream\(10\);\n\+own\(10\);\n/,
    )
  })

  it('puts off and gives up, with the reason, and opens again', () => {
    const { run, status, exported } = scene('puts-off')
    run()
    run('--skip', 'ask the author first')
    expect(status().skipped).toEqual(['clash.patch'])
    expect(run('gone').stdout).toMatch(/SKIP {4}1 {3}1 clash\.patch {3}"ask the author first"/)
    run('--drop', 'the file is gone')
    expect(status().dropped).toEqual([{ name: 'gone.patch', reason: 'the file is gone' }])
    expect(run('clash').stdout).toMatch(/NOW {4}1 clash\.patch/)
    expect(status()).toMatchObject({ patch: 'clash.patch', skipped: [] })
    expect(run('gone').stdout).toMatch(/NOW {4}4 gone\.patch/)
    expect(status().dropped).toEqual([])
    run('--drop', 'after all')
    expect(exported().patches).toEqual(NAMES.filter((name) => name !== 'gone.patch'))
  })

  it('gives up a patch that is named, and says which have nothing left to do', () => {
    const { run, status, write, refused, exported } = scene('named')
    run('--accept', 'sure')
    const both = text(LINES.with(4, 'own_way(4, 1);'))
    write('a.c', both)
    expect(refused('gone', '--drop', 'not now')).toMatch(/clash\.patch is open and was worked on/)
    run('--continue')
    expect(run('status').stdout).toMatch(/LOOK {4}1 {3}2 waits\.patch changes nothing now: look, and resolve 2 --drop/)
    expect(exported().marked).toContain(
      '# rebaseline: it changes nothing now that others are mended: look before dropping it, on v2.0',
    )
    run('waits', '--drop', 'the mended one does it')
    run('gone', '--drop', 'not needed')
    expect(status()).toMatchObject({
      open: false,
      left: [],
      dropped: [{ name: 'waits.patch' }, { name: 'gone.patch' }],
    })
    expect(exported().file('a.c')).toBe(both)
  })

  it('takes everything back, and keeps nothing of it', () => {
    const { run, status, write, read } = scene('aborts')
    run('--accept', 'sure')
    write('a.c', 'HALF DONE\n')
    const { worktree } = status()
    expect(run('--abort').code).toBe(0)
    expect([existsSync(worktree), status().resolved]).toEqual([false, []])
    run()
    expect(read('a.c')).toContain('<<<<<<< v2.0')
  })
})

describe('--continue', () => {
  it('refuses markers and what was not touched, by file and line', () => {
    const { run, refused, write, status } = scene('refuses')
    run()
    expect(refused('--continue')).toMatch(/a\.c:5 is a conflict marker/)
    write('a.c', MENDED.replace('stage_9', '=======\nstage_9'))
    expect(refused('--continue')).toMatch(/a\.c:10 is a conflict marker/)
    write('a.c', text(LINES.with(4, 'another_road(four);')))
    rmSync(join(status().worktree, 'new.c'))
    expect(refused('--continue')).toMatch(/nothing of clash\.patch is left[\s\S]*--drop/)
    expect(status()).toMatchObject({ open: true, patch: 'clash.patch', resolved: [] })
  })

  it('wants a word on a file that is gone, and takes git rm for one', () => {
    const { run, refused, say, status, exported } = scene('gone')
    run('gone')
    expect(refused('--continue')).toMatch(/gone\.c is in conflict as before: deleted upstream[\s\S]*git rm/)
    say('rm', '--quiet', 'gone.c')
    expect(run('--continue').code).toBe(0)
    expect(status().resolved).toEqual(['gone.patch'])
    exported()
    expect(readFileSync(join(directory, 'gone.out', 'gone.patch'), 'utf8')).not.toContain('gone.c')
  })

  it('takes git add for a word that the file stays', () => {
    const { run, say, status, exported } = scene('stays')
    run('gone')
    say('add', 'gone.c')
    expect(run('--continue').code).toBe(0)
    exported()
    expect(readFileSync(join(directory, 'stays.out', 'gone.patch'), 'utf8')).toMatch(/\+\+\+ b\/gone\.c\n@@ -0,0/)
    expect(status().resolved).toEqual(['gone.patch'])
  })

  it('counts what was committed or added, and nothing that lies around', () => {
    const { run, write, say, status } = scene('commits')
    run()
    write('a.c', MENDED)
    write('a.c.orig', 'x\n')
    write('more.c', 'int more;\n')
    say('add', 'a.c', 'more.c')
    say('commit', '--quiet', '--message', 'Mended')
    expect(run('--continue').stderr).toBe('')
    rebaseline(directory, ['export', '--queue', 'queue', '--db', 'commits.db', '--output', 'commits.out'])
    const patch = readFileSync(join(directory, 'commits.out', 'clash.patch'), 'utf8')
    expect(patch.match(/^diff --git .*$/gm)?.map((line) => line.split(' b/')[1])).toEqual(['a.c', 'more.c', 'new.c'])
    expect(status().resolved).toEqual(['clash.patch'])
  })

  it('is not exported where mending lost a hunk, until a person says that it was meant', () => {
    const all = scene('lost')
    all.run()
    all.write('a.c', text(LINES.with(4, 'another_road(four);')))
    expect(all.run('--continue').code).toBe(0)
    const out = join(directory, 'lost.out')
    const answer = ['--on-purpose', 'clash.patch:a.c:1', '--because', 'their road is ours', '--by', 'Ann']
    const run = (...words: string[]) => rebaseline(directory, ['export', ...all.place, '--output', out, ...words])
    const refused = run()
    expect([refused.code, existsSync(out)]).toEqual([3, false])
    expect(refused.stdout).toMatch(
      /: not written, 1 change of the old queue is missing\n\nMISSING: .*\n {2}clash\.patch\n/,
    )
    expect(refused.stdout).toMatch(
      / 1 {2}missing\n {6}7 {2}of 7\n[\s\S]*next {2}rebaseline resolve .*--attempt @1 clash\.patch\b/,
    )
    expect(run(...answer)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/says Ann on .*: their road is ours/),
    })
    for (const words of [[], answer]) {
      rmSync(out, { recursive: true })
      expect(run(...words).code).toBe(0)
    }
  })

  it('takes the line ends of the file where an editor gave it others', () => {
    const all = scene('crlf')
    all.run()
    all.write('a.c', MENDED.replaceAll('\n', '\r\n'))
    expect(all.run('--continue').code).toBe(0)
    mendAll(all)
    expect(all.exported().file('a.c')).toBe(SECOND)
  })

  it('goes on without an index, and reads no file through a link', () => {
    const { run, write, work, status } = scene('odd')
    run()
    write('a.c', MENDED)
    writeFileSync(work('.git', 'index'), 'no index')
    mkdirSync(join(directory, 'elsewhere'))
    writeFileSync(join(directory, 'elsewhere', 'a.c'), 'secret\n')
    rmSync(work('new.c'))
    symlinkSync(join(directory, 'elsewhere', 'a.c'), work('new.c'))
    expect(run('--continue').stderr).toBe('')
    expect(status().resolved).toEqual(['clash.patch'])
    rebaseline(directory, ['export', '--queue', 'queue', '--db', 'odd.db', '--output', 'odd.out'])
    const patch = readFileSync(join(directory, 'odd.out', 'clash.patch'), 'utf8')
    expect(patch).toContain('new file mode 120000')
    expect(patch).not.toContain('secret')
  })

  it('says that the work tree is gone, and makes it again', () => {
    const { run, refused, status, read } = scene('lost-tree')
    run()
    const { worktree } = status()
    rmSync(worktree, { recursive: true })
    expect(refused('--continue')).toMatch(/the work tree of clash\.patch is gone/)
    run()
    expect(read('a.c')).toContain('<<<<<<< v2.0')
  })

  it('leaves a patch that was worked on open, whatever else is wanted', () => {
    const { run, refused, write, read } = scene('worked-on')
    run()
    write('a.c', MENDED)
    expect(refused('gone')).toMatch(/clash\.patch is open and was worked on/)
    expect(refused('--accept', 'sure')).toMatch(/clash\.patch is open and was worked on/)
    expect(run().code).toBe(0)
    expect(read('a.c')).toBe(MENDED)
  })
})

it('mends a queue of commits, and leaves it as commits', () => {
  const place = ['--queue', 'upstream#v1.0..queue', '--db', 'commits-queue.db']
  const run = (...words: string[]) => rebaseline(directory, [...words, ...place])
  run('try', '--upstream', 'upstream', '--onto', 'v2.0')
  expect(run('resolve', 'clash').stderr).toBe('')
  const { worktree } = JSON.parse(run('resolve', 'status', '--json').stdout)
  writeFileSync(join(worktree, 'a.c'), MENDED)
  expect(run('resolve', '--continue').code).toBe(0)
  for (const name of ['waits', 'gone', 'beside']) run('resolve', name, '--drop', 'for a test')
  expect(run('resolve', 'status').stdout).toMatch(/git fetch \S+ HEAD:rebased/)
  expect(git(worktree, 'log', '--format=%s', 'v2.0..HEAD')).toBe('last.patch\nclash.patch')
  expect(run('export', '--output', 'commits-queue.out').stderr).toMatch(/the format git cannot be written back yet/)
})

describe('resolve, interrupted', () => {
  const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url))
  const env = { PATH: process.env.PATH ?? '', HOME: directory }

  function start(place: readonly string[], ...words: string[]) {
    const child = spawn(process.execPath, [cli, 'resolve', ...words, ...place], {
      cwd: directory,
      env,
      stdio: 'ignore',
    })
    return { child, code: new Promise<number | null>((done) => child.once('close', (code) => done(code))) }
  }

  it('ends with the same queue, wherever it was killed', async () => {
    const whole = scene('whole')
    whole.run('--accept', 'sure')
    mendAll(whole)
    const killed = scene('killed')
    for (let wait = 60; wait < 900; wait += 70) {
      const { patch, open } = killed.status()
      if (open && patch === 'clash.patch') killed.write('a.c', MENDED)
      if (open && patch === 'waits.patch') killed.write('a.c', SECOND)
      if (open && patch === 'gone.patch' && existsSync(killed.work('gone.c'))) killed.say('rm', '--quiet', 'gone.c')
      const { child, code } = start(killed.place, ...(open ? ['--continue'] : ['--accept', 'sure']))
      await setTimeout(wait)
      child.kill('SIGKILL')
      await code
    }
    killed.run('--accept', 'sure')
    mendAll(killed)
    const [one, other] = [whole.exported(), killed.exported()]
    expect(other.patches).toEqual(one.patches)
    for (const name of [...NAMES, 'series'])
      expect(readFileSync(join(other.out, name), 'latin1')).toBe(readFileSync(join(one.out, name), 'latin1'))
  })

  it('lets one of two go on, and tells the other', async () => {
    const { run, write, place, status } = scene('two')
    run()
    write('a.c', MENDED)
    const codes = await Promise.all([start(place, '--continue').code, start(place, '--continue').code])
    expect(codes.filter((code) => code === 0).length).toBeGreaterThan(0)
    expect(codes.every((code) => code === 0 || code === 2)).toBe(true)
    expect(status().resolved).toEqual(['clash.patch'])
  })

  it('works in a terminal, from within its work tree', () => {
    const { run, status, place } = scene('terminal')
    run('gone')
    const { worktree } = status()
    const command = [
      process.execPath,
      cli,
      'resolve',
      '--continue',
      ...place.slice(2, 3),
      join(directory, 'terminal.db'),
    ]
    const session = `git rm --quiet gone.c && ${command.map((word) => `'${word}'`).join(' ')}`
    const { stdout } = spawnSync('script', ['-qec', session, '/dev/null'], {
      cwd: worktree,
      env: { ...env, TERM: 'xterm', SHELL: '/bin/sh' },
      encoding: 'utf8',
    })
    expect(stdout).toContain('1 of 3 mended')
    expect(status()).toMatchObject({ open: true, resolved: ['gone.patch'] })
  })
})
