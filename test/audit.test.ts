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
