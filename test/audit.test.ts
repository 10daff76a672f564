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

  it('prints a table', () => {
    const { code, stdout } = rebaseline(directory, ['audit', ...PLACE])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^ +\d+ backport-c4410f3c7062\.patch +backport .* drop$/m)
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
    for (const patch of patches) {
      const isNew = patch.name === name
      expect(patch).toMatchObject({ ageAtLeast: !isNew, refreshes: 0 })
      const age = days(isNew ? '2024-01-01T12:00:00Z' : '2020-01-01T12:00:00Z')
      expect(Math.abs(patch.ageDays - age)).toBeLessThanOrEqual(1)
    }
  })
})
