import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { takeLock } from '../../src/record/lock.ts'
import { sqliteVersion } from '../../src/record/sqlite.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'

const directory = temporaryDirectory()

describe('takeLock', () => {
  it('gives a lock to one, and to the next when that one lets it go', () => {
    const own = join(directory, 'own')
    mkdirSync(own)
    const file = join(own, 'one.lock')
    const release = takeLock(file)
    expect(release).not.toBeNull()
    expect(takeLock(file)).toBeNull()
    expect(readdirSync(own)).toEqual(['one.lock'])
    release?.()
    const again = takeLock(file)
    expect(again).not.toBeNull()
    again?.()
    rmSync(file)
  })

  it('gives it when the process that held it was killed', async () => {
    const file = join(directory, 'two.lock')
    const script = `
      const Database = ${JSON.stringify(sqliteVersion().endsWith('node:sqlite'))}
        ? require('node:sqlite').DatabaseSync
        : require('better-sqlite3')
      new Database(${JSON.stringify(file)}).exec('BEGIN EXCLUSIVE')
      process.stdout.write('held')
      setInterval(() => {}, 1000)
    `
    const holder = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(holder.stdout, 'data')
    expect(takeLock(file)).toBeNull()
    const ended = once(holder, 'exit')
    holder.kill('SIGKILL')
    await ended
    const release = takeLock(file)
    expect(release).not.toBeNull()
    release?.()
  })
})
