import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { directoryFiles } from '../../src/queue/directory-files.ts'
import { findUpstreamAddress } from '../../src/queue/upstream-address.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'

const directory = temporaryDirectory()

it.each([
  [
    'debian/upstream/metadata',
    'Name: x\nRepository: https://git.example.org/x.git\n',
    'https://git.example.org/x.git',
    2,
  ],
  ['debian/upstream/metadata', 'Repository: "https://github.com/a/b"\n', 'https://github.com/a/b', 1],
  [
    'debian/watch',
    '# https://github.com/no/no\nhttps://github.com/a/b/tags .*/v?(.*)\\.tar\\.gz\n',
    'https://github.com/a/b',
    2,
  ],
  [
    'debian/watch',
    'opts="mode=git" https://git.example.org/b.git refs/tags/v(.*)\n',
    'https://git.example.org/b.git',
    1,
  ],
  ['x.spec', 'Name: x\nURL: https://gitlab.com/a/b\n', 'https://gitlab.com/a/b', 2],
  ['debian/watch', 'https://ftp.example.org/pub/x-(.*)\\.tar\\.gz\n', null, 0],
  ['debian/upstream/metadata', 'Repository: ext::sh -c evil\n', null, 0],
])('reads %s: %j', async (file, content, url, line) => {
  const top = join(directory, `${Math.random()}`)
  const path = join(top, file)
  for (const folder of ['debian/upstream', 'debian/patches']) mkdirSync(join(top, folder), { recursive: true })
  writeFileSync(path, content)
  const list = file.endsWith('.spec') ? file : 'debian/patches/series'
  expect(await findUpstreamAddress(directoryFiles(top), list)).toEqual(url === null ? null : { url, file: path, line })
})
