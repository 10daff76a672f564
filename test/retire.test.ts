import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { AuditedPatch } from '../src/model/audit.ts'
import type { Problem } from '../src/model/patch.ts'
import { rebaseline } from './helpers/cli.ts'
import { buildKettle } from './helpers/scenario.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
const { queue } = buildKettle(directory)
const PLACE = [
  '--queue',
  'queue',
  '--upstream',
  'upstream',
  '--base',
  'KETTLE-1.0.0',
  '--onto',
  'KETTLE-1.2.0',
  '--json',
]
const level = join(queue, 'kettle-level-inclusive.patch')
writeFileSync(level, `Retire-when: file src/kettle.c is gone\n${readFileSync(level, 'utf8')}`)
writeFileSync(
  join(queue, 'rebaseline.yaml'),
  `retire:
  heater-report-measured-power.patch: base >= 1.0
  kettle-announce-target.patch: the vendor agrees
  kettel-altitude.patch: base >= 9
`,
)

describe('conditions under which a patch is to go', () => {
  it('are asked at every attempt, and those told that are met or that nobody can answer', () => {
    const { code, stdout, stderr } = rebaseline(directory, ['try', ...PLACE])
    expect(code).toBe(0)
    const notes: Problem[] = JSON.parse(stdout).queue.notes
    expect(notes.slice(0, 3)).toMatchObject([
      { file: 'heater-report-measured-power.patch', message: 'is to go: "base >= 1.0": the base is KETTLE-1.0.0' },
      {
        file: 'kettle-announce-target.patch',
        message: expect.stringMatching(/^may be to go: "the vendor agrees": not read/),
      },
      {
        file: join(queue, 'rebaseline.yaml'),
        line: 4,
        message: 'retire: the queue has no patch "kettel-altitude.patch"',
      },
    ])
    expect(stderr).toContain('heater-report-measured-power.patch: is to go')
    expect(stderr).not.toContain('kettle-level-inclusive.patch: ')
  })

  it('make an audit drop the patch where they are met, and no verdict', () => {
    const { patches }: { patches: AuditedPatch[] } = JSON.parse(rebaseline(directory, ['audit', ...PLACE]).stdout)
    const of = (name: string) => patches.find((one) => one.name.startsWith(name))
    expect(of('heater-report')).toMatchObject({ next: 'drop', verdict: 'applies', retire: [{ met: true }] })
    expect(of('kettle-announce')).toMatchObject({ next: expect.not.stringMatching(/drop/), retire: [{ met: null }] })
    expect(of('kettle-level')).toMatchObject({ next: expect.not.stringMatching(/drop/), retire: [{ met: false }] })
  })

  it('know a base that is named by its commit', () => {
    const commit = JSON.parse(rebaseline(directory, ['try', ...PLACE]).stdout).base.commit
    const place = PLACE.map((word) => (word === 'KETTLE-1.0.0' ? commit : word))
    expect(rebaseline(directory, ['try', ...place]).stderr).toContain('"base >= 1.0": the base is KETTLE-1.0.0')
  })
})
