import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { git } from '../fixtures/build-upstream.ts'
import { rebaseline } from './helpers/cli.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
const upstream = join(directory, 'upstream')
const LINES = Array.from({ length: 30 }, (_, at) => `stage_${at}(${'x'.repeat(at + 1)});`)

function put(files: Record<string, string[]>): void {
  for (const [name, lines] of Object.entries(files)) writeFileSync(join(upstream, name), `${lines.join('\n')}\n`)
  git(upstream, 'add', '--all')
}

function commit(message: string, files: Record<string, string[]>): void {
  put(files)
  git(upstream, 'commit', '--quiet', '--message', message)
}

function carry(name: string, files: Record<string, string[]>, header = `Subject: ${name}\n\n`): void {
  put(files)
  writeFileSync(join(directory, 'queue', name), `${header}${git(upstream, 'diff', '--cached', 'HEAD')}\n`, 'latin1')
  git(upstream, 'reset', '--quiet', '--hard')
}

mkdirSync(join(directory, 'queue'))
mkdirSync(upstream)
git(upstream, 'init', '--quiet', '--initial-branch=main')
commit('Begin', { 'a.c': LINES, 'b.c': LINES, 'c.c': LINES })
git(upstream, 'tag', 'v1.0')
carry('same.patch', { 'c.c': LINES.with(0, 'own(1);') })
carry('moved.patch', { 'a.c': LINES.with(20, 'own(20);') }, 'Subject: moved\n\nGr\xfc\xdfe\n\n')
carry('upstream.patch', { 'b.c': LINES.with(3, 'fixed(3);') })
carry('clash.patch', { 'b.c': LINES.with(9, 'mine(9);') })
const SERIES = '# Debt\n\nsame.patch # ann\nmoved.patch -p1\n#old.patch\nupstream.patch\nclash.patch\n'
writeFileSync(join(directory, 'queue', 'series'), SERIES)
commit('Fix three', { 'b.c': LINES.with(3, 'fixed(3);') })
commit('More', { 'a.c': ['first();', ...LINES], 'b.c': LINES.with(3, 'fixed(3);').with(9, 'theirs(9);') })
git(upstream, 'tag', 'v2.0')

const release = ['--upstream', 'upstream', '--base', 'v1.0', '--onto', 'v2.0']
rebaseline(directory, ['try', '--queue', 'queue', ...release])
const run = (...words: string[]) => rebaseline(directory, ['export', '--queue', 'queue', ...words])
const read = (...path: string[]) => readFileSync(join(directory, ...path), 'latin1')
const MARKED = '# rebaseline: conflicting on v2.0: it is as it was\nclash.patch\n'

describe('export', () => {
  it('writes the queue anew: dropped ones out, moved ones refreshed, all else byte for byte', () => {
    const { stdout } = run('--output', 'anew')
    expect(stdout).toMatch(/anew: 3 of 4 patches, for v2\.0\n\n {6}1 {2}byte for byte as before\n {6}1 {2}refreshed\n/)
    expect(stdout).toMatch(/ 1 {2}for a person, as before and marked \(attempt @1\):\n +clash\.patch\n +1 {2}out/)
    expect(stdout).toMatch(
      /2 {2}as it was\n {6}1 {2}moved: .*\n {6}1 {2}upstream has it\n {6}0 {2}missing\n {6}4 {2}of 4\n/,
    )
    expect(readdirSync(join(directory, 'anew')).sort()).toEqual(['clash.patch', 'moved.patch', 'same.patch', 'series'])
    expect(read('anew', 'series')).toBe(SERIES.replace('upstream.patch\n', '').replace('clash.patch\n', MARKED))
    for (const name of ['same.patch', 'clash.patch']) expect(read('anew', name)).toBe(read('queue', name))
    expect(read('anew', 'moved.patch')).toContain('Gr\xfc\xdfe')
    expect(read('anew', 'moved.patch').replace(/@@ -\d+,7 \+\d+,7 @@.*|index .*/g, '')).toBe(
      read('queue', 'moved.patch').replace(/@@ -\d+,7 \+\d+,7 @@.*|index .*/g, ''),
    )
    expect(read('anew', 'moved.patch')).toContain('@@ -19,7 +19,7 @@')
  })

  it('keeps the lines of dropped ones as comments, if asked', () => {
    run('--output', 'commented', '--comment-out')
    expect(read('commented', 'series')).toMatch(/^#upstream\.patch {2}# upstream as [0-9a-f]{12}, in v2\.0$/m)
  })

  it('names patches for scripts', () => {
    expect(run('--list', 'drop').stdout).toBe('upstream.patch\n')
    expect(run('--list', 'refresh').stdout).toBe('moved.patch\n')
  })

  it('proves that it lost nothing', () => {
    run('--output', 'proved')
    const { stdout } = rebaseline(directory, ['export', '--check', 'queue', 'proved', ...release])
    expect(stdout).toContain('CANNOT BE USED\n  clash.patch  does not apply')
    expect(stdout).not.toContain('MISSING')
  })

  it('touches nothing that is there, and writes no queue that changed since', () => {
    mkdirSync(join(directory, 'full', 'mine'), { recursive: true })
    expect(run('--output', 'full').stderr).toContain('is not empty')
    expect(run().stderr).toContain('give one of --output')
    cpSync(join(directory, 'queue'), join(directory, 'other'), { recursive: true })
    rebaseline(directory, ['try', '--queue', 'other', ...release])
    writeFileSync(join(directory, 'other', 'same.patch'), read('queue', 'moved.patch'), 'latin1')
    const { stderr } = rebaseline(directory, ['export', '--queue', 'other', '--output', 'no'])
    expect(stderr).toMatch(/is another queue than attempt @\d+ tried/)
    expect(existsSync(join(directory, 'no'))).toBe(false)
  })

  it('writes in place, and goes on where it was killed', () => {
    cpSync(join(directory, 'queue'), join(directory, 'place'), { recursive: true })
    writeFileSync(join(directory, 'place', 'README'), 'mine\n')
    rebaseline(directory, ['try', '--queue', 'place', ...release])
    const go = () => rebaseline(directory, ['export', '--queue', 'place', '--in-place'])
    const backup = /as it was: (.*)\n/.exec(go().stdout)?.[1] ?? ''
    expect(readFileSync(join(backup, 'series'), 'utf8')).toBe(SERIES)
    expect(readdirSync(join(directory, 'place')).sort()).toEqual([
      'README',
      'clash.patch',
      'moved.patch',
      'same.patch',
      'series',
    ])
    const done = read('place', 'series')
    // As if it had been killed before the series was written.
    writeFileSync(join(directory, 'place', 'series'), SERIES)
    expect(go().code).toBe(0)
    expect(read('place', 'series')).toBe(done)
  })
})
