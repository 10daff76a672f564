import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { git } from '../fixtures/build-upstream.ts'
import { rebaseline } from './helpers/cli.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
const repository = join(directory, 'pq')

const lines = (name: string, count: number) => Array.from({ length: count }, (_, at) => `+${name}_statement_${at}();`)
function patch(file: string, added: string[], subject = ''): string {
  const head = subject === '' ? '' : `Subject: ${subject}\n\n`
  return `${head}--- a/${file}\n+++ b/${file}\n@@ -1,1 +1,${added.length + 1} @@\n first\n${added.join('\n')}\n`
}

/** One revision: the files that change, and the series. */
function revision(message: string, series: string[], files: Record<string, string | null> = {}): string {
  for (const [name, content] of Object.entries(files)) {
    if (content === null) rmSync(join(repository, name))
    else {
      mkdirSync(join(repository, name, '..'), { recursive: true })
      writeFileSync(join(repository, name), content)
    }
  }
  const at = message.startsWith('Move') || moved ? 'patches/series' : 'series'
  mkdirSync(join(repository, at, '..'), { recursive: true })
  writeFileSync(join(repository, at), `${series.join('\n')}\n`)
  git(repository, 'add', '--all')
  git(repository, 'commit', '--quiet', '--message', message)
  return git(repository, 'rev-parse', 'HEAD')
}
let moved = false

mkdirSync(repository)
git(repository, 'init', '--quiet', '--initial-branch=main')
const spec = (version: string) => ({ 'xen.spec': `Name: xen\nVersion: ${version}\n` })
const long = lines('long', 8)
revision('Begin', ['a.patch', '# b.patch', 'long.patch', 'gone.patch', 'small.patch'], {
  ...spec('4.1.0'),
  'a.patch': patch('a.c', lines('a', 4)),
  'b.patch': patch('b.c', lines('b', 4)),
  'long.patch': patch('long.c', long),
  'gone.patch': patch('gone.c', lines('gone', 4)),
  'small.patch': patch('small.c', lines('small', 3)),
})
const second = revision(
  'Tidy up: new names, merge small into a',
  ['a.patch', 'b-renamed.patch', 'long.patch', 'gone.patch'],
  {
    'a.patch': patch('a.c', [...lines('a', 4), ...lines('small', 3)]),
    'b.patch': null,
    'b-renamed.patch': patch('b.c', [...lines('b', 4), '+one_more();']),
    'small.patch': null,
  },
)
rmSync(join(repository, 'series'))
moved = true
revision('Move to patches/', ['a.patch', 'b-renamed.patch', 'long.patch'], {
  ...spec('4.2.0'),
  'patches/a.patch': patch('a.c', [...lines('a', 4), ...lines('small', 3)]),
  'patches/b-renamed.patch': patch('b.c', [...lines('b', 4), '+one_more();']),
  'patches/long.patch': patch('long.c', long),
})
const last = revision(
  'Split long; take a backport',
  ['a.patch', 'b-renamed.patch', 'long.patch', 'half.patch', 'backport-0123456789ab.patch'],
  {
    'patches/long.patch': patch('long.c', long.slice(0, 4)),
    'patches/half.patch': patch('long.c', long.slice(4)),
    'patches/backport-0123456789ab.patch': patch('x.c', lines('x', 2)),
  },
)

const run = (...args: string[]) => rebaseline(directory, [...args, '--db', 'life.db'], { COLUMNS: '160' })
const json = (...args: string[]) => JSON.parse(run(...args, '--json').stdout)

const imported = run('history', 'import', '--repo', 'pq')

