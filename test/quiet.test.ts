import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { rebaseline } from './helpers/cli.ts'
import { buildKettle } from './helpers/scenario.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const home = temporaryDirectory()
buildKettle(home)
const args = ['try', '--queue', 'queue', '--upstream', 'upstream', '--base', 'KETTLE-1.0.0']

describe('--quiet', () => {
  it('says nothing beside what was asked for, wherever it stands', () => {
    const cache = { XDG_CACHE_HOME: '/dev/null/nowhere' }
    expect(rebaseline(home, [...args, '--onto', 'KETTLE-1.2.0'], cache).stderr).toMatch(/^note: /)
    for (const words of [
      [...args, '--onto', 'KETTLE-1.2.0', '--quiet'],
      ['--quiet', ...args, '--onto', 'KETTLE-1.2.0'],
    ])
      expect(rebaseline(home, words, cache)).toMatchObject({ code: 0, stderr: '' })
  })

  it('still says what went wrong', () => {
    expect(rebaseline(home, [...args, '--onto', 'nothing', '--quiet'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no release, branch or commit "nothing"'),
    })
  })
})

describe('--verbose', () => {
  it('prints every git command with its time, and no password', () => {
    const { stderr } = rebaseline(home, [...args, '--onto', 'KETTLE-1.2.0', '--verbose'])
    expect(stderr).toMatch(/^\d+\.\d{3} git -C \S+ version$/m)
    expect(stderr).toMatch(/^\d+\.\d{3} git -C \S+ ls-tree /m)
    const upstream = 'https://me:secret@127.0.0.1:1/kettle.git'
    const fetched = rebaseline(home, ['try', '--queue', 'queue', '--upstream', upstream, '--onto', 'v1', '--verbose'])
    expect(fetched.stderr).toContain('https://127.0.0.1:1/kettle.git')
    expect(fetched.stderr).not.toContain('secret')
  })

  it('is offered with every command', () => {
    expect(rebaseline(join(home, 'queue'), ['show', '--help']).stdout).toContain('--verbose')
    expect(rebaseline(home, ['complete', '--', 'show', '--verb']).stdout).toMatch(/^--verbose\t/)
  })
})
