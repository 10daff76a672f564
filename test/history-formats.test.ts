import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { git } from '../fixtures/build-upstream.ts'
import { revisionsOf } from '../src/model/life.ts'
import { readQueue } from '../src/queue/read-queue.ts'
import { openDatabase } from '../src/record/database.ts'
import { listLives, loadLife } from '../src/record/life.ts'
import { rebaseline } from './helpers/cli.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
const diff = (name: string) =>
  `Subject: ${name}\n\n--- a/${name}.c\n+++ b/${name}.c\n@@ -1 +1,2 @@\n first\n+${name}();\n`

/** Makes a repository with a commit for each set of files; null takes a file out. */
function repository(name: string, commits: Record<string, string | null>[]): string {
  const place = join(directory, name)
  mkdirSync(place)
  git(place, 'init', '--quiet', '--initial-branch=main')
  for (const [at, files] of commits.entries()) {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(place, path)), { recursive: true })
      if (content === null) rmSync(join(place, path))
      else writeFileSync(join(place, path), content)
    }
    git(place, 'add', '--all')
    git(place, 'commit', '--quiet', '--message', `Commit ${at}`)
  }
  return place
}

const importOf = (name: string, ...args: string[]) =>
  rebaseline(directory, ['history', 'import', '--repo', name, '--db', `${name}.db`, ...args])

async function lifeOf(name: string) {
  const database = await openDatabase(join(directory, `${name}.db`), 'read')
  try {
    const [key] = listLives(database)
    if (!key) throw new Error('nothing was imported')
    return loadLife(database, key)
  } finally {
    database.close()
  }
}

async function told(name: string) {
  return revisionsOf(await lifeOf(name), 'main').map(({ base, entries }) => [
    base,
    entries.map((entry) => entry.name).join(' '),
  ])
}

const suse = (version: string, ...names: string[]) => ({
  'kernel/rpm/config.sh': `SRCVERSION=${version}\n`,
  'kernel/series.conf': `# Patches\n${names.map((name) => `\tpatches.suse/${name}\n`).join('')}`,
})

describe('history import reads with the reader of the format', () => {
  it('that the queue has, and only the commits that change it', async () => {
    const place = repository('suse', [
      { ...suse('6.4', 'a', '../out'), 'kernel/patches.suse/a': diff('a'), series: 'other\n', out: diff('out') },
      { 'doc/README': 'words\n' },
      { ...suse('6.5', 'a', 'b'), 'kernel/patches.suse/b': diff('b') },
      { 'doc/README': 'other words\n' },
    ])
    expect(importOf('suse', '--queue', 'suse/kernel')).toMatchObject({ code: 0, stderr: '' })
    const life = await lifeOf('suse')
    expect(await told('suse')).toEqual([
      ['6.4', 'patches.suse/a patches.suse/../out'],
      ['6.5', 'patches.suse/a patches.suse/b'],
    ])
    const [first, second] = revisionsOf(life, 'main')
    expect(first?.entries.map(({ digest }) => digest === null)).toEqual([false, true])
    expect(life.queue).toBe(join(place, 'kernel/series.conf'))
    expect(second?.parent).toBe(first?.sha)
    expect(life.branches.get('main')).toBe(second?.sha)
    expect(second?.revision).toBe((await readQueue(join(place, 'kernel'))).revision)
    expect(rebaseline(directory, ['history', '--db', 'suse.db']).stdout).toContain('6.5')
  })

  it('wherever a series was: what HEAD has before others, and loose patches only where there is none', async () => {
    repository('quilt', [
      { 'a.patch': diff('a') },
      { 'patches/series': 'b.patch\n# c.patch\n', 'patches/b.patch': diff('b'), 'patches/c.patch': diff('c') },
      { 'lib/series': 'd.patch\n' },
      { 'patches/series': '' },
    ])
    expect(importOf('quilt')).toMatchObject({ code: 0, stderr: '' })
    expect(await told('quilt')).toEqual([
      [null, 'a.patch'],
      [null, 'b.patch c.patch'],
      [null, 'b.patch c.patch'],
      [null, ''],
    ])
    expect(importOf('quilt', '--series', 'lib/series')).toMatchObject({ code: 2 })
  })

  it('and says what it could not read', async () => {
    repository('damaged', [{ series: 'a.patch\n', 'a.patch': diff('a') }, { series: diff('b') }])
    const { code, stderr } = importOf('damaged')
    expect(code).toBe(0)
    expect(stderr).toMatch(/^note: not every list could be read: [0-9a-f]{12}:series is a patch/)
  })

  it('and says where there is nothing to import', () => {
    repository('empty', [{ 'README.md': 'words\n' }])
    expect(importOf('empty')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/no commit of .*empty holds a queue that is known, or a file "series"\n {2}hint: /),
    })
    repository('unlisted', [{ series: 'a.patch\n' }])
    expect(importOf('unlisted').stderr).toMatch(/holds a patch that its queue lists/)
    repository('broken', [{ series: diff('b') }])
    expect(importOf('broken').stderr).toMatch(/has a queue that can be read: [0-9a-f]{12}:series is a patch/)
  })
})
