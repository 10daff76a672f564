import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { UserError } from '../../src/errors.ts'
import { filesOfPackage } from '../../src/queue/formats/spec/source-package.ts'
import { readQueue } from '../../src/queue/read-queue.ts'

const SPEC = 'Name: valve\nVersion: 1.4\nPatch0: z.patch\nPatch1: a.patch.gz\n%prep\n%autosetup -p1\n'
const PATCH = '--- a/valve\n+++ b/valve\n@@ -1 +1 @@\n-open\n+shut\n'
const FILES = { 'a.patch.gz': gzipSync(PATCH), 'valve.spec': Buffer.from(SPEC), 'z.patch': Buffer.from(PATCH) }

/** cpio(5), "New ASCII Format". */
function archiveOf(files: Readonly<Record<string, Buffer>>): Buffer {
  const entries = [...Object.entries(files), ['TRAILER!!!', Buffer.alloc(0)] as const]
  const pad = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)])
  return Buffer.concat(
    entries.flatMap(([name, content]) => {
      const fields = [1, 0o100644, 0, 0, 1, 0, content.length, 0, 0, 0, 0, name.length + 1, 0]
      const head = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}${name}\0`
      return [pad(Buffer.from(head)), pad(content)]
    }),
  )
}

function headerOf(tag: number, value: number): Buffer {
  const header = Buffer.alloc(36)
  header.set([0x8e, 0xad, 0xe8, 1])
  for (const [index, field] of [1, 4, tag, 4, 0, 1, value].entries()) header.writeUInt32BE(field, 8 + index * 4)
  return header
}

function packageOf(payload: Buffer, kind = 1): Buffer {
  const lead = Buffer.alloc(96)
  lead.set([0xed, 0xab, 0xee, 0xdb, 3, 0, 0, kind])
  const header = headerOf(1000, 0)
  const signature = headerOf(1000, header.length + payload.length)
  return Buffer.concat([lead, signature, Buffer.alloc(4), header, payload])
}

const PACKERS = {
  none: (bytes: Buffer) => bytes,
  gzip: (bytes: Buffer) => gzipSync(bytes),
  xz: (bytes: Buffer) => execFileSync('xz', ['-c'], { input: bytes }),
  bzip2: (bytes: Buffer) => execFileSync('bzip2', ['-c'], { input: bytes }),
  zstd: (bytes: Buffer) => execFileSync('zstd', ['-c', '-q'], { input: bytes }),
}

let directory = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'rebaseline-package-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

function write(bytes: Buffer): string {
  const path = join(directory, 'valve-1.4-1.src.rpm')
  writeFileSync(path, bytes)
  return path
}

describe('a package of sources', () => {
  it.each(Object.entries(PACKERS))('is read, packed by %s', async (_, pack) => {
    const path = write(packageOf(pack(archiveOf(FILES))))
    expect(await readQueue(path)).toMatchObject({
      ...{ format: 'rpm', source: path, order: 'stated (valve.spec:5)' },
      base: { names: ['1.4'], listed: 'valve.spec:2' },
      patches: [
        { name: 'z.patch', strip: 1, added: 1 },
        { name: 'a.patch.gz', strip: 1, added: 1 },
      ],
    })
  })

  it('says where its spec names the upstream', async () => {
    const spec = Buffer.from(SPEC.replace('Patch0', 'URL: https://github.com/acme/valve\nPatch0'))
    const path = write(packageOf(archiveOf({ ...FILES, 'valve.spec': spec })))
    const address = { url: 'https://github.com/acme/valve', file: `${path}:valve.spec`, line: 3 }
    expect(await readQueue(path)).toMatchObject({ address })
  })

  it('is named where a patch of it is missing', async () => {
    const { 'z.patch': _, ...others } = FILES
    const { patches } = await readQueue(write(packageOf(archiveOf(others))))
    expect(patches[0]?.content).toMatchObject({ kind: 'unreadable', problem: { message: 'z.patch: no such file' } })
  })

  it('is refused where it is one of programs, or has no spec', async () => {
    await expect(readQueue(write(packageOf(archiveOf(FILES), 0)))).rejects.toThrow('is no source package')
    await expect(readQueue(write(packageOf(archiveOf({}))))).rejects.toThrow('holds 0 specs')
  })

  it.each(Object.entries(PACKERS))('is refused where it is cut off anywhere, packed by %s', async (_, pack) => {
    const whole = packageOf(pack(archiveOf(FILES)))
    const places = [0, 3, 50, 96, 100, 120, 136, 140, 170, whole.length >> 1, whole.length - 20, whole.length - 1]
    for (const place of places)
      await expect(filesOfPackage(whole.subarray(0, place), 'x'), `cut at ${place}`).rejects.toThrow(UserError)
  })

  it('is read or refused, however it is damaged', async () => {
    const whole = packageOf(archiveOf(FILES))
    const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(damage, async (changes) => {
        const bytes = Buffer.from(whole)
        for (const [place, value] of changes) bytes[place] = value
        await filesOfPackage(bytes, 'x').catch((error) => expect(error).toBeInstanceOf(UserError))
      }),
      { numRuns: 300 },
    )
  })
})
