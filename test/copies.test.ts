/** A patch that copies a file, and one that moves a file to where it deletes another. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { git } from '../fixtures/build-upstream.ts'
import { rebaseline } from './helpers/cli.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
const upstream = join(directory, 'upstream')
const text = (name: string, seventh = `${name} line 7`) =>
  Array.from({ length: 12 }, (_, at) => `${at === 7 ? seventh : `${name} line ${at}`}\n`).join('')

function commit(message: string, files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(upstream, name), content)
  git(upstream, 'add', '--all')
  git(upstream, 'commit', '--quiet', '--message', message)
}

const EDIT = '@@ -7,3 +7,3 @@\n kettle line 6\n-kettle line 7\n+kettle whistles\n kettle line 8\n'
const copyTo = (name: string, edit = '') =>
  `diff --git a/kettle.c b/${name}\nsimilarity index ${edit ? 90 : 100}%\ncopy from kettle.c\ncopy to ${name}\n${edit && `--- a/kettle.c\n+++ b/${name}\n${edit}`}`
const patches = {
  'copy.patch': copyTo('pot.c'),
  'copy-and-edit.patch': copyTo('jug.c', EDIT),
  'copied-upstream.patch': copyTo('urn.c'),
  'onto-deleted.patch':
    'diff --git a/old.c b/old.c\ndeleted file mode 100644\n--- a/old.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-old\n' +
    'diff --git a/tap.c b/old.c\nsimilarity index 100%\nrename from tap.c\nrename to old.c\n',
}

mkdirSync(join(directory, 'queue'))
for (const [name, diff] of Object.entries(patches)) writeFileSync(join(directory, 'queue', name), diff)
writeFileSync(join(directory, 'queue', 'series'), `${Object.keys(patches).join('\n')}\n`)
mkdirSync(upstream)
git(upstream, 'init', '--quiet', '--initial-branch=main')
commit('Begin', { 'kettle.c': text('kettle'), 'tap.c': text('tap'), 'old.c': 'old\n' })
git(upstream, 'tag', 'v1.0')
commit('Let the kettle whistle', { 'kettle.c': text('kettle', 'kettle whistles') })
commit('Copy the kettle', { 'urn.c': text('kettle') })
git(upstream, 'tag', 'v2.0')

const args = ['try', '--queue', 'queue', '--upstream', 'upstream', '--base', 'v1.0', '--onto', 'v2.0']
const verdicts = new Map<string, string>(
  JSON.parse(rebaseline(directory, [...args, '--json']).stdout).patches.map(
    (one: { name: string; verdict: string }) => [one.name, one.verdict],
  ),
)

it('keeps a copy that the target has not, whatever became of the file that it is of', () => {
  expect(verdicts.get('copy.patch')).toBe('applies')
  expect(verdicts.get('copy-and-edit.patch')).not.toBe('upstreamed')
})

it('takes out a copy that the target has', () => {
  expect(verdicts.get('copied-upstream.patch')).toBe('upstreamed')
})

it('moves a file to where the patch itself deletes one', () => {
  expect(verdicts.get('onto-deleted.patch')).toBe('applies')
  const [, kept = ''] = /^kept: (.*)$/m.exec(rebaseline(directory, [...args, '--keep']).stdout) ?? []
  expect(readFileSync(join(kept, 'old.c'), 'utf8')).toBe(text('tap'))
})
