import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { pack } from 'tar-stream'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { UserError } from '../../src/errors.ts'
import { upstreamNames } from '../../src/queue/formats/debian/version.ts'
import { readQueue } from '../../src/queue/read-queue.ts'

const DIFF = '--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n'
const CHANGELOG = 'tank (1.0-1) unstable; urgency=medium\n\n  * New.\n'
const TREE = { 'debian/changelog': CHANGELOG, 'debian/patches/a.patch': DIFF, 'debian/patches/series': 'a.patch -p1\n' }
const roots: string[] = []
let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rebaseline-debian-'))
  roots.push(root)
})
afterAll(() => {
  for (const one of roots) rmSync(one, { recursive: true })
})

function writeTree(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}

async function tarOf(files: Record<string, string>): Promise<Buffer> {
  const archive = pack()
  for (const [name, text] of Object.entries(files)) archive.entry({ name }, text)
  archive.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of archive) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** A .dsc with one file beside it; `sum`: what it says of that file. */
function writePackage(format: string, name: string, bytes: Buffer, sum = ''): string {
  writeFileSync(join(root, name), bytes)
  const digest = sum || createHash('sha256').update(bytes).digest('hex')
  const control = `Format: ${format}\nSource: tank\nVersion: 1:1.0+dfsg-1\nChecksums-Sha256:\n ${digest} ${bytes.length} ${name}\n`
  writeFileSync(
    join(root, 'tank.dsc'),
    `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n${control}\n-----BEGIN PGP SIGNATURE-----\n`,
  )
  return join(root, 'tank.dsc')
}

describe('a Debian tree', () => {
  it.each(['', 'debian', 'debian/patches', 'debian/patches/series'])(
    'is read where "%s" of it is named',
    async (named) => {
      writeTree(TREE)
      const { format, patches, base } = await readQueue(join(root, named))
      expect({ format, base }).toEqual({ format: 'debian', base: { names: ['1.0'], listed: 'debian/changelog:1' } })
      expect(patches).toMatchObject([{ name: 'a.patch', content: { kind: 'readable' } }])
    },
  )

  it('of 3.0 (quilt) is applied with -p1, whatever its series says; of 1.0 it is not', async () => {
    writeTree({ ...TREE, 'debian/patches/series': 'a.patch -p0\n' })
    expect((await readQueue(root)).patches).toMatchObject([{ strip: 0 }])
    writeTree({ 'debian/source/format': '3.0 (quilt)\n' })
    const { patches, notes } = await readQueue(root)
    expect(patches).toMatchObject([{ strip: 1 }])
    expect(notes).toMatchObject([{ line: 1, message: expect.stringMatching(/-p0/) }])
  })

  it('uses the series of its own distribution, and names the other', async () => {
    writeTree({ ...TREE, 'debian/patches/ubuntu.series': 'b.patch\n', 'debian/patches/b.patch': DIFF })
    const here = await readQueue(root)
    expect([here.patches[0]?.name, here.notes[0]?.message]).toEqual([
      'a.patch',
      expect.stringMatching(/^ubuntu\.series/),
    ])
    writeTree({ 'debian/changelog': CHANGELOG.replace('1.0-1', '1.0-1ubuntu1') })
    expect((await readQueue(root)).patches[0]?.name).toBe('b.patch')
  })

  it.each([
    ['3.0 (native)', /native/],
    ['3.0 (git)', /3\.0 \(git\)/],
  ])('of the format %s is refused', async (format, message) => {
    writeTree({ ...TREE, 'debian/source/format': `${format}\n` })
    await expect(readQueue(root)).rejects.toThrow(message)
  })

  it('without a series, or with dpatch scripts, is refused', async () => {
    writeTree({ 'debian/changelog': CHANGELOG, 'debian/patches/a.patch': DIFF })
    await expect(readQueue(root)).rejects.toThrow(/has no series: dpkg-source applies none of its 1/)
    writeTree({ 'debian/patches/00list': '01_a\n' })
    await expect(readQueue(root)).rejects.toThrow(/dpatch/)
  })
})