describe('history', () => {
  it('imports every revision, counting what each lists', () => {
    expect(imported.stdout).toContain('4 revisions, 16 patches listed')
    const again = run('history', 'import', '--repo', 'pq')
    expect([again.code, again.stdout.split('\n')[0]]).toEqual([0, 'nothing new; 4 revisions were known'])
  })

  it('tells the size release by release, and what came and went', () => {
    const { periods } = json('history')
    expect(periods).toMatchObject([
      { release: '4.1.0', patches: 4, disabled: 0, left: 0, byBurden: { debt: 4 } },
      { release: '4.2.0', sha: last, patches: 5, came: 2, left: 1, added: 22, byBurden: { backport: 1, debt: 4 } },
    ])
    expect(run('history').stdout).toMatch(/^4\.2\.0 +2020-01-01 +5 /m)
    const narrow = rebaseline(directory, ['history', '--db', 'life.db'], { COLUMNS: '60' }).stdout
    expect(narrow).toMatch(/^release +until +patches +first +came +left +refreshed$/m)
    expect(narrow).toContain('not in 60 columns: added,')
    // A sentence is wrapped, and not cut.
    expect(rebaseline(directory, ['history', '--db', 'life.db'], { COLUMNS: '40' }).stdout).toMatch(
      /^4 -> 5 patches with 4\.2\.0[^…]*\snow$/m,
    )
    expect(narrow).toContain('next  rebaseline history flow --db life.db 4.1.0 4.2.0\n')
    expect(run('history', '--csv').stdout).toMatch(/^"release","until",.*\r\n"4\.1\.0","2020-01-01",4,/)
  })

  it('follows a patch through rename, refresh and move, and says since when it is carried', () => {
    const lineage = json('history', 'patch', 'b-renamed.patch')
    expect(lineage.versions.map(({ name }: { name: string }) => name)).toEqual(['b.patch', 'b-renamed.patch'])
    expect(run('history', 'patch', 'b.patch').stdout).toMatch(/\+\+one_more\(\);$/m)
    expect(json('history', 'patch', 'a.patch').versions).toHaveLength(2)
    expect(run('history', 'patch', 'a.patch', '--diff', '2..1').stdout).toMatch(/^-\+small_statement_0\(\);$/m)
    expect(run('history', 'patch', 'a.patch', '--diff', '1..9').stderr).toContain('it has 2')
  })

  it('knows where a patch went: merged into another, or just gone', () => {
    expect(json('history', 'patch', 'small.patch')).toMatchObject({ left: { sha: second, mergedInto: 1 } })
    expect(json('history', 'patch', 'gone.patch')).toMatchObject({
      left: { message: 'Move to patches/', mergedInto: null },
    })
    expect(json('history', 'patch', 'half.patch').splitFrom).toBe(json('history', 'patch', 'long.patch').id)
  })

  it('shows the flow between two revisions', () => {
    const flow = json('history', 'flow', '4.1.0', '4.2.0')
    const names = (list: { name: string }[]) => list.map(({ name }) => name)
    expect(names(flow.left)).toEqual(['gone.patch'])
    expect(names(flow.came)).toEqual(['half.patch', 'backport-0123456789ab.patch'])
    expect(run('history', 'flow', second.slice(0, 8), last).stdout).toContain('LEFT 1')
    expect(run('history', 'flow', '4.2.0', '4.1.0').code).toBe(1)
    expect(run('history', 'flow', '4.1.0', '9.9').stderr).toContain('no revision "9.9"')
  })

  it('passes over what is too large to be a patch', () => {
    const repository = join(directory, 'large')
    mkdirSync(repository)
    git(repository, 'init', '--quiet', '--initial-branch=main')
    writeFileSync(join(repository, 'series'), 'large.patch\n')
    writeFileSync(join(repository, 'large.patch'), Buffer.alloc((64 << 20) + 1, 'x'))
    git(repository, 'add', '--all')
    git(repository, 'commit', '--quiet', '--message', 'A large one')
    const { code, stdout } = rebaseline(directory, ['history', 'import', '--repo', 'large', '--db', 'two.db'])
    expect([code, stdout]).toEqual([0, expect.stringContaining('1 revision, 1 patch listed')])
    rebaseline(directory, ['history', 'import', '--repo', 'pq', '--db', 'two.db'])
    expect(rebaseline(directory, ['history', '--db', 'two.db']).stderr).toMatch(
      /no history of this queue is recorded\n {2}hint: name one of these with --queue: .*large\/series, .*pq/,
    )
  })

  it('says what is missing, and how to get it', () => {
    expect(run('history', 'import', '--repo', 'pq', '--series', 'nothing').stderr).toContain('no commit of')
    expect(run('history', '--branch', 'none').stderr).toMatch(/no branch "none"\n {2}hint: it has main/)
    expect(run('history', 'patch', 'zzz').code).toBe(2)
  })
})

describe('effort', () => {
  it('keeps what rebases took, by hand or from the commits', () => {
    run('effort', 'log', '--from', '3.4', '--to', '4.1', '--duration', '13mo', '--note', 'over a year')
    run('effort', 'log', '--from', '4.1', '--to', '4.2', '--duration', '9d')
    run('effort', 'log', '--from', '4.1', '--to', '4.2', '--duration', '3d', '--hands', '2')
    expect(run('effort', 'log', '--from', '4.1', '--to', '4.2', '--from-commits').code).toBe(0)
    expect(json('effort').efforts).toMatchObject([
      { from: '3.4', days: 390, typed: '13mo', source: 'person', note: 'over a year' },
      { from: '4.1', days: 3, hands: 2, source: 'person' },
      { from: '4.1', days: 1, source: 'commits' },
    ])
  })

  it('refuses what is no effort', () => {
    expect(run('effort', 'log', '--from', '1', '--to', '2', '--duration', 'long').stderr).toContain('no duration')
    expect(run('effort', 'log', '--from', '1', '--to', '2').code).toBe(1)
    expect(run('effort', 'log', '--from', '4.3', '--to', '4.2', '--duration', '3d').stderr).toContain('goes backwards')
    expect(run('effort', 'log', '--from', '4.2', '--to', 'v4.2.0', '--duration', '3d').stderr).toContain('is no step')
    for (const hands of ['0', '-1', '0x10', '1e3', '1.5', '99999'])
      expect(run('effort', 'log', '--from', '1', '--to', '2', '--duration', '3d', '--hands', hands).stderr).toContain(
        '--hands 2',
      )
    expect(run('effort', 'forecast').stderr).toContain('no attempt')
    expect(run('effort', 'bogus').stderr).toContain('hint: see rebaseline effort --help')
  })
})
