import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { git } from '../fixtures/build-upstream.ts'
import { rebaseline } from './helpers/cli.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
const upstream = join(directory, 'upstream')
const PART = ['int in_range(struct range *r, long at)', '{', '    return at >= r->from && at < r->to;', '}', '']
const OTHER = ['void report(struct range *r)', '{', '    print(r->from, r->to);', '}', '']
const LINES = ['#include "range.h"', '', ...PART, ...OTHER, 'int end;']

function put(lines: readonly string[]): void {
  writeFileSync(join(upstream, 'range.c'), `${lines.join('\n')}\n`)
  git(upstream, 'add', '--all')
}

function carry(name: string, lines: readonly string[]): void {
  put(lines)
  writeFileSync(join(directory, 'queue', name), `Subject: ${name}\n\n${git(upstream, 'diff', '--cached', 'HEAD')}\n`)
  git(upstream, 'commit', '--quiet', '--message', name)
}

it('a patch that puts back part of what a kept one takes out is kept, too', () => {
  mkdirSync(join(directory, 'queue'))
  mkdirSync(upstream)
  git(upstream, 'init', '--quiet', '--initial-branch=main')
  put(LINES)
  git(upstream, 'commit', '--quiet', '--message', 'Begin')
  git(upstream, 'tag', 'v1.0')
  git(upstream, 'checkout', '--quiet', '-b', 'queue')
  carry(
    '1-take-both-out.patch',
    LINES.filter((line) => !PART.includes(line) && !OTHER.includes(line)),
  )
  carry(
    '2-put-one-back.patch',
    LINES.filter((line) => !OTHER.includes(line) || PART.includes(line)),
  )
  git(upstream, 'checkout', '--quiet', 'main')
  put([...LINES, 'int more;'])
  git(upstream, 'commit', '--quiet', '--message', 'Say more')
  git(upstream, 'tag', 'v2.0')
  const args = ['--upstream', 'upstream', '--base', 'v1.0', '--onto', 'v2.0', '--json']
  const { stdout } = rebaseline(directory, ['try', '--queue', 'queue', ...args])
  const { patches } = JSON.parse(stdout)
  expect(patches.map(({ verdict }: { verdict: string }) => verdict)).toEqual(['applies', 'applies'])
  expect(patches[1].upstream.fates).toMatchObject([{ fate: 'remains' }])
})