describe('a .dsc', () => {
  it('is read out of its tarball', async () => {
    const dsc = writePackage('3.0 (quilt)', 'tank_1.0-1.debian.tar.gz', gzipSync(await tarOf(TREE)))
    const { patches, base } = await readQueue(dsc)
    expect(patches).toMatchObject([{ name: 'a.patch', content: { kind: 'readable' } }])
    expect(base).toEqual({ names: ['1.0+dfsg', '1.0'], listed: 'tank.dsc:6' })
  })

  it('names the repository of its upstream', async () => {
    const tree = { ...TREE, 'debian/upstream/metadata': 'Repository: https://git.example.org/tank.git\n' }
    const { address } = await readQueue(writePackage('3.0 (quilt)', 'tank.debian.tar.gz', gzipSync(await tarOf(tree))))
    expect(address?.url).toBe('https://git.example.org/tank.git')
    expect(address?.file).toMatch(/tank\.debian\.tar\.gz.*debian\/upstream\/metadata$/)
  })

  it('is refused where the checksum is not that of the file, or a member leaves the tree', async () => {
    const bytes = await tarOf({ ...TREE, '../out.patch': DIFF })
    await expect(readQueue(writePackage('3.0 (quilt)', 'tank.debian.tar.gz', bytes, '00'))).rejects.toThrow(/checksum/)
    await expect(readQueue(writePackage('3.0 (quilt)', 'tank.debian.tar.gz', bytes))).rejects.toThrow(
      /\.\.\/out\.patch/,
    )
  })

  it('of 1.0 has what its diff changes outside debian/ as the first patch', async () => {
    const made = (path: string, text: string) => {
      const lines = text.split('\n').slice(0, -1)
      return `--- t.orig/${path}\n+++ t/${path}\n@@ -0,0 +1,${lines.length} @@\n${lines.map((line) => `+${line}\n`).join('')}`
    }
    const debian = Object.entries(TREE).map(([path, text]) => made(path, text))
    const direct = '--- t.orig/y\n+++ t/y\n@@ -1 +1 @@\n-c\n+d\n'
    const dsc = writePackage('1.0', 'tank_1.0-1.diff.gz', gzipSync([direct, ...debian].join('')))
    const { patches, notes } = await readQueue(dsc)
    expect(patches).toMatchObject([
      { name: 'tank_1.0-1.diff', files: 1 },
      { name: 'a.patch', added: 1 },
    ])
    expect(notes).toMatchObject([{ message: expect.stringMatching(/^changes y outside debian/) }])
  })

  it.each(['Files', 'Checksums-Sha1', 'Checksums-Sha256'])(
    'is refused where its %s list what is not beside it',
    async (field) => {
      const dsc = writePackage('3.0 (quilt)', 'tank_1.0-1.debian.tar.gz', await tarOf(TREE))
      const line = `\n ${'0'.repeat(40)} 7 ../../secret.txt\n`
      const text = readFileSync(dsc, 'utf8')
      const has = text.includes(`${field}:`)
      writeFileSync(
        dsc,
        text.replace(has ? `${field}:\n` : 'Source:', has ? `${field}:${line}` : `${field}:${line}Source:`),
      )
      await expect(readQueue(dsc)).rejects.toThrow(/secret\.txt, which leaves its directory/)
    },
  )

  it('however damaged, is read or refused', async () => {
    const whole = await tarOf(TREE)
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length), fc.nat(255), fc.boolean(), async (at, byte, isCut) => {
        const bytes = Buffer.from(isCut ? whole.subarray(0, at) : whole)
        if (at < bytes.length) bytes[at] = byte
        const dsc = writePackage('3.0 (quilt)', 'tank_1.0-1.debian.tar.gz', bytes)
        await readQueue(dsc).catch((error: unknown) => expect(error).toBeInstanceOf(UserError))
      }),
      { numRuns: 300 },
    )
  })
})

it.each([
  ['2:1.4.0+dfsg-1', '1.4.0'],
  ['1:9.2p1-2+deb12u3', '9.2p1'],
  ['3.0~rc2-1', '3.0-rc2'],
  ['2.1.0+really1.9.3-1', '1.9.3'],
  ['1.2.3+git20170716.b1abf5a-1', 'b1abf5a'],
  ['4.17.3+36-g54dacb5c02-1~deb12u1', '54dacb5c02'],
  ['1.2+ds.1-3', '1.2'],
])('the version %s may be %s upstream', (version, name) => {
  expect(upstreamNames(version)).toContain(name)
})
