import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { git } from '../fixtures/build-upstream.ts'
import { rebaseline } from './helpers/cli.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
const upstream = join(directory, 'upstream')

function commit(message: string, bytes: number[]): string {
  writeFileSync(join(upstream, 'logo.bin'), Buffer.from([0, 255, ...bytes, 0]))
  git(upstream, 'add', '--all')
  git(upstream, 'commit', '--quiet', '--message', message)
  return git(upstream, 'rev-parse', 'HEAD')
}

/** What `find` says of the patch, and `try`. */
function actions(target: string): string[] {
  const read = (...args: string[]) => {
    const { stdout, stderr } = rebaseline(directory, [...args, '--upstream', 'upstream', '--json'])
    if (stdout === '') throw new Error(stderr)
    return JSON.parse(stdout).patches[0].action
  }
  return [
    read('find', 'queue/logo.patch', '--in', `v1.0..${target}`),
    read('try', '--queue', 'queue', '--base', 'v1.0', '--onto', target),
  ]
}

it('a binary file whose old bytes are back has lost what the patch did, and one with others has not', () => {
  mkdirSync(join(directory, 'queue'))
  mkdirSync(upstream)
  git(upstream, 'init', '--quiet', '--initial-branch=main')
  commit('Begin', [1, 2, 3])
  git(upstream, 'tag', 'v1.0')
  const fix = commit('Draw the logo anew', [7, 8, 9])
  const diff = git(upstream, 'diff', '--binary', '--full-index', 'v1.0', fix)
  writeFileSync(join(directory, 'queue', 'logo.patch'), `Subject: Draw the logo anew\n\n---\n${diff}\n\n`)
  expect(actions(fix)).toEqual(['drop', 'drop'])
  expect(actions(commit('Another logo', [4, 4]))).toEqual(['drop', 'drop'])
  expect(actions(commit('The old logo', [1, 2, 3]))).not.toContain('drop')
})
