import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { decompress } from '../../src/queue/decompress.ts'
import { locateQueue } from '../../src/queue/locate.ts'
import { readQueue } from '../../src/queue/read-queue.ts'
import { exportQueue } from '../../src/queue/write-queue.ts'

const PATCH = '--- a/valve\n+++ b/valve\n@@ -1 +1 @@\n-open\n+shut\n'
const PACKERS = {
  gz: (text: string) => gzipSync(text),
  xz: (text: string) => execFileSync('xz', ['-c'], { input: text }),
  bz2: (text: string) => execFileSync('bzip2', ['-c'], { input: text }),
  zst: (text: string) => execFileSync('zstd', ['-c', '-q'], { input: text }),
}

describe.each(Object.entries(PACKERS))('what is packed as %s', (ending, pack) => {
  it('is unpacked, whatever its name is', async () => {
    expect(Buffer.from((await decompress(pack(PATCH), 1 << 20)) as Uint8Array).toString()).toBe(PATCH)
  })

  it('is refused where it is larger than it may be', async () => {
    const bomb = pack('0'.repeat(3 << 20))
    expect(await decompress(bomb, 2 << 20)).toEqual({ because: 'larger than 2 MiB, unpacked' })
  })

  it('is refused where it is cut off', async () => {
    const whole = pack(PATCH.repeat(100))
    const cut = await decompress(whole.subarray(0, whole.length - 10), 1 << 20)
    expect(cut).toEqual({ because: expect.stringMatching(/^cut off or damaged: ./) })
  })

  it('is a patch of a series', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'rebaseline-packed-'))
    try {
      writeFileSync(join(directory, 'series'), `valve.patch.${ending}\n`)
      writeFileSync(join(directory, `valve.patch.${ending}`), pack(PATCH))
      const { patches } = await readQueue(directory)
      expect(patches).toMatchObject([{ name: `valve.patch.${ending}`, added: 1, removed: 1 }])
    } finally {
      rmSync(directory, { recursive: true })
    }
  })
})

describe('a packed patch that is refreshed', () => {
  const refreshed = async (name: string, content: Buffer) => {
    const directory = mkdtempSync(join(tmpdir(), 'rebaseline-packed-'))
    try {
      writeFileSync(join(directory, 'series'), `${name}\n`)
      writeFileSync(join(directory, name), content)
      const options = { guards: new Set<string>() }
      const located = await locateQueue(directory)
      const listing = await located.reader.read(located.files, located.list, options)
      const { files } = await exportQueue(located, listing, [{ kind: 'refreshed', bytes: 'new' }], options)
      return files.get(name)
    } finally {
      rmSync(directory, { recursive: true })
    }
  }

  it('stays packed with gzip, whatever its name is', async () => {
    expect(gunzipSync((await refreshed('valve.patch', PACKERS.gz(PATCH))) as Uint8Array).toString()).toBe('new')
  })

  it.each(['xz', 'bz2', 'zst'] as const)('is not written as plain text under a name in %s', async (ending) => {
    await expect(refreshed(`valve.patch.${ending}`, PACKERS[ending](PATCH))).rejects.toThrow('cannot be refreshed')
  })
})
