import { describe, expect, it } from 'vitest'
import { rebaseline } from './helpers/cli.ts'
import { buildKettle } from './helpers/scenario.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const home = temporaryDirectory()
buildKettle(home)
const report = (format: string) => rebaseline(home, ['report', '--queue', 'queue', '--format', format])

it('needs an attempt', () => {
  const elsewhere = temporaryDirectory()
  expect(rebaseline(elsewhere, ['report', '--format', 'sarif']).code).toBe(2)
})

describe('a report for what runs builds', () => {
  const given = ['--upstream', 'upstream', '--base', 'KETTLE-1.0.0', '--onto', 'KETTLE-1.2.0']
  const made = () => expect(rebaseline(home, ['try', '--queue', 'queue', ...given]).code).toBe(0)

  it('is SARIF with the line that lists the patch', () => {
    made()
    const { runs } = JSON.parse(report('sarif').stdout)
    const [{ tool, results }] = runs
    expect(tool.driver.rules[0]).toMatchObject({ id: 'conflicting', defaultConfiguration: { level: 'error' } })
    const conflict = results.find(({ ruleId }: { ruleId: string }) => ruleId === 'conflicting')
    expect(conflict.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'queue/series', uriBaseId: '%SRCROOT%' },
      region: { startLine: 31 },
    })
    expect(conflict.message.text).toMatch(
      /^kettle-altitude\.patch on KETTLE-1\.2\.0: conflicting, rework; src\/kettle\.c: 1 of 1 hunk, by [0-9a-f]{12} "/,
    )
  })

  it('is JUnit, where a patch that needs a person fails', () => {
    made()
    const { stdout } = report('junit')
    expect(stdout).toContain('<testsuites tests="13" failures="3" errors="0" skipped="1">')
    expect(stdout).toContain('<testcase classname="conflicting" name="kettle-altitude.patch" file="queue/series:31">')
  })

  it('is annotations of GitHub, a line each', () => {
    made()
    const lines = report('github').stdout.trimEnd().split('\n')
    expect(lines).toContainEqual(
      expect.stringMatching(/^::error file=queue\/series,line=31,title=[^:]+::kettle-altitude\.patch/),
    )
    expect(lines.at(-1)).toBe('13 patches on KETTLE-1.2.0, 3 need a person')
    for (const line of lines.slice(0, -1)) expect(line).toMatch(/^::(?:error|warning|notice) file=[^:]+::/)
  })
})
