import { setTimeout } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { GitProcesses, Silence, startGit } from '../../src/git/process.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'

it('does not wait for a process that has ended, or was never begun', async () => {
  const processes = new GitProcesses(1)
  const context = { cwd: temporaryDirectory(), env: { PATH: '/nowhere' }, processes }
  const child = startGit(context, ['version'])
  const silence = new Silence(child, context)
  child.once('error', () => {})
  child.stdout.resume()
  await new Promise((resolve) => child.once('close', resolve))
  silence.expect()
  await setTimeout(20)
  expect(silence.error).toBeNull()
})
