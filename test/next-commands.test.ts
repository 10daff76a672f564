/** What is printed as the next command works when it is pasted where one stands. */
import { spawnSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { git } from '../fixtures/build-upstream.ts'
import { rebaseline } from './helpers/cli.ts'
import { buildKettle } from './helpers/scenario.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

// What is written beside it is ours, too.
const directory = join(temporaryDirectory(), 'work')
mkdirSync(directory)
const { queue } = buildKettle(directory)

// A name that a shell would take for two words, or worse.
const series = join(queue, 'series')
writeFileSync(join(queue, "it's $HOME.patch"), readFileSync(join(queue, 'kettle-altitude.patch')))
appendFileSync(series, "it's\\ $HOME.patch\n")
git(queue, 'init', '--quiet', '--initial-branch=main')
git(queue, 'add', '--all')
git(queue, 'commit', '--quiet', '--message', 'The queue on KETTLE-1.0.0')
rmSync(join(queue, "it's $HOME.patch"))
writeFileSync(series, readFileSync(series, 'utf8').replace(/^(?:it's.*|kettle-level-inclusive.*)\n/gm, ''))
git(queue, 'add', '--all')
git(queue, 'commit', '--quiet', '--message', 'Leave two patches out')
mkdirSync(join(directory, 'a b'))

const placeIn = (record: string) => ['--queue', 'queue', '--db', `a b/${record}`]
const run = (...args: string[]) => rebaseline(directory, args, { COLUMNS: '80' })
const releases = ['--upstream', 'upstream', '--base', 'KETTLE-1.0.0', '--onto', 'KETTLE-1.2.0']

/** As a person pastes it: by a shell, which says what it would hand to the command. */
function paste(command: string): { code: number | null; stderr: string } {
  const words = join(directory, 'words')
  rmSync(words, { force: true })
  const script = `rebaseline() { printf '%s\\0' "$@" > words; }; ${command}`
  const { status, stderr } = spawnSync('bash', ['-c', script], {
    cwd: directory,
    env: { PATH: process.env.PATH ?? '', HOME: directory, COLUMNS: '80' },
    encoding: 'utf8',
  })
  if (status !== 0 || !existsSync(words)) return { code: status, stderr }
  return run(...readFileSync(words, 'utf8').split('\0').slice(0, -1))
}

/** The commands of the block that begins with "next". */
function nextIn(text: string): string[] {
  const [, block = ''] = /^(next {2}(?:rebaseline|git) .*(?:\n {6}(?:rebaseline|git) .*)*)$/m.exec(text) ?? []
  return block.split('\n').flatMap((line) => {
    const command = line.slice(6).replace(/ {3}.*$/, '')
    return command === '' ? [] : [command]
  })
}

/** Commands in quotation marks, and behind "… more:". */
function hintedIn(text: string): string[] {
  return [...text.matchAll(/"(rebaseline [^"]+)"|(?:more|lists them): (rebaseline .+)$/gm)].map(
    ([, quoted, behind]) => quoted ?? behind ?? '',
  )
}

it('may be pasted, from every answer', () => {
  const place = placeIn('answers.db')
  run('history', 'import', '--repo', 'queue', ...place)
  const answers = [
    run('show', ...place),
    run('try', ...place, ...releases),
    run('try', ...place, ...releases.slice(0, 4), '--onto', 'KETTLE-1.1.0', 'KETTLE-1.2.0'),
    run('show', ...place),
    run('show', ...place, '@1'),
    run('show', ...place, '@1', '--drop'),
    ...['1', '2', '4', '7', '8', '9', '11', '13'].map((position) => run('show', ...place, '@1', position)),
    run('overrule', ...place),
    run('effort', ...place),
    run('effort', 'log', ...place, '--from', '1.0.0', '--to', '1.1.0', '--duration', '2 days'),
    run('effort', 'forecast', ...place),
    run('history', ...place),
    run('resolve', 'status', ...place, '--attempt', '@1'),
    run('attempt', 'withdraw', ...place, '@2', '--reason', 'only a test'),
    run('export', ...place, '--attempt', '@1', '--output', 'written'),
    run('audit', ...place, ...releases),
    run('audit', ...place, ...releases, '--by', 'section'),
  ]
  const commands = new Set(answers.flatMap(({ stdout }) => nextIn(stdout)))
  expect(commands.size).toBeGreaterThan(15)
  for (const command of commands) expect([command, paste(command)]).toMatchObject([command, { code: 0 }])
})

it('may be pasted, from what is refused', () => {
  const place = placeIn('refusals.db')
  run('try', ...place, ...releases)
  const refusals = [
    run('show', ...place, '99'),
    run('show', ...place, '@99'),
    run('show', ...place, 'no such patch'),
    run('show', '--db', 'nowhere.db'),
    run('overrule', ...place, '1', 'withdraw'),
    run('report', '--queue', 'queue', '--db', 'nowhere.db'),
  ]
  const commands = refusals.flatMap(({ stderr }) => hintedIn(stderr))
  expect(commands.length).toBeGreaterThanOrEqual(refusals.length)
  for (const command of commands) expect([command, paste(command)]).toMatchObject([command, { code: 0 }])
})
