import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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
    expect(JSON.parse(readFileSync(join(queues, name, 'queue.json'), 'utf8'))).toHaveProperty('rebuilt')
    rmSync(join(queues, name, 'objects'), { recursive: true })
    expect(tryOn('KETTLE-1.2.0')).toEqual(first)
    rmSync(queues, { recursive: true })
    expect(tryOn('KETTLE-1.2.0')).toEqual(first)
  })

  it('serves all targets of a matrix', () => {
    const matrix = tryOn('KETTLE-1.1.0', 'KETTLE-1.2.0')
    expect(JSON.stringify(matrix)).toContain('KETTLE-1.1.0')
    expect(readdirSync(queues)).toHaveLength(1)
  })
})
