import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unsafePath } from '../../src/model/paths.ts'
import { addComponent, TarballFiles } from '../../src/upstream/release-files.ts'
import { chooseProject, isVersion, readTarballName, tagOfRelease } from '../../src/upstream/tarball-names.ts'

const file = (content: number) => ({ mode: '100644' as const, content })

function filesOf(...paths: string[]): string[] {
  const files = new TarballFiles('x.tar')
  for (const [at, written] of paths.entries()) {
    const path = files.pathOf({ path: written })
    if (path === null) continue
    if (written.endsWith('/')) files.addFolder(path)
    else files.addFile(path, file(at))
  }
  return [...files.files().keys()]
}

describe('TarballFiles', () => {
  it.each([
    [
      ['x-1.0/', 'x-1.0/a', 'x-1.0/b/c'],
      ['a', 'b/c'],
    ],
    [
      ['./x-1.0/a', './x-1.0/b'],
      ['a', 'b'],
    ],
    [
      ['a', 'b/c'],
      ['a', 'b/c'],
    ],
    [
      ['src/a', 'doc/b'],
      ['src/a', 'doc/b'],
    ],
    [['src/a', 'doc/'], ['src/a']],
    [['only'], ['only']],
    [
      ['x/a', 'x/.git/config', '.gitignore', 'x/.git'],
      ['x/a', '.gitignore'],
    ],
  ])('takes off the one folder that all of %j are in', (paths, expected) => {
    expect(filesOf(...paths)).toEqual(expected)
  })

  it.each([
    ['x/../../etc/passwd', /leaves/],
    ['/etc/passwd', /absolute/],
    ['x/..', /leaves/],
    [`x/${'d/'.repeat(120)}f`, /folders deep/],
    ['x/GIT~1/config', /\.git/],
  ])('refuses %s', (path, message) => {
    expect(() => filesOf('x/a', path)).toThrow(message)
  })

  it('lets no file go through a link, nor be a folder', () => {
    expect(() => filesOf('x/sub', 'x/sub/f')).toThrow('below x/sub')
    expect(() => filesOf('x/sub/f', 'x/sub')).toThrow('a folder, and a file')
    expect(() => filesOf('x/sub', 'x/sub/')).toThrow('a file or link, and a folder')
  })

  it('never holds an unsafe path, whatever the names', () => {
    const name = fc.array(fc.constantFrom('a', '..', '.', '', '.git', '\\', 'b\0', 'c'), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(fc.array(name, { maxLength: 4 }), (names) => {
        let held: string[] = []
        try {
          held = filesOf(...names.map((parts) => parts.join('/')))
        } catch {
          return
        }
        expect(held.map(unsafePath).filter((reason) => reason !== null)).toEqual([])
      }),
    )
  })

  it('puts a component in place of what is there', () => {
    const files = new Map([
      ['a', file(1)],
      ['lib/old', file(2)],
      ['library', file(3)],
    ])
    addComponent(files, 'lib', new Map([['new', file(4)]]))
    expect([...files.keys()]).toEqual(['a', 'library', 'lib/new'])
  })
})

describe('names of tarballs', () => {
  it.each([
    ['hopper-5.2.0.tar.xz', 'hopper', '5.2.0', null],
    ['hopper_5.2.0.orig.tar.gz', 'hopper', '5.2.0', null],
    ['hopper_5.2.0+dfsg~rc1.orig-vendor-lib.tar.xz', 'hopper', '5.2.0+dfsg~rc1', 'vendor-lib'],
    ['openssl-1.1.1w.tgz', 'openssl', '1.1.1w', null],
    ['xen-4.17.0-rc2.tar.bz2', 'xen', '4.17.0-rc2', null],
    ['v6.1.tar.zst', '', '6.1', null],
    ['boost-1.81-src.tar.gz', 'boost', '1.81', null],
  ])('reads %s', (name, project, version, component) => {
    expect(readTarballName(name)).toEqual({ name, project, version, component })
  })

  it.each([
    'hopper_5.2.0-1.debian.tar.xz',
    'hopper-5.2.0.tar.xz.asc',
    'SHA256SUMS',
    'notes.tar.gz',
    'hopper-5.2.0.zip',
  ])('passes over %s', (name) => {
    expect(readTarballName(name)).toBeNull()
  })

  it('takes the project with the most releases, and refuses two of as many', () => {
    const named = (...names: string[]) => names.flatMap((name) => readTarballName(name) ?? [])
    const { own, others } = chooseProject(named('a-1.tar', 'a-2.tar', 'b-1.tar'))
    expect([own, others].map((some) => some.map(({ name }) => name))).toEqual([['a-1.tar', 'a-2.tar'], ['b-1.tar']])
    expect(() => chooseProject(named('a-1.tar', 'b-1.tar'))).toThrow('side by side')
  })

  it('makes a tag of every version that Debian knows', () => {
    expect(tagOfRelease('1:4.6~rc1+dfsg')).toBe('4.6_rc1+dfsg')
    expect(['4.6~rc1', '1:2.0', '..', '-1', 'a b', '4.', 'x.lock', '$(id)', ''].map(isVersion)).toEqual([
      ...[true, true, false, false, false, false, false, false, false],
    ])
  })
})
