/** A submodule is no file: a diff has one line of it, with the id of a commit (gitsubmodules(7)). */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { git } from '../fixtures/build-upstream.ts'
import { rebaseline } from './helpers/cli.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
const repository = join(directory, 'repository')
mkdirSync(repository)
git(repository, 'init', '--quiet', '--initial-branch=main')

const lines = (word: string) => Array.from({ length: 20 }, (_, at) => `${at === 10 ? word : 'line'} ${at}\n`).join('')
function commit(subject: string, dep: string, main: string): void {
  writeFileSync(join(repository, 'main.c'), main)
  git(repository, 'add', 'main.c')
  git(repository, 'update-index', '--add', '--cacheinfo', `160000,${dep.repeat(40)},lib/dep`)
  git(repository, 'commit', '--quiet', '--message', subject)
}
commit('base', '1', lines('line'))
git(repository, 'tag', 'v1.0')
commit('One, and a newer dep', '2', lines('one'))
commit('Two', '2', lines('two'))
git(repository, 'branch', 'fork')
for (const [tag, dep, main] of [
  ['same', '1', `top\n${lines('line')}`],
  ['taken', '2', `top\n${lines('one')}`],
  ['other', '3', `top\n${lines('line')}`],
] as const) {
  git(repository, 'checkout', '--quiet', '-B', 'main', 'v1.0')
  commit(`upstream: ${tag}`, dep, main)
  git(repository, 'tag', tag)
}
git(repository, 'format-patch', '--quiet', '--output-directory', join(directory, 'mails'), 'v1.0..fork')

function tryOn(queue: string, onto: string): string[] {
  const args = ['--queue', queue, '--upstream', 'repository', '--base', 'v1.0', '--onto', onto, '--json']
  const { stdout, stderr } = rebaseline(directory, ['try', ...args, '--db', 'x.db'])
  expect(stdout, stderr).not.toBe('')
  const { patches } = JSON.parse(stdout) as { patches: { verdict: string; landing: string }[] }
  return patches.map(({ verdict, landing }) => `${verdict} ${landing}`)
}

describe.each(['repository#v1.0..fork', 'mails'])('a patch of %s that moves a submodule', (queue) => {
  it('lands where upstream has the commit that it starts from', () => {
    expect(tryOn(queue, 'v1.0')).toEqual(['applies clean', 'applies clean'])
    expect(tryOn(queue, 'same')).toEqual(['applies offset', 'applies offset'])
  })

  it('is upstream where both the submodule and the files are as it makes them', () => {
    expect(tryOn(queue, 'taken')).toEqual(['upstreamed withheld', 'applies offset'])
  })

  it('is in conflict where upstream moved it to another commit, and what follows waits', () => {
    expect(tryOn(queue, 'other')).toEqual(['conflicting conflict', 'blocked blocked'])
  })
})

describe('a diff of a submodule that is no line with a commit', () => {
  it('is not taken', () => {
    mkdirSync(join(directory, 'odd'))
    const diff = 'index 1111111..2222222 160000\n--- a/lib/dep\n+++ b/lib/dep\n@@ -1 +1 @@\n'
    const body = `-Subproject commit ${'1'.repeat(40)}\n+rm -rf\n`
    writeFileSync(join(directory, 'odd/series'), 'a.patch\n')
    writeFileSync(join(directory, 'odd/a.patch'), `diff --git a/lib/dep b/lib/dep\n${diff}${body}`)
    expect(tryOn('odd', 'same')).toEqual(['conflicting conflict'])
  })
})
