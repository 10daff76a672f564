/** A git that hangs, lies or dies, and repositories that it waits for without end. */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { rebaseline } from './helpers/cli.ts'
import { buildKettle } from './helpers/scenario.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
buildKettle(directory)
const tryOf = (upstream: string) => {
  return ['try', '--queue', 'queue', '--upstream', upstream, '--base', 'KETTLE-1.0.0', '--onto', 'KETTLE-1.2.0']
}
/** Who waits for a git that hangs does so for a second; any other git may take its time. */
const patienceOf = (said: string): Record<string, string> =>
  said.endsWith(' for 1 seconds') ? { REBASELINE_GIT_TIMEOUT: '1' } : {}

/** A PATH on which git does something else where its arguments fit a pattern of the shell. */
function otherGit(name: string, pattern: string, words: string): string {
  const path = process.env.PATH ?? ''
  mkdirSync(join(directory, name))
  const script = `#!/bin/sh\ncase "$*" in ${pattern}) ${words};; esac\nPATH='${path}' exec git "$@"\n`
  writeFileSync(join(directory, name, 'git'), script, { mode: 0o755 })
  return `${join(directory, name)}:${path}`
}

it.each([
  ['hangs', '*" version"', 'sleep 100', 'git has said nothing for 1 seconds'],
  ['hangs-in-log', '*" log "*', 'sleep 100', 'git has said nothing for 1 seconds'],
  ['complains', '*cat-file*', 'exec yes >&2', 'git has said nothing for 1 seconds'],
  ['floods', '*" log "*', 'exec yes', 'git prints without end'],
  ['is-no-git', '*" version"', 'echo 7; exit', 'git version ended without an answer'],
  ['dies-in-version', '*" version"', 'kill -9 $$', 'git version ended without an answer'],
  ['ends-in-log', '*" log "*', 'exit 0', 'git log ended without an answer'],
  ['ends-in-cat-file', '*cat-file*', 'exit 0', 'git cat-file ended without an answer'],
  ['ends-in-merge-tree', '*merge-tree*', 'exit 0', 'git merge-tree ended without an answer'],
  ['hangs-in-diff-tree', '*diff-tree*', 'sleep 100', 'git has said nothing for 1 seconds'],
  ['ends-in-diff-tree', '*diff-tree*', 'exit 0', 'git diff-tree ended without an answer'],
  ['floods-in-diff-tree', '*diff-tree*', 'exec yes', 'git prints without end'],
  ['has-no-room', '*" init "*', 'echo "fatal: write error. Out of diskspace" >&2; exit 128', 'the disk is full'],
  ['is-old', '*" version"', 'echo git version 2.20.1; exit', 'git 2.20.1 is too old'],
])('a git that %s is said to', (name, pattern, words, said) => {
  const around = { PATH: otherGit(name, pattern, words), XDG_CACHE_HOME: join(directory, name) }
  expect(rebaseline(directory, tryOf('upstream'), { ...patienceOf(said), ...around })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(said),
  })
})

it.each(['config', 'packed-refs', 'objects/info/alternates', 'commondir', 'HEAD'])(
  'a repository whose %s is a FIFO is refused',
  (path) => {
    cpSync(join(directory, 'upstream'), join(directory, 'fifo'), { recursive: true })
    const place = join(directory, 'fifo', '.git', path)
    rmSync(place, { force: true })
    spawnSync('mkfifo', [place])
    const { code, stderr } = rebaseline(directory, tryOf('fifo'))
    rmSync(join(directory, 'fifo'), { recursive: true })
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(`${path} is no regular file`) })
  },
)

it('whatever git began itself ends with it', async () => {
  const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url))
  const path = otherGit('begins', '*ls-remote*', 'sleep 98765')
  const child = spawn(process.execPath, [cli, ...tryOf('upstream')], {
    cwd: directory,
    env: { PATH: path, HOME: directory },
  })
  const isRunning = () => execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).includes('sleep 98765')
  while (!isRunning()) await new Promise((resolve) => setTimeout(resolve, 20))
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGINT')
  expect(await ended).toBe(130)
  expect(isRunning()).toBe(false)
})
