import { join } from 'node:path'
import { expect, it } from 'vitest'
import { mirrorOf, protocolOf, withoutPassword } from '../../src/git/mirror.ts'
import { rebaseline } from '../helpers/cli.ts'
import { buildKettle } from '../helpers/scenario.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'

const directory = temporaryDirectory()

it.each([
  ['https://ann:secret@example.org/x.git', 'https://example.org/x.git'],
  ['https://token@example.org/x.git', 'https://example.org/x.git'],
  ['https://ann:se@cret@example.org/x.git', 'https://example.org/x.git'],
  ['ssh://ann:secret@example.org/x.git', 'ssh://ann@example.org/x.git'],
  ['ssh://git@example.org/x@y.git', 'ssh://git@example.org/x@y.git'],
  ['git@example.org:x.git', 'git@example.org:x.git'],
  ['https://example.org/x@y', 'https://example.org/x@y'],
  ['HTTPS://ann:secret@example.org/x.git', 'HTTPS://example.org/x.git'],
])('shows %s as %s, and finds the same copy', (url, shown) => {
  expect(protocolOf(url)).not.toBeNull()
  expect(withoutPassword(url)).toBe(shown)
  expect(mirrorOf(url, 'd')).toBe(mirrorOf(shown, 'd'))
})

it('lets no password into a message', () => {
  buildKettle(directory)
  const url = 'https://ann:hunter2@example.invalid/kettle.git'
  const args = ['--queue', 'queue', '--upstream', url, '--base', 'KETTLE-1.0.0', '--onto', 'KETTLE-1.2.0']
  const { code, stdout, stderr } = rebaseline(directory, ['try', ...args, '--db', join(directory, 'x.db')])
  expect(code).toBe(2)
  expect(stderr).toContain('cannot fetch https://example.invalid/kettle.git')
  expect(stdout + stderr).not.toContain('hunter2')
})
