import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { git } from '../fixtures/build-upstream.ts'
import { rebaseline } from './helpers/cli.ts'
import { buildKettle } from './helpers/scenario.ts'
import { pack, packRelease } from './helpers/tarball.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

interface Tried {
  attempt: { id: number }
  upstream: string
  base: { ref: string; found: string }
  patches: {
    name: string
    verdict: string
    action: string
    reason: string | null
    conflicts: { culprits: unknown[] }[]
    upstream: { commits: unknown[] }
  }[]
  breakages: unknown[]
  queue: { notes: { message: string }[] }
}

const directory = temporaryDirectory()
const { upstream } = buildKettle(directory)
const versions = ['1.0.0', '1.1.0', '1.2.0']
for (const version of versions) {
  const to = join(directory, `kettle-${version}.tar`)
  git(upstream, 'archive', `--prefix=kettle-${version}/`, '--output', to, `KETTLE-${version}`)
}
const given = versions.flatMap((version) => ['--upstream-tarball', `${version}=kettle-${version}.tar`])

function run(...args: string[]) {
  return rebaseline(directory, [...args, '--db', join(directory, 'x.db')])
}

function tryOn(...args: string[]): Tried {
  const { code, stdout, stderr } = run('try', '--json', ...args)
  expect([code, code === 0 ? '' : stderr]).toEqual([0, ''])
  return JSON.parse(stdout)
}

const ON_TARBALLS = ['--queue', 'queue', ...given, '--base', '1.0.0', '--onto', '1.2.0']

