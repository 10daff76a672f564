/** Many jobs in one process: what one of them does reaches into no other. */
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { tryOn } from '../src/jobs/try/try.ts'
import { rebaseline } from './helpers/cli.ts'
import { jobContext } from './helpers/job-context.ts'
import { buildKettle } from './helpers/scenario.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
const { queue, upstream } = buildKettle(directory)

const contextOf = (name: string, signal?: AbortSignal) => jobContext(directory, join(directory, `${name}.db`), signal)

const job = (name: string, onto: string, signal?: AbortSignal) =>
  tryOn(
    {
      queue,
      upstream,
      base: 'KETTLE-1.0.0',
      onto: [onto],
      guards: [],
      format: null,
      isKept: false,
      takesRecorded: false,
    },
    contextOf(name, signal),
    {
      tried: () => {},
      kept: () => {},
    },
  )

describe('eight jobs at once', () => {
  it('end as if each were alone, though one fails and one is aborted', async () => {
    const before = process.listenerCount('exit')
    const abort = new AbortController()
    const jobs = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => job(name, 'KETTLE-1.2.0'))
    const failing = job('g', 'KETTLE-9.9.9')
    const aborted = job('h', 'KETTLE-1.2.0', abort.signal)
    setTimeout(() => abort.abort(new Error('enough')), 30)
    const ended = await Promise.allSettled([...jobs, failing, aborted])
    const told = ended.map((one) => (one.status === 'fulfilled' ? 'done' : (one.reason as Error).message))
    expect(told.slice(0, 6)).toEqual(Array(6).fill('done'))
    expect(told.slice(6)).toEqual([expect.stringContaining('no release, branch or commit "KETTLE-9.9.9"'), 'enough'])
    const verdicts = ended.flatMap((one) =>
      one.status === 'fulfilled' ? [one.value[0]?.results.map(({ verdict }) => verdict)] : [],
    )
    for (const one of verdicts) expect(one).toEqual(verdicts[0])
    expect(process.listenerCount('exit')).toBe(before)
  })

  it('is not begun where it was aborted before', async () => {
    const signal = AbortSignal.abort(new Error('never mind'))
    await expect(job('i', 'KETTLE-1.2.0', signal)).rejects.toThrow('never mind')
    expect(readdirSync(directory)).not.toContain('i.db')
  })
})

describe('a git that hangs', () => {
  it.each(['rev-list', 'cat-file', 'log', 'init', 'version'])('in %s is ended and said', (command) => {
    const tools = join(directory, `hanging-${command}`)
    mkdirSync(tools)
    const real = (process.env.PATH ?? '').split(':').map((one) => join(one, 'git'))
    const find = `for git in ${real.map((one) => `'${one}'`).join(' ')}; do [ -x "$git" ] && exec "$git" "$@"; done`
    writeFileSync(join(tools, 'git'), `#!/bin/sh\ncase " $* " in *" ${command} "*) exec sleep 100;; esac\n${find}\n`)
    chmodSync(join(tools, 'git'), 0o755)
    const args = [
      'try',
      '--queue',
      'queue',
      '--upstream',
      'upstream',
      '--base',
      'KETTLE-1.0.0',
      '--onto',
      'KETTLE-1.2.0',
    ]
    const environment = {
      PATH: `${tools}:${process.env.PATH}`,
      REBASELINE_GIT_TIMEOUT: '1',
      XDG_CACHE_HOME: join(directory, `cache-${command}`),
    }
    const { code, stderr } = rebaseline(directory, args, environment)
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/git has said nothing for 1 seconds\n {2}hint: is the repos/),
    ])
  })
})

describe('REBASELINE_GIT_TIMEOUT', () => {
  const wrong = (value: string, ...args: string[]) => rebaseline(directory, args, { REBASELINE_GIT_TIMEOUT: value })
  const args = ['--queue', 'queue', '--upstream', 'upstream', '--onto', 'KETTLE-1.2.0']

  it.each(['0', '-1', '1.5', 'ten'])('takes whole seconds, not %s', (value) => {
    const { code, stderr } = wrong(value, 'try', ...args)
    expect([code, stderr]).toEqual([
      1,
      `rebaseline: REBASELINE_GIT_TIMEOUT=${value} is no whole number of seconds\n  hint: give 1 to 2000000, or leave it out\n`,
    ])
  })

  it('is looked at where git is called', () => {
    expect(wrong('ten', 'try', '--help').code).toBe(0)
    expect(wrong('ten', '--version').code).toBe(0)
  })
})
