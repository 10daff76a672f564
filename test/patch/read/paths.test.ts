import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fromBytes, toBytes } from '../../../src/model/bytes.ts'
import { unsafePath } from '../../../src/model/paths.ts'
import { stripPath, unquote } from '../../../src/patch/read/paths.ts'

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => fromBytes(array))

describe('unquote', () => {
  /** As git's quote_c_style() does it. */
  function quote(name: string): string {
    const letters: Record<string, string> = {
      '\x07': 'a',
      '\b': 'b',
      '\t': 't',
      '\n': 'n',
      '\v': 'v',
      '\f': 'f',
      '\r': 'r',
    }
    const escaped = (char: string) => {
      const code = letters[char] ?? (/["\\]/.test(char) ? char : char.charCodeAt(0).toString(8).padStart(3, '0'))
      return `\\${code}`
    }
    return `"${name.replace(/[^ !#-[\]-~]/g, escaped)}"`
  }

  it('is the way back from quoting', () => {
    fc.assert(fc.property(bytes(40), (name) => unquote(quote(name)) === name))
  })

  it.each([
    ['a/plain name', 'a/plain name'],
    ['', ''],
    ['""', ''],
    ['"a/caf\\303\\251"', 'a/caf\xc3\xa9'],
    ['"tab\\tquote\\"back\\\\slash"', 'tab\tquote"back\\slash'],
    ['inner"quote', 'inner"quote'],
    ['back\\303slash', 'back\\303slash'],
  ])('reads %j as %j', (written, name) => expect(unquote(written)).toBe(name))

  it.each(['"open', '"', '"a"b"', '"a\\q"', '"a\\400"', '"a\\30"', '"a\\"', '"a" '])('refuses %j', (written) => {
    expect(unquote(written)).toBeNull()
  })
})

describe('stripPath', () => {
  it.each([
    ['a/src/x.c', 0, 'a/src/x.c'],
    ['a/src/x.c', 1, 'src/x.c'],
    ['a/src/x.c', 2, 'x.c'],
    ['a/src/x.c', 3, null],
    ['x.c', 1, null],
    ['a//src///x.c', 2, 'x.c'],
  ])('takes %j with -p%i as %j, like patch(1)', (path, strip, stripped) => {
    expect(stripPath(path, strip)).toBe(stripped)
  })

  it('takes off as many components as there are in front', () => {
    const part = fc.stringMatching(/^[a-z.]{1,5}$/)
    fc.assert(
      fc.property(fc.array(part), fc.array(part, { minLength: 1 }), (front, rest) => {
        expect(stripPath([...front, ...rest].join('/'), front.length)).toBe(rest.join('/'))
      }),
    )
  })
})

describe('unsafePath', () => {
  it.each([
    'x',
    'src/x.c',
    '.gitignore',
    '.github/x',
    'a/.gitmodules',
    'git/x',
    'git~2',
    '.git1',
    'a..b',
    '...',
    '-p1',
    'a b',
    '\xff',
  ])('lets %j through', (path) => expect(unsafePath(path)).toBeNull())

  const LEAVES = 'the path leaves its directory'
  const GIT = 'the path leads into a .git directory'
  it.each([
    ['..', LEAVES],
    ['../x', LEAVES],
    ['a/../../x', LEAVES],
    ['a/..', LEAVES],
    ['.', LEAVES],
    ['', LEAVES],
    ['/etc/passwd', 'the path is absolute'],
    ['a\0b', 'the path holds a NUL'],
    ['.git/config', GIT],
    ['a/.GIT/config', GIT],
    ['git~1/x', GIT],
    ['GIT~1', GIT],
    ['.git./x', GIT],
    ['.git /x', GIT],
    ['.git. . /x', GIT],
    ['.git::$INDEX_ALLOCATION/x', GIT],
    ['.git\\hooks', GIT],
    ['.g\xe2\x80\x8cit/x', GIT],
    ['\xef\xbb\xbf.git', GIT],
    ['.gi\xe2\x81\xaat/x', GIT],
    ['x/'.repeat(2048).concat('x'), 'the path is longer than 4096 bytes'],
    [`a/${'x'.repeat(256)}`, 'a part of the path is longer than 255 bytes'],
  ])('refuses %j', (path, reason) => expect(unsafePath(path)).toBe(reason))

  describe('beside git', () => {
    let repository = ''
    beforeAll(() => {
      repository = mkdtempSync(join(tmpdir(), 'rebaseline-paths-'))
      expect(git('init', '--quiet')).toBe(true)
    })
    afterAll(() => rmSync(repository, { recursive: true }))

    function git(...args: string[]): boolean {
      const guards = ['-c', 'core.protectNTFS=true', '-c', 'core.protectHFS=true']
      const env = { PATH: process.env.PATH, HOME: repository, GIT_CONFIG_NOSYSTEM: '1' }
      return spawnSync('git', [...guards, ...args], { cwd: repository, env }).status === 0
    }

    it('refuses whatever git refuses', () => {
      const piece = fc.constantFrom(
        '.git',
        '.GIT',
        'git~1',
        '.',
        '..',
        '/',
        '/',
        '\\',
        ':',
        ' ',
        'x',
        '\u200c',
        '\ufeff',
      )
      fc.assert(
        fc.property(fc.array(piece, { minLength: 1, maxLength: 5 }), (pieces) => {
          const path = fromBytes(Buffer.from(pieces.join('')))
          fc.pre(unsafePath(path) === null)
          const entry = `100644,${'1'.repeat(40)},${toBytes(path).toString()}`
          const taken = git('update-index', '--add', '--replace', '--info-only', '--cacheinfo', entry)
          expect(taken, `git takes ${JSON.stringify(path)}`).toBe(true)
        }),
        { numRuns: 80 },
      )
    })
  })
})