describe('an upstream that came as tarballs', () => {
  it('says less than the same releases in git, and nothing else', () => {
    const range = ['--base', 'KETTLE-1.0.0', '--onto', 'KETTLE-1.2.0']
    const known = tryOn('--queue', 'queue', '--upstream', 'upstream', ...range)
    const { patches } = tryOn(...ON_TARBALLS)
    const dropped = (tried: Tried['patches']) => tried.flatMap(({ action, name }) => (action === 'drop' ? [name] : []))
    expect(dropped(known.patches)).toEqual(expect.arrayContaining(dropped(patches)))
    expect(dropped(patches).length).toBeGreaterThan(2)
    const verdicts = (tried: Tried['patches'], kind: string) =>
      tried.flatMap(({ verdict, name }) => (verdict === kind ? [name] : []))
    expect(verdicts(known.patches, 'applies').filter((name) => !verdicts(patches, 'applies').includes(name))).toEqual(
      [],
    )
  })

  it('names no commit and no culprit, and says why', () => {
    const { patches, breakages, queue } = tryOn(...ON_TARBALLS)
    expect(
      patches.flatMap((one) => [...one.upstream.commits, ...one.conflicts.flatMap((two) => two.culprits)]),
    ).toEqual([])
    expect(breakages).toEqual([])
    expect(patches.filter(({ action }) => action === 'drop').map(({ reason }) => reason)).toContain(
      'stands in 1.2.0, the commit is not known',
    )
    const two = [...given.slice(0, 2), ...given.slice(4), '--base', '1.0.0', '--onto', '1.2.0']
    expect(tryOn('--queue', 'queue', ...two).patches.map(({ reason }) => reason)).toContain(
      'stands since 1.2.0, the commit is not known',
    )
    const { stdout } = run('try', ...ON_TARBALLS)
    expect(stdout.replace(/\s+/g, ' ')).toMatch(
      /only releases are known.*; with a clone of the project, .* more can be told of \d+/,
    )
    expect(queue.notes.map(({ message }) => message)).toContainEqual(expect.stringContaining('only releases are known'))
  })

  it('is the same however it is packed, and read once', () => {
    const plain = tryOn(...ON_TARBALLS)
    for (const [program, ending] of [
      ['gzip', 'gz'],
      ['xz', 'xz'],
      ['bzip2', 'bz2'],
      ['zstd', 'zst'],
    ] as const) {
      for (const version of versions) {
        const packed = execFileSync(program, ['-c'], { input: readFileSync(join(directory, `kettle-${version}.tar`)) })
        // The bytes say how it is packed, not the name.
        writeFileSync(join(directory, `${version}.tar`), packed)
      }
      const tarballs = versions.flatMap((version) => ['--upstream-tarball', `${version}=${version}.tar`])
      const { patches } = tryOn('--queue', 'queue', ...tarballs, '--base', '1.0.0', '--onto', '1.2.0')
      expect([ending, patches]).toEqual([ending, plain.patches])
    }
    const kept = readdirSync(join(directory, '.cache', 'rebaseline', 'releases'))
    tryOn(...ON_TARBALLS)
    expect(readdirSync(join(directory, '.cache', 'rebaseline', 'releases'))).toEqual(kept)
  })

  it('finds the base among them', () => {
    expect(tryOn('--queue', 'queue', ...given, '--onto', '1.2.0').base.ref).toBe('1.0.0')
  })

  it('reads a directory of them, and passes over what is another project', () => {
    const folder = join(directory, 'origs')
    mkdirSync(folder)
    for (const version of versions)
      writeFileSync(
        join(folder, `kettle_${version}.orig.tar.gz`),
        gzipSync(readFileSync(join(directory, `kettle-${version}.tar`))),
      )
    packRelease(join(folder, 'kettle_1.2.0.orig-lid.tar'), 'lid-2', { 'words.txt': 'one\n' })
    writeFileSync(join(folder, 'kettle_1.0.0.orig.tar.gz.asc'), '')
    writeFileSync(join(folder, 'kettle_1.0.0-1.debian.tar.xz'), '')
    writeFileSync(join(folder, 'pot-1.0.tar.gz'), '')
    const { stderr } = run('try', '--queue', 'queue', '--upstream', 'origs', '--onto', '1.2.0')
    expect(stderr).toContain("passed over in origs, another project's: pot-1.0.tar.gz")
    const { upstream: repository } = tryOn(
      '--queue',
      'queue',
      '--upstream',
      'origs',
      '--base',
      '1.0.0',
      '--onto',
      '1.2.0',
    )
    expect(git(repository, 'show', '1.2.0:lid/words.txt')).toBe('one')
    expect(git(repository, 'tag')).toBe('1.0.0\n1.2.0')
  })

  it('serves find, and what looks at the attempt later', () => {
    const range = ['--in', '1.0.0..1.2.0']
    const { stdout } = run('find', '--json', ...given, ...range, 'queue/sensor-refuse-coarse-scale.patch')
    expect(JSON.parse(stdout).patches[0]).toMatchObject({ action: 'drop', upstream: { commits: [] } })
    expect(run('find', ...given, '--in', '1.2.0..1.0.0', 'queue/sensor-refuse-coarse-scale.patch').stderr).toContain(
      'holds no commit',
    )
    const { attempt, patches } = tryOn(...ON_TARBALLS)
    expect(run('show', '--queue', 'queue', `@${attempt.id}`).stdout).toContain('1.2.0')
    expect(run('show', '--queue', 'queue', `@${attempt.id}`, String(patches[0]?.name)).code).toBe(0)
  })

  it('asks in place of work where the release notes name the patch', () => {
    const place = join(directory, 'noted')
    mkdirSync(join(place, 'queue'), { recursive: true })
    const text = (line: string) => ['one', 'two', 'three', line, 'five', 'six', 'seven', ''].join('\n')
    packRelease(join(place, '1.tar'), 'x-1', { f: text('four'), NEWS: 'x 1\n' })
    packRelease(join(place, '2.tar'), 'x-2', { f: text('vier'), NEWS: 'x 2\n- CVE-2024-12345 is mended\nx 1\n' })
    const diff = '--- a/f\n+++ b/f\n@@ -2,5 +2,5 @@\n two\n three\n-four\n+quatre\n five\n six\n'
    writeFileSync(join(place, 'queue', 'series'), 'named.patch\nother.patch\n')
    writeFileSync(join(place, 'queue', 'named.patch'), `Subject: mend CVE-2024-12345\n\n${diff}`)
    writeFileSync(
      join(place, 'queue', 'other.patch'),
      `Subject: something else\n\n${diff.replace('four', 'quatre').replace('+quatre', '+fyra')}`,
    )
    const tarballs = ['--upstream-tarball', '1=noted/1.tar', '--upstream-tarball', '2=noted/2.tar']
    const { patches } = tryOn('--queue', 'noted/queue', ...tarballs, '--base', '1', '--onto', '2')
    expect(patches[0]).toMatchObject({
      ...{ verdict: 'conflicting', action: 'review' },
      reason: 'may be in 2, the commit is not known: NEWS:2 names CVE-2024-12345',
    })
    expect(patches[1]?.action).not.toBe('review')
  })
})

