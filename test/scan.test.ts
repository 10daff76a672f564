import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { git } from '../fixtures/build-upstream.ts'
import { openDatabase } from '../src/record/database.ts'
import { takeLock } from '../src/record/lock.ts'
import { rebaseline } from './helpers/cli.ts'
import { buildPortfolio, VERDICTS_OF_PARTS } from './helpers/portfolio.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url))

function newPortfolio(name: string, upstreams: number, queues: number): string {
  const place = join(directory, name)
  mkdirSync(place)
  buildPortfolio(place, upstreams, queues)
  return place
}

interface Told {
  planned: number
  tried: number
  items: { name: string; summary: Record<string, number> }[]
  changes: { patch: string; commit: { author: string | null } | null }[]
  problems: { name: string; onto: string | null; message: string; hint: string }[]
}

function scan(place: string, ...more: string[]): Told & { code: number | null; done: number } {
  const { code, stdout, stderr } = rebaseline(place, ['scan', 'portfolio.yaml', '--jobs', '2', '--json', ...more])
  expect(stdout, stderr).not.toBe('')
  const told = JSON.parse(stdout) as Told
  return { ...told, done: told.items.length, code }
}

interface Document {
  queue: { source: string }
  target: { ref: string }
  patches: { name: string; verdict: string }[]
}

function documents(place: string, ...more: string[]): Document[] {
  const { stdout } = rebaseline(place, ['attempt', 'export', '--all', ...more])
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Document)
}

const nameOf = ({ queue }: Document) => /queues\/(q\d+)/.exec(queue.source)?.[1]

function expectRight(found: readonly Document[], count: number): void {
  expect(new Set(found.map(nameOf)).size).toBe(count)
  expect(found).toHaveLength(count)
  for (const { patches } of found)
    for (const { name, verdict } of patches)
      expect(verdict).toBe(VERDICTS_OF_PARTS[name.replace('.patch', '') as keyof typeof VERDICTS_OF_PARTS])
}

