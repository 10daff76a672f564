import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { git } from '../fixtures/build-upstream.ts'
import { rebaseline } from './helpers/cli.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
const upstream = join(directory, 'upstream')

const includes = ['#include "ring.h"', '#include "page.h"']
const others = Array.from({ length: 20 }, (_, at) => `int count_${at};`)
const code = (...lines: string[]) => [...others, 'void close_ring(struct ring *r)', '{', ...lines, '    unmap(r);', '}']
const before = [...includes, ...code()]
const fixed = [...includes, ...code('    drain(r);')]
const withInclude = [...includes, '#include "drain.h"', ...code('    drain(r);')]

function commit(message: string, files: Readonly<Record<string, readonly string[]>>): string {
  for (const [name, lines] of Object.entries(files)) writeFileSync(join(upstream, name), `${lines.join('\n')}\n`)
  git(upstream, 'add', '--all')
  git(upstream, 'commit', '--quiet', '--message', message)
  return git(upstream, 'rev-parse', 'HEAD')
}

/** What becomes of the fix with its include, and maybe one in another file, on what HEAD is. */
function actionOn({ sha, files = {} }: { sha: string | null; files?: Readonly<Record<string, readonly string[]>> }) {
  const target = git(upstream, 'rev-parse', 'HEAD')
  git(upstream, 'checkout', '--quiet', '--detach', 'v1.0')
  const backport = commit('Drain a ring', { 'ring.c': withInclude, ...files })
  const named = sha === null ? '' : `(cherry picked from commit ${sha})\n`
  const text = `Drain the ring first\n\n${named}---\n${git(upstream, 'diff', '-U1', 'v1.0', backport)}\n`
  writeFileSync(join(directory, 'queue', 'a.patch'), text)
  git(upstream, 'checkout', '--quiet', '--detach', target)
  const args = ['--queue', 'queue', '--upstream', 'upstream', '--base', 'v1.0', '--onto', 'HEAD', '--json']
  return JSON.parse(rebaseline(directory, ['try', ...args]).stdout).patches[0].action
}

it('an include goes with the code of its file that landed without it, and with no other', () => {
  mkdirSync(join(directory, 'queue'))
  mkdirSync(upstream)
  git(upstream, 'init', '--quiet', '--initial-branch=main')
  commit('Begin', { 'ring.c': before, 'page.c': [...includes, ...code()] })
  git(upstream, 'tag', 'v1.0')
  const fix = commit('Drain a ring when it is closed', { 'ring.c': fixed })
  expect(actionOn({ sha: fix })).toBe('drop')
  expect(actionOn({ sha: null })).not.toBe('drop')
  // Nothing of that file landed.
  expect(actionOn({ sha: fix, files: { 'page.c': [...includes, '#include "drain.h"', ...code()] } })).not.toBe('drop')

  // Upstream had the include, and took it back.
  git(upstream, 'checkout', '--quiet', '--detach', 'v1.0')
  const whole = commit('Drain a ring when it is closed, at last', { 'ring.c': withInclude })
  commit('Include less', { 'ring.c': fixed })
  expect(actionOn({ sha: whole })).not.toBe('drop')
})
