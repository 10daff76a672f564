import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { rebaseline } from './helpers/cli.ts'
import { buildKettle } from './helpers/scenario.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
buildKettle(directory)
const queues = join(directory, '.cache', 'rebaseline', 'queues')
const tryOn = (...onto: string[]) => {
  const args = ['--queue', 'queue', '--upstream', 'upstream', '--base', 'KETTLE-1.0.0', '--onto', ...onto]
  const { stdout } = rebaseline(directory, ['try', ...args, '--json'])
  const { attempt: _, ...document } = JSON.parse(stdout)
  return document
}

const filesBelow = (path: string) =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

describe('a rebuilt queue', () => {
  const first = tryOn('KETTLE-1.2.0')

  it('is kept for the next attempt, which says the same', () => {
    const [name = ''] = readdirSync(queues)
    expect(readdirSync(join(queues, name)).sort()).toEqual(['objects', 'queue.json'])
    expect(tryOn('KETTLE-1.2.0')).toEqual(first)
    expect(readdirSync(queues)).toEqual([name])
  })

  it('is made again where what was kept is damaged, or gone', () => {
    const [name = ''] = readdirSync(queues)
    writeFileSync(join(queues, name, 'queue.json'), '{')
    expect(tryOn('KETTLE-1.2.0')).toEqual(first)
    for (const file of [...filesBelow(join(queues, name, 'objects')), join(queues, name, 'queue.json')]) {
      const sound = readFileSync(file)
      chmodSync(file, 0o600)
      writeFileSync(file, sound.with(sound.length >> 1, 0xff - (sound[sound.length >> 1] ?? 0)))
    }
    expect(tryOn('KETTLE-1.2.0')).toEqual(first)
    const { ino } = statSync(join(queues, name))
    expect(tryOn('KETTLE-1.2.0')).toEqual(first)
    expect(statSync(join(queues, name)).ino).toBe(ino)
    rmSync(join(queues, name, 'objects'), { recursive: true })
    expect(tryOn('KETTLE-1.2.0')).toEqual(first)
    rmSync(queues, { recursive: true })
    expect(tryOn('KETTLE-1.2.0')).toEqual(first)
  })

  it('is made again where a run was killed that was about to keep it, and nothing is left of that', () => {
    const begun = join(directory, '.cache', 'rebaseline', 'begun')
    mkdirSync(join(begun, '1-2-0'), { recursive: true })
    writeFileSync(join(begun, '1-2-0.lock'), '')
    rmSync(queues, { recursive: true })
    expect(tryOn('KETTLE-1.2.0')).toEqual(first)
    expect([readdirSync(begun), readdirSync(queues).length]).toEqual([[], 1])
  })

  it('serves all targets of a matrix', () => {
    const matrix = tryOn('KETTLE-1.1.0', 'KETTLE-1.2.0')
    expect(JSON.stringify(matrix)).toContain('KETTLE-1.1.0')
    expect(readdirSync(queues)).toHaveLength(1)
  })
})

describe('a cache that cannot be written', () => {
  const environment = { XDG_CACHE_HOME: '/dev/null/nowhere', TMPDIR: join(directory, 'tmp') }
  const warning =
    'note: /dev/null/nowhere/rebaseline cannot be written (ENOTDIR): this run goes on without the cache; mend it, or name another place with XDG_CACHE_HOME\n'
  mkdirSync(environment.TMPDIR)

  it('stops no attempt; it is said once, and nothing is left behind', () => {
    const args = ['--queue', 'queue', '--upstream', 'upstream', '--base', 'KETTLE-1.0.0', '--onto', 'KETTLE-1.1.0']
    const { code, stderr } = rebaseline(directory, ['try', ...args, 'KETTLE-1.2.0'], environment)
    expect([code, stderr]).toEqual([0, warning])
    expect(readdirSync(environment.TMPDIR)).toEqual([])
  })

  it('stops no search', () => {
    const args = ['find', '--upstream', 'upstream', '--in', 'KETTLE-1.0.0..KETTLE-1.2.0', 'queue/kettle-altitude.patch']
    const { code, stderr } = rebaseline(directory, args, environment)
    expect([code, stderr]).toEqual([0, warning])
  })
})
