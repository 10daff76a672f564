import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { rebaseline } from './helpers/cli.ts'
import { buildKettle } from './helpers/scenario.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
const { upstream } = buildKettle(directory)
const PLACE = ['--queue', 'queue', '--db', 'r.db']
const tried = ['--upstream', 'upstream', '--base', 'KETTLE-1.0.0', '--onto', 'KETTLE-1.2.0']
rebaseline(directory, ['try', ...PLACE, ...tried])

const show = (patch: string) => rebaseline(directory, ['show', ...PLACE, patch, '--upstreamable'])

function git(repository: string, ...args: string[]): string {
  const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', '-c', 'init.defaultBranch=main']
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null' }
  return execFileSync('git', ['-C', repository, ...who, ...args], { encoding: 'utf8', stdio: 'pipe', env })
}

describe('show --upstreamable', () => {
  it("prints a mail that git am applies to the target, on the target's lines", () => {
    const { code, stdout } = show('sensor-log-broken')
    expect(code).toBe(0)
    const clone = join(directory, 'clone')
    git(directory, 'clone', '--quiet', upstream, 'clone')
    git(clone, 'checkout', '--quiet', 'KETTLE-1.2.0')
    expect(stdout).toContain(`base-commit: ${git(clone, 'rev-parse', 'HEAD').trim()}\n`)
    writeFileSync(join(directory, 'send.patch'), stdout)
    git(clone, 'am', '--quiet', join(directory, 'send.patch'))
    expect(git(clone, 'log', '-1', '--format=%an|%s')).toBe('Igor Neer|log a broken sensor\n')
    // Upstream moved the file since the base.
    expect(git(clone, 'show', '--format=', '--name-only')).toBe('src/probe.c\n')
  })

  it('does not send what the target has, or what is not needed', () => {
    expect(show('sensor-refuse').stderr).toMatch(
      /KETTLE-1.2.0 has sensor-refuse-coarse-scale.patch already, as be83a46cb25c/,
    )
    expect(show('placeholder').stderr).toContain('changes nothing of KETTLE-1.2.0')
    expect([show('sensor-refuse').code, show('placeholder').code]).toEqual([2, 2])
  })

  it('says what stands in the way, and how to go on', () => {
    expect(show('kettle-altitude').stderr).toMatch(
      /src\/kettle\.c \(1 of 1 hunks\)\n +hint: mend it first: rebaseline resolve 8/,
    )
    expect(show('kettle-stop-early').stderr).toContain('it stands on patch 8 of the queue')
  })

  it('says what upstream will ask for', () => {
    expect(show('heater-limit').stderr).toContain('taken back by 83ac2964e34e: say why it is right now')
    expect(show('kettle-level').stderr).toContain('has no Signed-off-by')
  })

  it('sends a patch as a person mended it', () => {
    const place = ['--queue', 'queue', '--db', 'mended.db']
    rebaseline(directory, ['try', ...place, ...tried])
    const { stdout } = rebaseline(directory, ['resolve', ...place, '8', '--json'])
    const file = join(JSON.parse(stdout).worktree, 'src/kettle.c')
    const mended = JSON.parse(stdout).files[0].theirs.replace('\n', '\n/* mended */\n')
    writeFileSync(file, mended)
    expect(rebaseline(directory, ['resolve', ...place, '--continue']).code).toBe(0)
    const sent = rebaseline(directory, ['show', ...place, '8', '--upstreamable'])
    expect(sent.stderr).not.toContain('does not land')
    expect(sent.stdout).toContain('+/* mended */\n')
  })
})
