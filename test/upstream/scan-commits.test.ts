import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { git } from '../../fixtures/build-upstream.ts'
import { openScratch } from '../../src/git/scratch.ts'
import { hashLine } from '../../src/model/line-hash.ts'
import { scanCommits } from '../../src/upstream/scan-commits.ts'
import { gitSetting } from '../helpers/git-setting.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'

const directory = temporaryDirectory()
const repository = join(directory, 'upstream')

function commit(message: string, files: Record<string, string | null>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(repository, name, '..'), { recursive: true })
    if (content === null) git(repository, 'rm', '--quiet', name)
    else writeFileSync(join(repository, name), content, 'latin1')
  }
  git(repository, 'add', '--all')
  git(repository, 'commit', '--quiet', '--allow-empty', '--message', message)
}

it("gives the patch-ids of git patch-id --stable, and every commit's message, paths and lines", async () => {
  mkdirSync(repository)
  git(repository, 'init', '--quiet', '--initial-branch=main')
  commit('Begin', { 'a b.c': 'one\n\ttwo\n', 'dir/Latin\xe9': 'caf\xe9\r\n' })
  commit('Change two files\n\nmaster commit: 0123456789abcdef0123456789abcdef01234567\n', {
    'a b.c': 'one\n  three\n}\n',
    'dir/x': 'x',
  })
  commit('No line feed at the end', { 'dir/x': 'y' })
  commit('Nothing', {})
  commit('A hunk that looks like a header\n\nThis reverts commit 89abcdef0123.', {
    h: '-- a/x\n++ b/x\n@@ -1 +1 @@\ndiff --git a/q b/q\n',
  })
  commit('Its removal', { h: null })
  const long = Array.from({ length: 9000 }, (_, at) => `line ${at} of \t many\n`)
  commit('A file longer than what is hashed at once', { long: long.join('') })
  commit('Its end, elsewhere', { long: null, longer: long.slice(10).join('') })
  commit('An empty file, then another', { empty: '', zlast: 'last\n' })
  chmodSync(join(repository, 'empty'), 0o755)
  git(repository, 'add', 'empty')
  git(repository, 'commit', '--quiet', '--message', 'A mode')
  git(repository, 'checkout', '--quiet', '-b', 'side', 'HEAD~2')
  commit('Side', { side: 'side\n' })
  git(repository, 'checkout', '--quiet', 'main')
  git(repository, 'merge', '--quiet', '--no-ff', '--message', 'Merge side', 'side')

  const scratch = await openScratch(join(directory, 'scratch'), repository, gitSetting())
  const shas = git(repository, 'rev-list', '--reverse', 'HEAD').split('\n')
  const scanned = []
  for await (const one of scanCommits(scratch, shas)) scanned.push(one)
  expect(scanned.map((one) => one.sha)).toEqual(shas)
  const log = execFileSync(
    'git',
    ['-c', 'core.quotePath=false', 'log', '-p', '--full-index', '--no-renames', '--no-merges'],
    { cwd: repository },
  )
  const expected = execFileSync('git', ['patch-id', '--stable'], { input: log }).toString().trim().split('\n')
  const ours = scanned.filter((one) => one.patchId !== null).map((one) => `${one.patchId} ${one.sha}`)
  expect(ours.sort()).toEqual(expected.sort())

  const bySubject = new Map(scanned.map((one) => [one.subject, one]))
  expect(bySubject.get('Change two files')).toMatchObject({
    takenFrom: ['0123456789abcdef0123456789abcdef01234567'],
    paths: ['a b.c', 'dir/x'],
    author: 'Maude Ainer <maude@kettle.example>',
  })
  expect([...(bySubject.get('Change two files')?.lines ?? [])]).toEqual([
    hashLine('-', 'two'),
    hashLine('+', 'three'),
    hashLine('+', 'x'),
  ])
  expect([...(bySubject.get('Its end, elsewhere')?.lines ?? [])]).toEqual(
    long.slice(0, 10).map((line) => hashLine('-', line)),
  )
  expect(bySubject.get('A hunk that looks like a header')?.reverts).toEqual(['89abcdef0123'])
  expect(bySubject.get('A hunk that looks like a header')?.paths).toEqual(['h'])
  expect(bySubject.get('Merge side')).toMatchObject({ patchId: null, paths: [], parents: { length: 2 } })
})

it('reads the commits around one whose message has no end', async () => {
  const long = join(directory, 'long')
  mkdirSync(long)
  git(long, 'init', '--quiet', '--initial-branch=main')
  writeFileSync(join(directory, 'message'), `Say much\n\n${'word '.repeat(4 << 20)}`)
  for (const [at, message] of [
    ['--message', 'Begin'],
    ['--file', join(directory, 'message')],
    ['--message', 'End'],
  ].entries()) {
    writeFileSync(join(long, 'f'), `${at}\n`)
    git(long, 'add', '--all')
    git(long, 'commit', '--quiet', ...message)
  }
  const scratch = await openScratch(join(directory, 'scratch-long'), long, gitSetting())
  const found = []
  for await (const one of scanCommits(scratch, git(long, 'rev-list', '--reverse', 'HEAD').split('\n'))) found.push(one)
  expect(found.map(({ subject, paths }) => [subject, paths])).toEqual([
    ['Begin', ['f']],
    ['Say much', ['f']],
    ['End', ['f']],
  ])
})
