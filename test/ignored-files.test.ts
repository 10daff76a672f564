import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { git } from '../fixtures/build-upstream.ts'
import { rebaseline } from './helpers/cli.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
const upstream = join(directory, 'upstream')
mkdirSync(join(directory, 'queue'))

function commit(message: string, files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(upstream, name), text)
  git(upstream, 'add', '--all')
  git(upstream, 'commit', '--quiet', '--message', message)
  return git(upstream, 'rev-parse', 'HEAD')
}

const lines = (...own: string[]) => `${['int a;', 'int b;', 'int c;', ...own, 'int d;', 'int e;'].join('\n')}\n`

/** What becomes of a backport that brings the outcome for one more file, which is not in git. */
function actionOn(
  path: string,
  { ignored, sha, made = 'int state;' }: { ignored: string; sha: string; made?: string },
) {
  const more = `--- a/${path}\n+++ b/${path}\n@@ -7 +7,2 @@\n int first;\n+${made}\n`
  const own = git(upstream, 'diff', 'v1.0', 'fixed', '--', 'parser.y')
  writeFileSync(join(directory, 'queue', 'a.patch'), `Take a state more\n\n${sha}---\n${own}\n${more}`)
  git(upstream, 'checkout', '--quiet', '--detach', 'fixed')
  commit('List what is made', { '.gitignore': ignored })
  const range = ['--base', 'v1.0', '--onto', 'HEAD']
  const [found] = JSON.parse(
    rebaseline(directory, ['try', '--queue', 'queue', '--upstream', 'upstream', ...range, '--json']).stdout,
  ).patches
  return found.action
}

it('what is made from what git has goes with a patch that names its commit, and with no other', () => {
  mkdirSync(upstream)
  git(upstream, 'init', '--quiet', '--initial-branch=main')
  commit('Begin', { 'parser.y': lines() })
  git(upstream, 'tag', 'v1.0')
  const fix = commit('Parse one more', { 'parser.y': lines('int state;') })
  git(upstream, 'tag', 'fixed')
  const sha = `(cherry picked from commit ${fix})\n`
  const path = 'lib/parser/states.c'

  for (const ignored of ['/lib/parser/states.c\n', 'lib/parser\n', 'parser/\n', '# made\n\nstates.c\n'])
    expect(actionOn(path, { ignored, sha })).toBe('drop')
  expect(actionOn(path, { ignored: 'states.c\n', sha: '' })).not.toBe('drop')
  for (const ignored of ['', '*.c\n', 'states\n', '/parser/\n', 'lib/\n!lib/parser/states.c\n'])
    expect(actionOn(path, { ignored, sha })).not.toBe('drop')
  // Not made of what the commit changes: it says something of its own, or nothing of that.
  for (const made of ['int state = LIMIT;', 'first = 0;'])
    expect(actionOn(path, { ignored: 'states.c\n', sha, made })).not.toBe('drop')
})