describe('tarballs that are refused', () => {
  const members = [{ name: 'x-2/f', content: 'text\n' }]
  const whole = pack(members)
  const cases: [string, Buffer, RegExp][] = [
    ['cut off', whole.subarray(0, 700), /bad\.tar is cut off/],
    ['gzip, cut off', gzipSync(whole).subarray(0, 60), /bad\.tar is cut off or damaged/],
    ['xz, cut off', execFileSync('xz', ['-c'], { input: whole }).subarray(0, 80), /bad\.tar is cut off or damaged: xz/],
    ['a way out', pack([...members, { name: 'x-2/../../PLANTED', content: 'x' }]), /leaves its directory/],
    ['an absolute name', pack([...members, { name: '/PLANTED', content: 'x' }]), /absolute/],
    ['through a link', pack([{ name: 'x/l', type: '2', link: '..' }, { name: 'x/l/PLANTED' }]), /below x\/l/],
    ['a link to nothing', pack([{ name: 'x/l', type: '1', link: '/etc/passwd' }]), /absolute/],
    [
      'a bomb',
      gzipSync(Buffer.concat([pack([{ name: 'x/f', size: 100 << 20 }]).subarray(0, 512), Buffer.alloc(100 << 20)])),
      /200 bytes for every byte/,
    ],
  ]
  it.each(cases)('%s', (_, bytes, message) => {
    packRelease(join(directory, 'good.tar'), 'x-1', { f: 'text\n' })
    writeFileSync(join(directory, 'bad.tar'), bytes)
    const tarballs = ['--upstream-tarball', '1=good.tar', '--upstream-tarball', '2=bad.tar']
    const { code, stderr } = run('try', '--queue', 'queue', ...tarballs, '--base', '1', '--onto', '2')
    expect(stderr).toMatch(message)
    expect(code).toBe(2)
    expect([directory, join(directory, '..'), '/'].filter((place) => existsSync(join(place, 'PLANTED')))).toEqual([])
    const left = readdirSync(join(directory, '.cache', 'rebaseline', 'releases'))
    expect(left.filter((name) => !name.endsWith('.git'))).toEqual([])
  })

  it('that are not there, or are named with other content, with the releases that there are', () => {
    packRelease(join(directory, 'good.tar'), 'x-1', { f: 'text\n' })
    packRelease(join(directory, 'other.tar'), 'x-1', { f: 'other\n' })
    const good = ['--upstream-tarball', '1=good.tar']
    const onto = ['--queue', 'queue', '--onto', '1']
    expect(run('try', ...good, '--upstream-tarball', '2=gone.tar', ...onto).stderr).toContain('these are: 1')
    expect(run('try', ...good, '--upstream-tarball', '1=other.tar', ...onto).stderr).toContain('named twice')
    expect(run('try', ...good, ...good, '--base', '1', ...onto).code).toBe(0)
  })

  it('by a usage that is shown right', () => {
    for (const wrong of ['x-1.0.tar.gz', '=x.tar', '1.0=']) {
      const { code, stderr } = run('try', '--queue', 'queue', '--upstream-tarball', wrong, '--onto', '1')
      expect([code, stderr]).toEqual([1, expect.stringContaining('--upstream-tarball 4.17.5=xen-4.17.5.tar.xz')])
    }
    expect(run('try', '--queue', 'queue', '--onto', '1').stderr).toContain('--upstream-tarball 4.17.5=')
  })

  it('says so where the cache has lost the releases of an attempt', () => {
    tryOn(...ON_TARBALLS)
    rmSync(join(directory, '.cache'), { recursive: true })
    const args = [
      'overrule',
      '--queue',
      'queue',
      'kettle-altitude.patch',
      'drop',
      '--commit',
      'abc1234',
      '--reason',
      'x',
    ]
    expect(run(...args).stderr).toContain('not in the cache any more')
  })
})
