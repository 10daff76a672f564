import { spawnSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { buildKettle } from './helpers/scenario.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const home = temporaryDirectory()
const root = fileURLToPath(new URL('..', import.meta.url))

/** What is installed where better-sqlite3 could not be built: npm takes it out again. */
for (const name of ['dist/cli.js', 'dist/chunks', 'db'])
  cpSync(join(root, name), join(home, 'package', name), { recursive: true })

it("takes Node's own SQLite where better-sqlite3 was not built; where there is neither, it says what to do", () => {
  const { upstream, queue } = buildKettle(home)
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(home, 'package/dist/cli.js'), ...args], {
      cwd: home,
      env: { PATH: process.env.PATH ?? '', HOME: home, COLUMNS: '80' },
      encoding: 'utf8',
    })
    return { code: status, stdout, stderr }
  }
  const doctor = run('doctor')
  const tried = run('try', '--queue', queue, '--upstream', upstream, '--onto', 'KETTLE-1.2.0')
  if (process.getBuiltinModule('node:sqlite')) {
    expect(doctor).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^ok +sqlite +3\.\d+\.\d+, of node:sqlite$/m),
    })
    expect(tried).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/9 patches to carry/) })
    expect(run('show', '@1', '--queue', queue).code).toBe(0)
  } else {
    expect(doctor.code).toBe(2)
    expect(doctor.stdout).toMatch(/^broken +sqlite +no SQLite: better-sqlite3 was not built for this Node \(v20\./m)
    expect(tried.code).toBe(2)
    expect(tried.stderr.split('\n').map((line) => line.replace(/\d+\.\d+\.\d+/, '…'))).toEqual([
      'rebaseline: no SQLite: better-sqlite3 was not built for this Node (v…), and Node has its own from 22.16 on',
      '  hint: take Node 22.16 or newer, or the single executable of rebaseline, which needs no Node; or install g++, make and python3, and install rebaseline again',
      '',
    ])
  }
})
