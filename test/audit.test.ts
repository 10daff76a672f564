import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { AuditedPatch } from '../src/model/audit.ts'
import { rebaseline } from './helpers/cli.ts'
import { buildKettle } from './helpers/scenario.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
buildKettle(directory)
const PLACE = ['--queue', 'queue', '--upstream', 'upstream', '--base', 'KETTLE-1.0.0', '--onto', 'KETTLE-1.2.0']

function audit(): { schema: string; patches: AuditedPatch[] } {
  const { code, stdout, stderr } = rebaseline(directory, ['audit', ...PLACE, '--json'])
  expect([code, stderr]).toEqual([0, ''])
  return JSON.parse(stdout)
}

describe('audit', () => {
  it('has a row for every patch, and drops what the verdict drops', () => {
    const { schema, patches } = audit()
    expect(schema).toBe('rebaseline/audit@1')
    const tried = JSON.parse(rebaseline(directory, ['try', ...PLACE, '--json']).stdout)
    const dropped = tried.patches.filter((one: { action: string }) => one.action === 'drop')
    expect(patches.map(({ name }) => name)).toEqual(tried.patches.map(({ name }: { name: string }) => name))
    const names = dropped.map(({ name }: { name: string }) => name)
    expect(patches.filter(({ next }) => next === 'drop').map(({ name }) => name)).toEqual(names)
  })

  it('looks up the commit that a file name claims', () => {
    const backport = audit().patches.find(({ name }) => name === 'backport-c4410f3c7062.patch')
    expect(backport).toMatchObject({ class: 'backport', next: 'drop' })
    expect(backport?.claims).toMatchObject([{ field: 'name', at: 'target', holds: 'true' }])
    expect(backport?.claims[0]?.commit).toMatch(/^c4410f3c7062[0-9a-f]{28}$/)
  })

  it('prints a table by debt, each patch with a sentence on it', () => {
    const { code, stdout } = rebaseline(directory, ['audit', ...PLACE, '--all'])
    expect(code).toBe(0)
    const lines = stdout.split('\n')
    const row = lines.findIndex((line) => /^ +2 backport-c44\S+\.patch +backport .* drop$/.test(line))
    expect(lines[row + 1]).toBe('     the target has the whole change, as c4410f3c7062, first in KETTLE-1.1.0-rc1')
    expect(lines.every((line) => line.length <= 80 || line.includes('  rebaseline '))).toBe(true)
  })

  it('prints the rows and the sums that are asked for', () => {
    const asked = rebaseline(directory, ['audit', ...PLACE, '--only', 'class=backport', 'next=drop', '--json'])
    expect(JSON.parse(asked.stdout).patches.map(({ position }: AuditedPatch) => position)).toEqual([2, 3, 5])
    const sums = rebaseline(directory, ['audit', ...PLACE, '--by', 'next', '--json'])
    const { by, patches, sums: told } = JSON.parse(sums.stdout)
    expect(by).toBe('next')
    expect(told.reduce((sum: number, one: { patches: number }) => sum + one.patches, 0)).toBe(patches.length)
    const some = rebaseline(directory, ['audit', ...PLACE, '--only', 'class=backport']).stdout
    expect(some).toMatch(/^.*: against KETTLE-1\.2\.0, \d of its 13 patches\n/)
    // What to do is wrapped, and not cut.
    const narrow = rebaseline(directory, ['audit', ...PLACE, '--by', 'class'], { COLUMNS: '50' }).stdout
    expect(narrow.split('\n\n')[2]).not.toContain('…')
    const wrong = rebaseline(directory, ['audit', ...PLACE, '--only', 'colour=red'])
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('"colour=red" says nothing')])
  })

  it('prints Markdown that a name cannot break out of', () => {
    const { stdout } = rebaseline(directory, ['audit', ...PLACE, '--markdown'])
    expect(stdout).toMatch(/^# Why each patch is carried: /)
    expect(stdout).toMatch(/^\| 8 \| kettle-altitude\.patch \| unsent \| .* \| send \| 10 \| It is in conflict with /m)
  })

  it('says what changed since the last audit of the queue', () => {
    const place = ['--db', 'changes.db', ...PLACE]
    expect(JSON.parse(rebaseline(directory, ['audit', ...place, '--json']).stdout).changes).toBeNull()
    const series = join(directory, 'queue', 'series')
    const before = readFileSync(series, 'utf8')
    writeFileSync(series, before.replace('kettle-altitude.patch\n', ''))
    const { changes } = JSON.parse(rebaseline(directory, ['audit', ...place, '--json']).stdout)
    writeFileSync(series, before)
    expect(changes).toMatchObject({ since: { attempt: 1 }, left: ['kettle-altitude.patch'], came: [] })
    expect(rebaseline(directory, ['audit', ...place]).stdout).toMatch(
      /^CHANGED {2}since .*\n +1 came in: kettle-altitude/m,
    )
  })
})

describe('the past of a queue', () => {
  const { queue } = buildKettle(join(directory, 'aged'))
  const git = (date: string, ...args: string[]) => {
    const env = { ...process.env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date, GIT_CONFIG_GLOBAL: '/dev/null' }
    execFileSync('git', ['-C', queue, '-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args], {
      stdio: 'ignore',
      env,
    })
  }
  const series = join(queue, 'series')
  const whole = readFileSync(series, 'utf8')
  const [first = ''] = whole.split('\n').filter((line) => /^[\w-]+\.patch/.test(line))
  git('2020-01-01T12:00:00Z', 'init', '--quiet')
  writeFileSync(series, whole.replace(`${first}\n`, ''))
  git('2020-01-01T12:00:00Z', 'add', '.')
  git('2020-01-01T12:00:00Z', 'commit', '--quiet', '-m', 'The queue')
  writeFileSync(series, whole)
  git('2024-01-01T12:00:00Z', 'commit', '--quiet', '-am', 'One more')
  writeFileSync(join(queue, 'left-behind.diff'), 'x')

  it('says how old each patch is, and which file belongs to nobody', () => {
    const place = [
      '--queue',
      'aged/queue',
      '--upstream',
      'upstream',
      '--base',
      'KETTLE-1.0.0',
      '--onto',
      'KETTLE-1.2.0',
    ]
    const { stdout } = rebaseline(directory, ['audit', ...place, '--json'])
    const { patches, orphans } = JSON.parse(stdout)
    const days = (since: string) => Math.floor((Date.now() - Date.parse(since)) / 86_400_000)
    const name = first.split(/\s/)[0]
    expect(orphans).toContain('left-behind.diff')
    const other = rebaseline(directory, ['audit', ...PLACE, '--json'])
    expect(JSON.parse(other.stdout).patches[0].ageDays).toBeNull()
    for (const patch of patches) {
      const isNew = patch.name === name
      expect(patch).toMatchObject({ ageAtLeast: !isNew, refreshes: 0 })
      const age = days(isNew ? '2024-01-01T12:00:00Z' : '2020-01-01T12:00:00Z')
      expect(Math.abs(patch.ageDays - age)).toBeLessThanOrEqual(1)
    }
  })
})
