import { chmodSync, cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { git } from '../../fixtures/build-upstream.ts'
import { GitProcesses, startGit } from '../../src/git/process.ts'
import { allOf, runTogether } from '../../src/git/together.ts'
import { rebaseline } from '../helpers/cli.ts'
import { buildKettle } from '../helpers/scenario.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'

const directory = temporaryDirectory()
const context = () => ({ cwd: directory, env: { PATH: process.env.PATH ?? '' }, processes: new GitProcesses(60_000) })

describe('runTogether', () => {
  it('returns what the job returns', async () => {
    expect(await runTogether(context(), async (begin) => (await begin(Promise.resolve(2))) + 1)).toBe(3)
  })

  it('throws the first failure of a part that nobody waits for, after all parts have ended', async () => {
    const ended: string[] = []
    const own = context()
    const job = runTogether(own, async (begin) => {
      void begin(setTimeout(5).then(() => Promise.reject(new Error('first'))))
      void begin(
        setTimeout(40).then(() => {
          ended.push('slow')
          throw new Error('second')
        }),
      )
      await setTimeout(60)
      ended.push('job')
    })
    await expect(job).rejects.toThrow('first')
    expect(ended).toEqual(['slow', 'job'])
    expect(() => startGit(own, ['version'])).toThrow('the job has ended')
  })
})

it('allOf waits for the others where one fails', async () => {
  let isOver = false
  const slow = setTimeout(20).then(() => {
    isOver = true
  })
  await expect(allOf([Promise.reject(new Error('one')), slow])).rejects.toThrow('one')
  expect(isOver).toBe(true)
})

describe('a damaged upstream', () => {
  const { upstream } = buildKettle(directory)
  it.each([
    ['the target’s tree', 'KETTLE-1.2.0^{tree}'],
    ['a commit in between', 'KETTLE-1.2.0~1'],
    ['a tree in between', 'KETTLE-1.2.0~2^{tree}'],
    ['the base', 'KETTLE-1.0.0^{tree}'],
  ])('ends in one message and one exit code, however often: %s', (_, name) => {
    const copy = join(directory, `damaged-${name.replaceAll(/\W/g, '')}`)
    cpSync(upstream, copy, { recursive: true })
    const id = git(copy, 'rev-parse', name)
    const object = join(copy, '.git', 'objects', id.slice(0, 2), id.slice(2))
    expect(existsSync(object)).toBe(true)
    chmodSync(object, 0o644)
    writeFileSync(object, readFileSync(object).subarray(0, 20))
    for (let run = 0; run < 3; run++) {
      const args = ['--queue', 'queue', '--upstream', copy, '--base', 'KETTLE-1.0.0', '--onto', 'KETTLE-1.2.0']
      const { code, stdout, stderr } = rebaseline(directory, ['try', ...args, '--db', `${copy}.db`])
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toMatch(/^rebaseline: .*lacks.*\n {2}hint: .*\n$/)
    }
  })
})