describe('scan', () => {
  it('tries each queue once, and later only what changed', () => {
    const place = newPortfolio('changes', 2, 2)
    expect(scan(place)).toMatchObject({ code: 0, planned: 4, tried: 4, done: 4, problems: [] })
    const first = documents(place)
    expectRight(first, 4)
    expect(scan(place)).toMatchObject({ code: 0, planned: 4, tried: 0, done: 4 })
    const [, next = ''] =
      /^next: rebaseline (.*?) {2}/m.exec(rebaseline(place, ['scan', 'portfolio.yaml']).stdout) ?? []
    expect(rebaseline(place, next.split(' ')).stdout).toContain('landed.patch')
    expect(documents(place)).toEqual(first)

    appendFileSync(join(place, 'queues', 'q2', 'stays.patch'), '\n')
    expect(scan(place)).toMatchObject({ planned: 4, tried: 1, done: 4 })
    expect(nameOf(documents(place).at(-1) as Document)).toBe('q2')

    git(join(place, 'u0'), 'tag', 'v2.1')
    expect(scan(place)).toMatchObject({ planned: 6, tried: 2, done: 6 })
  })

  it('warns early: which patch a branch broke, by whom, and which it took', () => {
    const place = newPortfolio('early', 1, 1)
    const upstream = join(place, 'u0')
    git(upstream, 'checkout', '--quiet', '-b', 'tip', 'v1.0')
    const queue = '{name: q1, queue: queues/q1, upstream: u0, base: v1.0, onto: tip}'
    writeFileSync(join(place, 'portfolio.yaml'), `queues:\n  - ${queue}\n`)
    expect(scan(place)).toMatchObject({ tried: 1, changes: [] })
    expect(scan(place)).toMatchObject({ tried: 0, changes: [] })
    git(upstream, 'merge', '--quiet', '--ff-only', 'main')
    const { changes } = scan(place)
    const told = { name: 'q1', onto: 'tip', before: 'applies' }
    expect(changes).toMatchObject([
      { ...told, patch: 'landed.patch', now: 'upstreamed', commit: { subject: 'landed q1', author: null } },
      { ...told, patch: 'broken.patch', now: 'conflicting', commit: { subject: 'another way for q1' } },
    ])
    expect(changes[1]?.commit?.author).toMatch(/<.*@/)
    // The same as long as nothing is tried again, and told already.
    expect(scan(place)).toMatchObject({ tried: 0, changes: changes.map((change) => ({ ...change, isNew: false })) })
    const { stdout } = rebaseline(place, ['scan', 'portfolio.yaml'], { COLUMNS: '120' })
    expect(stdout).toMatch(
      /\n {2}q1 on tip {2}broken\.patch: applies -> conflicting\n {4}[0-9a-f]{12} another way for q1\n {4}ask .*; carried by nobody named\n/,
    )
  })

  it('loses nothing and doubles nothing, whatever is killed', async () => {
    const place = newPortfolio('kills', 2, 6)
    // Whoever is killed while the record is made leaves a journal, which the next run refuses.
    const made = await openDatabase(join(place, '.local', 'state', 'rebaseline', 'record.db'), 'write')
    made.close()
    const env = { PATH: process.env.PATH ?? '', HOME: place }
    for (let kills = 0, isDone = false; !isDone && kills < 8; kills++) {
      const args = [cli, 'scan', 'portfolio.yaml', '--jobs', '2']
      const child = spawn(process.execPath, args, { cwd: place, env, detached: true, stdio: 'ignore' })
      const ended = new Promise<boolean>((resolve) => child.once('exit', (code) => resolve(code === 0)))
      isDone = await Promise.race([ended, setTimeout(700 + 150 * kills, false)])
      if (!isDone && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      await ended
    }
    expect(scan(place)).toMatchObject({ code: 0, planned: 12, done: 12 })
    expectRight(documents(place), 12)
    expect(scan(place).tried).toBe(0)
  })

  it('sets aside what cannot be tried, and goes on with the rest', () => {
    const place = newPortfolio('poison', 1, 2)
    const queue = join(place, 'queues', 'q2')
    // Planned as it is, and not to be placed: its base has to be found, and none fits.
    writeFileSync(join(queue, 'series'), 'stays.patch\n')
    writeFileSync(join(queue, 'stays.patch'), '--- a/none\n+++ b/none\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n')
    writeFileSync(
      join(place, 'portfolio.yaml'),
      [
        'queues:',
        '  - {name: good, queue: queues/q1, upstream: u0, base: v1.0, onto: v2.0}',
        '  - {name: baseless, queue: queues/q2, upstream: u0, onto: v2.0}',
        '  - {name: missing, queue: queues/q3, upstream: u0, onto: v2.0}',
        '  - {name: homeless, queue: queues/q1, upstream: u7, onto: v2.0}',
        '  - {name: timeless, queue: queues/q1, upstream: u0, base: v1.0, onto: v9.0}',
      ].join('\n'),
    )
    const { problems, ...told } = scan(place)
    expect(told).toMatchObject({ code: 2, planned: 2, tried: 1, done: 1 })
    expect(problems.map(({ name }) => name).sort()).toEqual(['baseless', 'homeless', 'missing', 'timeless'])
    expect(problems.find(({ name }) => name === 'baseless')).toMatchObject({
      onto: 'v2.0',
      hint: expect.stringContaining('--base'),
    })
    expect(scan(place)).toMatchObject({ code: 2, tried: 0, done: 1 })

    const text = rebaseline(place, ['scan', 'portfolio.yaml', '--retry'])
    expect(text.code).toBe(2)
    expect(text.stdout).toContain('4 could not be tried:\n')
    expect(text.stdout).toContain('baseless on v2.0: no release was found')
  })

  it('sets aside what kills each worker that tries it', () => {
    const place = newPortfolio('deadly', 2, 1)
    const programs = join(place, 'bin')
    mkdirSync(programs)
    // As when memory runs out: whatever a worker asks of one upstream, it is killed.
    const isDeadly = `tr '\\0' ' ' < /proc/$PPID/cmdline | grep -q lease-worker && case "$PWD $*" in *${place}/u0*) true;; *) false;; esac`
    const git = `#!/bin/sh\nif ${isDeadly}; then kill -9 $PPID; fi\nPATH=\${PATH#*:} exec git "$@"\n`
    writeFileSync(join(programs, 'git'), git, { mode: 0o755 })
    const env = { PATH: `${programs}:${process.env.PATH}` }
    const { code, stdout } = rebaseline(place, ['scan', 'portfolio.yaml', '--jobs', '1', '--json'], env)
    expect(code).toBe(2)
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ planned: 2, tried: 1, items: [{ name: 'q2' }] },
      problems: [{ name: 'q1', onto: 'v2.0', message: 'the worker died while it tried this' }],
    })
    // It stays so, until a person asks for more.
    expect(scan(place)).toMatchObject({ code: 2, tried: 0 })
    expect(scan(place, '--retry')).toMatchObject({ code: 0, tried: 1, done: 2 })
  }, 60_000)

  it('keeps two scans into one record apart, wherever they are begun', () => {
    const place = newPortfolio('twice', 1, 1)
    const record = join(place, 'record.db')
    rebaseline(place, ['scan', 'portfolio.yaml', '--db', record])
    const name = createHash('sha256').update(join(place, 'portfolio.yaml')).digest('hex').slice(0, 16)
    const release = takeLock(`${record}.scan-${name}.lock`)
    const again = rebaseline(directory, ['scan', 'twice/portfolio.yaml', '--db', record])
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('another scan of') })
    release?.()
    expect(rebaseline(directory, ['scan', 'twice/portfolio.yaml', '--db', record]).code).toBe(0)
    expect(readdirSync(directory).filter((file) => file.includes('.lock'))).toEqual([])
  })

  it('takes apart what many machines scan', () => {
    const place = newPortfolio('shards', 1, 5)
    const parts = [1, 2].map((index) => scan(place, '--shard', `${index}/2`, '--db', `part-${index}.db`))
    expect(parts.reduce((sum, { done }) => sum + done, 0)).toBe(5)
    for (const index of [1, 2]) {
      const { stdout } = rebaseline(place, ['attempt', 'export', '--all', '--db', `part-${index}.db`])
      writeFileSync(join(place, `part-${index}.json`), stdout)
      if (stdout !== '') rebaseline(place, ['attempt', 'import', `part-${index}.json`])
    }
    expectRight(documents(place), 5)
  })

  it.each([
    ['--shard', '0/3'],
    ['--shard', '4/3'],
    ['--jobs', '0'],
  ])('refuses %s %s', (...words) => {
    expect(rebaseline(directory, ['scan', 'portfolio.yaml', ...words]).code).toBe(1)
  })
})
