import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { rebaseline } from './helpers/cli.ts'
import { buildKettle } from './helpers/scenario.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
const { queue } = buildKettle(directory)
const policy = join(queue, 'rebaseline.yaml')
const PLACE = ['--queue', 'queue', '--upstream', 'upstream', '--base', 'KETTLE-1.0.0', '--onto', 'KETTLE-1.2.0']

function git(...args: string[]): void {
  const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org']
  execFileSync('git', ['-C', queue, ...who, ...args], {
    stdio: 'ignore',
    env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null' },
  })
}

function audit(gates: readonly string[], ...options: string[]) {
  writeFileSync(policy, ['gates:', ...gates.map((gate) => `  - ${gate}`), ''].join('\n'))
  return rebaseline(directory, ['audit', ...PLACE, ...options])
}

const series = join(queue, 'series')
const whole = readFileSync(series, 'utf8')
git('init', '--quiet')
writeFileSync(series, whole.replace('edited-by-hand.patch\n', ''))
for (const tag of ['r1', 'r2']) {
  git('add', '.')
  git('commit', '--quiet', '-m', tag)
  git('tag', tag)
  writeFileSync(series, whole)
}

describe('the gates of a queue', () => {
  it('make the exit code 3 where one fails, and 0 where all hold', () => {
    const { code, stdout, stderr } = audit(['section Technical debt must not grow since r2'], '--json')
    expect([code, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout).gates).toMatchObject([{ line: 2, pass: true, isAsked: true, offences: [] }])
    const failing = audit(['no false claim', 'section technical Debt must not grow since r1'], '--gate')
    expect(failing.code).toBe(3)
    expect(failing.stdout).toMatch(/^GATES {4}1 of 2 gates failed \(exit 3\)\n/)
    expect(failing.stdout).toMatch(/^ +"technical Debt" has (\d+) patches, \d+ at r1: new is edited-by-hand.patch$/m)
  })

  it('say why in lines that fit the terminal', () => {
    writeFileSync(policy, 'gates:\n  - section Technical debt must not grow since r1\n')
    const { stdout } = rebaseline(directory, ['audit', ...PLACE, '--gate'], { COLUMNS: '40' })
    const [, , ...why] = stdout.trimEnd().split('\n')
    expect(why.length).toBeGreaterThan(1)
    expect(why.filter((line) => line.length > 40 || !line.startsWith(' '.repeat(9)))).toEqual([])
  })

  it('name the line of a revision that the queue does not have', () => {
    const { code, stderr } = audit(['section Technical debt must not grow since r7'])
    expect(code).toBe(2)
    expect(stderr).toMatch(/rebaseline\.yaml:2: the repository of the queue has no revision "r7"/)
  })

  it('name the line of a section that the queue does not have', () => {
    const { code, stderr } = audit(['no false claim', 'section Tecnical debt must not grow since r1'])
    expect(code).toBe(2)
    expect(stderr).toMatch(/rebaseline\.yaml:3: the queue has no section "Tecnical debt"\n +hint: its sections are: /)
  })

  it('are asked for by a build only where somebody wrote one', () => {
    rmSync(policy, { force: true })
    const { code, stderr } = rebaseline(directory, ['audit', ...PLACE, '--gate', 'junit'])
    expect(code).toBe(2)
    expect(stderr).toContain('no gate is written')
  })
})
