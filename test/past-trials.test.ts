import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { git } from '../fixtures/build-upstream.ts'
import { rebaseline } from './helpers/cli.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
const upstream = join(directory, 'upstream')
const queue = join(directory, 'queue')
const LINES = Array.from({ length: 20 }, (_, at) => `stage_${at}(${'x'.repeat(at + 1)});`)
const run = (...words: string[]) => rebaseline(directory, words, { COLUMNS: '120' })

/** Line 4 as upstream has it in each release: the patch conflicts with every step. */
const release = (number: number) => LINES.with(4, `way_${'abcd'.repeat(number)}(${number});`)

function put(lines: readonly string[]): void {
  writeFileSync(join(upstream, 'a.c'), `${lines.join('\n')}\n`)
}

mkdirSync(upstream)
mkdirSync(queue)
git(upstream, 'init', '--quiet', '--initial-branch=main')
git(queue, 'init', '--quiet', '--initial-branch=main')
for (const number of [1, 2, 3, 4]) {
  put(release(number))
  git(upstream, 'add', '--all')
  git(upstream, 'commit', '--quiet', '--message', `Release ${number}`)
  git(upstream, 'tag', `v${number}.0`)
  put(release(number).with(4, `own_${number}(4);`))
  const diff = git(upstream, 'diff')
  git(upstream, 'checkout', '--quiet', '--', '.')
  if (number === 4) continue
  writeFileSync(join(queue, 'own.patch'), `Subject: Own\n\n${diff}\n`)
  writeFileSync(join(queue, 'series'), 'own.patch\n')
  git(queue, 'add', '--all')
  git(queue, 'commit', '--quiet', '--message', number === 1 ? 'Begin' : `Rebase to ${number}.0`)
}

it('forecasts from past revisions that it tries when it is told to', () => {
  const place = ['--queue', 'queue']
  const first = git(queue, 'rev-list', '--max-parents=0', 'HEAD')
  expect(run('history', 'import', '--repo', 'queue', '--base', `${first}=1.0`).code).toBe(0)
  expect(run('try', ...place, '--upstream', 'upstream', '--base', 'v3.0', '--onto', 'v4.0').code).toBe(0)
  const step = ['--from', '1.0', '--to', '2.0', '--duration', '3 days']
  expect(run('effort', 'log', ...place, ...step).stdout).toMatch(/^1\.0 is v1\.0\n2\.0 is v2\.0\n\n1\.0 -> 2\.0/)
  const unknown = run('effort', 'log', ...place, ...step, '--to', 'the next one')
  expect([unknown.code, unknown.stderr]).toEqual([
    2,
    expect.stringContaining('the upstream has no release the next one'),
  ])
  run('effort', 'log', ...place, '--from', '2.0', '--to', '3.0', '--duration', '5 days')
  const asked = run('effort', 'forecast', ...place).stdout
  expect(asked).toMatch(
    /too little data[\s\S]*can be tried, and it rests on 2 more:\n {2}[0-9a-f]{12} on v1\.0, onto v2\.0\n/,
  )
  expect(asked).toContain('next  rebaseline effort forecast --queue queue --try-past')
  const told = run('effort', 'forecast', ...place, '--try-past').stdout
  expect(told).toMatch(/1\.0 -> 2\.0: 3 days for 1 conflict[\s\S]*2\.0 -> 3\.0: 5 days for 1 conflict/)
  expect(told).not.toContain('can be tried')
  // What was tried of the past is no attempt: the newest is the one ahead.
  expect(run('show', ...place, '--json').stdout.match(/"id"/g)).toHaveLength(1)
  expect(JSON.parse(run('effort', 'forecast', ...place, '--json').stdout)).toMatchObject({
    untried: [],
    past: [{}, {}],
  })
})

it('says what each rebase left to mend, and what conflicts again and again', () => {
  const place = ['--queue', 'queue', '--db', 'rebases.db']
  const first = git(queue, 'rev-list', '--max-parents=0', 'HEAD')
  run('history', 'import', '--repo', 'queue', '--base', `${first}=1.0`, '--db', 'rebases.db')
  expect(run('history', ...place, '--try-rebases').stderr).toContain('try the queue first: "rebaseline try --help"')
  run('try', ...place, '--upstream', 'upstream', '--base', 'v3.0', '--onto', 'v4.0')
  const told = run('history', ...place, '--try-rebases').stdout
  expect(told).toMatch(
    /queue of that day\n {2}v2\.0 1 of 1 {2}v3\.0 1 of 1\nin conflict at rebase after rebase\n {2}own\.patch 2 of 2/,
  )
  expect(JSON.parse(run('history', ...place, '--json').stdout)).toMatchObject({
    trials: [{ target: 'v2.0' }, { target: 'v3.0' }],
    hard: [{ name: 'own.patch', conflicts: 2, tried: 2 }],
  })
})
