import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { git } from '../fixtures/build-upstream.ts'
import { rebaseline } from './helpers/cli.ts'
import { buildKettle } from './helpers/scenario.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
const { upstream, queue } = buildKettle(directory)

interface Found {
  schema: string
  target: { commit: string }
  patches: {
    name: string
    action: string
    upstream: { status: string; commits: { sha: string; signals: string[] }[] }
  }[]
}

function find(...args: string[]): Found {
  const { code, stdout, stderr } = rebaseline(directory, ['find', '--upstream', 'upstream', '--json', ...args])
  expect([code, stderr]).toEqual([0, ''])
  return JSON.parse(stdout)
}

const subjectOf = (sha: string | undefined) => git(upstream, 'log', '-1', '--format=%s', sha ?? '')

describe('find', () => {
  it('says of every patch of the example what it is upstream', () => {
    const names = readdirSync(queue).filter((name) => name.endsWith('.patch') && name !== 'edited-by-hand.patch')
    const { schema, target, patches } = find(
      '--in',
      'KETTLE-1.0.0..KETTLE-1.2.0',
      ...names.map((name) => `queue/${name}`),
    )
    expect(schema).toBe('rebaseline/find@1')
    expect(target.commit).toBe(git(upstream, 'rev-parse', 'KETTLE-1.2.0^{commit}'))
    const said = patches
      .filter((patch) => patch.upstream.status !== 'absent')
      .map(
        (patch) =>
          `${patch.name}: ${patch.action}, ${patch.upstream.status}, ${subjectOf(patch.upstream.commits[0]?.sha)}`,
      )
    expect(said).toEqual([
      'queue/backport-c4410f3c7062.patch: drop, present, heater: count how often the relay switches',
      'queue/heater-limit-power.patch: review, reverted, heater: limit the power to 3 kW',
      'queue/lid-wait-for-pressure.patch: drop, present, Documentation and safety fixes found in review',
      'queue/sensor-refuse-coarse-scale.patch: drop, present, sensor: refuse a scale that is too coarse',
    ])
  })

  it('looks only where it is told to', () => {
    const [patch] = find('--in', 'KETTLE-1.1.0-rc1..KETTLE-1.2.0', 'queue/sensor-refuse-coarse-scale.patch').patches
    expect(patch).toMatchObject({ action: 'keep', upstream: { status: 'absent' } })
  })

  it("without --in searches all of the upstream's history", () => {
    const [patch] = find('queue/sensor-refuse-coarse-scale.patch').patches
    expect(patch).toMatchObject({ action: 'drop', upstream: { status: 'present' } })
  })

  it('knows a patch that was reworded and lost its subject, by its lines', () => {
    const text = readFileSync(join(queue, 'backport-c4410f3c7062.patch'), 'utf8')
    writeFileSync(
      join(directory, 'bare.patch'),
      `Count the switching, our words\n\n${text.slice(text.indexOf('diff --git'))}`,
    )
    const [patch] = find('--in', 'KETTLE-1.0.0..KETTLE-1.2.0', 'bare.patch').patches
    expect(patch?.upstream.commits[0]?.signals).toContain('patch-id')
    writeFileSync(
      join(directory, 'bare.patch'),
      text.slice(text.indexOf('diff --git')).replace('static long', 'static long long'),
    )
    const [similar] = find('--in', 'KETTLE-1.0.0..KETTLE-1.2.0', 'bare.patch').patches
    expect(similar).toMatchObject({ action: 'review', upstream: { commits: [{ signals: ['similar'] }] } })
    expect(subjectOf(similar?.upstream.commits[0]?.sha)).toBe('heater: count how often the relay switches')
  })

  it('prints candidates for people, and refuses what it cannot read', () => {
    const { stdout } = rebaseline(directory, ['find', '--upstream', 'upstream', 'queue/heater-limit-power.patch'])
    expect(stdout).toMatch(/^REVIEW {2}queue\/heater-limit-power\.patch\n {4}reverted.*\n {4}taken back by /)
    const bad = rebaseline(directory, ['find', '--upstream', 'upstream', 'queue/edited-by-hand.patch'])
    expect(bad.code).toBe(2)
    expect(bad.stderr).toMatch(/queue\/edited-by-hand\.patch:5: .*\n {2}hint: /)
    expect(rebaseline(directory, ['find', '--upstream', 'upstream', '--in', 'v1', 'queue/series']).code).toBe(1)
  })

  it('takes a patch of hundreds of thousands of lines', () => {
    const lines = Array.from({ length: 200_000 }, (_, at) => `+line ${at}\n`)
    writeFileSync(join(directory, 'long.patch'), `--- /dev/null\n+++ b/l\n@@ -0,0 +1,200000 @@\n${lines.join('')}`)
    const { code, stdout } = rebaseline(directory, ['find', '--upstream', 'upstream', 'long.patch'])
    expect([code, stdout.split('\n')[0]]).toEqual([0, expect.stringContaining('long.patch')])
  })

  it('says of several patches which one it could not read, and of a range that it is empty', () => {
    const args = ['find', '--upstream', 'upstream', '--in', 'KETTLE-1.0.0..KETTLE-1.2.0']
    const several = rebaseline(directory, [...args, 'nosuch.patch', 'queue/backport-c4410f3c7062.patch'])
    expect(several.stdout).toMatch(/^REVIEW {2}nosuch\.patch\n {4}cannot be read: no such file.*\nDROP/)
    const back = rebaseline(directory, [
      'find',
      '--upstream',
      'upstream',
      '--in',
      'KETTLE-1.2.0..KETTLE-1.0.0',
      'queue/lid-wait-for-pressure.patch',
    ])
    expect([back.code, back.stderr]).toEqual([2, expect.stringContaining('holds no commit')])
  })
})
