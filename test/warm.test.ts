import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { type CommandResult, rebaseline } from './helpers/cli.ts'
import { buildKettle } from './helpers/scenario.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url))
const directory = temporaryDirectory()

/** A process of its own, as it is shipped. */
function inProcess(cwd: string, args: string[]): CommandResult {
  const env = { PATH: process.env.PATH ?? '', HOME: cwd, COLUMNS: '80' }
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { cwd, env, encoding: 'utf8' })
  return { code: status, stdout, stderr }
}

const releases = ['--upstream', 'upstream', '--base', 'KETTLE-1.0.0', '--onto', 'KETTLE-1.2.0']
const record = ['--db', 'record.db']
const PORTFOLIO = 'queues:\n  - {queue: queue, upstream: upstream, base: KETTLE-1.0.0, onto: KETTLE-1.2.0}\n'
/** Every command, in an order in which each has what it needs; and what is refused. */
const COMMANDS = [
  ['init', '--queue', 'queue', '--upstream', 'upstream'],
  ['try', '--queue', 'queue', ...releases, ...record],
  ['try', '--queue', 'nowhere', ...releases, ...record],
  ['try', '--queue', 'queue', ...releases, ...record, '--fail-on', 'conflicting'],
  ['show', ...record],
  ['show', ...record, '@1'],
  ['show', ...record, '99'],
  ['show', '--nonsense'],
  ['overrule', '--queue', 'queue', ...record],
  ['audit', '--queue', 'queue', ...releases, ...record],
  ['find', '--upstream', 'upstream', '--onto', 'KETTLE-1.2.0', 'queue/kettle-altitude.patch'],
  ['history', '--queue', 'queue', ...record],
  ['effort', 'list', '--queue', 'queue', ...record],
  ['report', '--queue', 'queue', ...record, '--format', 'markdown'],
  ['attempt', 'export', '--queue', 'queue', ...record],
  ['attempt', 'import', 'missing.json', ...record],
  ['attempt', 'import', '-', ...record],
  ['export', '--queue', 'queue', ...record, '--attempt', '@1', '--output', 'written'],
  ['resolve', 'status', '--queue', 'queue', ...record, '--attempt', '@1'],
  ['scan', 'portfolio.yaml', ...record],
  ['record', 'vacuum', ...record],
  ['serve', '--port', 'none', ...record],
  ['doctor'],
  ['complete', 'bash'],
  ['help', 'verdicts'],
  ['man', '--output', 'man'],
  [],
]

/** Without what differs from run to run: times, what took how long, and hashes of these. */
function timeless(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::[\d.]+)?Z?/g, 'TIME')
    .replace(/\d+(?:\.\d+)? m?s\b/g, 'DURATION')
    .replace(/("durationMs": ?)\d+/g, '$1DURATION')
    .replace(/sha256:[0-9a-f]{64}/g, 'HASH')
}

/** What all commands say, one after the other, and the files that they leave. */
function transcript(run: (cwd: string, args: string[]) => CommandResult) {
  const place = join(directory, 'place')
  buildKettle(place)
  mkdirSync(join(place, 'written'))
  writeFileSync(join(place, 'portfolio.yaml'), PORTFOLIO)
  const answers = COMMANDS.map((args) => {
    const { code, stdout, stderr } = run(place, args)
    return { args, code, stdout: timeless(stdout), stderr: timeless(stderr) }
  })
  const files = readdirSync(place, { recursive: true, encoding: 'utf8' }).sort()
  rmSync(place, { recursive: true })
  return { answers, files }
}

it('does what it does in a process of its own, in one that ran others before', () => {
  const [found, expected] = [transcript(rebaseline), transcript(inProcess)]
  for (const [at, answer] of found.answers.entries()) expect(answer).toEqual(expected.answers[at])
  expect(found.files).toEqual(expected.files)
})
