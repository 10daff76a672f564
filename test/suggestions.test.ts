import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { git } from '../fixtures/build-upstream.ts'
import { rebaseline } from './helpers/cli.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
const upstream = join(directory, 'upstream')
const LINES = Array.from({ length: 12 }, (_, at) => `stage_${at}(${'x'.repeat(at + 1)});`)

function put(files: Record<string, string[]>): void {
  for (const [name, lines] of Object.entries(files)) writeFileSync(join(upstream, name), `${lines.join('\n')}\n`)
  git(upstream, 'add', '--all')
}

function commit(message: string, files: Record<string, string[]>): void {
  put(files)
  git(upstream, 'commit', '--quiet', '--message', message)
}

/** A patch of the queue by itself, on what the base has. */
function carry(name: string, files: Record<string, string[]>): void {
  put(files)
  writeFileSync(join(directory, 'queue', name), `Subject: ${name}\n\n${git(upstream, 'diff', '--cached', 'HEAD')}\n`)
  git(upstream, 'reset', '--quiet', '--hard')
}

mkdirSync(join(directory, 'queue'))
mkdirSync(upstream)
git(upstream, 'init', '--quiet', '--initial-branch=main')
commit('Begin', { 'a.c': LINES, 'b.c': LINES, 'c.c': LINES })
git(upstream, 'tag', 'v1.0')
carry('1-beside.patch', { 'a.c': LINES.toSpliced(6, 0, 'own();') })
carry('2-half.patch', { 'b.c': LINES.with(5, 'stage_own(xxxxxx);'), 'c.c': LINES.toSpliced(6, 0, 'own();') })
carry('3-no-way.patch', { 'b.c': LINES.with(5, 'stage_ours(xxxxxx);') })
carry('4-lands.patch', { 'a.c': LINES.with(0, 'stage_first(x);') })
commit('Change all that', {
  'a.c': LINES.toSpliced(6, 0, 'upstream();'),
  'b.c': LINES.with(5, 'stage_theirs(xxxxxx);'),
  'c.c': LINES.toSpliced(6, 0, 'upstream();'),
})
git(upstream, 'tag', 'v2.0')

const args = ['--upstream', 'upstream', '--base', 'v1.0', '--onto', 'v2.0']
const { stdout } = rebaseline(directory, ['try', '--queue', 'queue', ...args, '--json'])
const patches: { conflicts: { path: string; suggestion: unknown }[] }[] = JSON.parse(stdout).patches
const show = (...words: string[]) => rebaseline(directory, ['show', '--queue', 'queue', ...words], { COLUMNS: '100' })

describe('suggestions for conflicts', () => {
  const plain = { sure: true, reasons: ['both-insert'], hazards: [] }

  it('are named in the attempt, file by file', () => {
    expect(patches.map(({ conflicts }) => conflicts.map(({ path, suggestion }) => [path, suggestion]))).toEqual([
      [['a.c', plain]],
      [
        ['b.c', null],
        ['c.c', plain],
      ],
      [['b.c', null]],
      [],
    ])
    expect(rebaseline(directory, ['show', '--queue', 'queue', '@1'], { COLUMNS: '160' }).stdout).toMatch(
      /1-beside\.patch.*suggested, sure[\s\S]*2-half\.patch.*suggested in part/,
    )
  })

  it('make a patch that applies to the target', () => {
    const patch = show('1-beside', '--suggested').stdout
    expect(patch).toMatch(/^Subject: 1-beside\.patch\n\ndiff --git a\/a\.c b\/a\.c\n/)
    writeFileSync(join(directory, 'suggested.patch'), patch)
    git(upstream, 'apply', '../suggested.patch')
    expect(git(upstream, 'show', ':a.c').split('\n')).toContain('upstream();')
    expect(git(upstream, 'diff', '--unified=0')).toContain('+own();')
    git(upstream, 'checkout', '--quiet', '--', '.')
  })

  it('leave out what takes a person, and say so', () => {
    const patch = show('2-half', '--suggested').stdout
    expect(patch).toContain('[rebaseline: nothing is suggested for b.c: what the patch does there is left out]')
    expect(patch).toContain('diff --git a/c.c b/c.c')
    expect(patch).not.toContain('diff --git a/b.c')
  })

  it('are explained where a patch is shown', () => {
    const { stdout: shown } = show('2-half')
    expect(shown).toContain('suggested, sure: both sides put lines there')
    expect(shown).toContain('nothing is suggested: it takes a person')
    expect(shown).toMatch(/^ {5}suggested .*\n {15}\S/m)
    expect(shown).toMatch(/show --queue queue @1 2 --suggested > suggested\.patch/)
  })

  it('are refused where there is none', () => {
    expect(show('3-no-way', '--suggested').stderr).toContain('nothing is suggested for 3-no-way.patch in attempt @1')
    expect(show('1-beside', '--suggested', '--residual').stderr).toContain('exclude each other')
    expect(show('4-lands', '--suggested').stdout).toContain('+stage_first(x);')
  })
})
