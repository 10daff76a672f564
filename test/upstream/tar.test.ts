import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../src/errors.ts'
import { readTar, type TarMember } from '../../src/upstream/tar.ts'
import { END, pack, packMember } from '../helpers/tarball.ts'

/** In pieces of so many bytes. */
async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function read(bytes: Buffer, size = 700): Promise<(Omit<TarMember, 'content'> & { text: string })[]> {
  const found: (Omit<TarMember, 'content'> & { text: string })[] = []
  for await (const { content, ...member } of readTar(pieces(bytes, size), 'x.tar')) {
    let text = ''
    for await (const piece of content) text += piece.toString('latin1')
    found.push({ ...member, text })
  }
  return found
}

const pax = (...records: string[]) => {
  const lines = records.map((record) => {
    const length = [...Array(200).keys()].find((one) => `${one} ${record}\n`.length === one)
    return `${length} ${record}\n`
  })
  return packMember({ name: 'pax', type: 'x', content: lines.join('') })
}

describe('readTar', () => {
  it('reads files, links and folders, in whatever pieces they come', async () => {
    const bytes = pack([
      { name: 'a/', type: '5' },
      { name: 'a/f', content: 'one\n', mode: 0o755, time: 5 },
      { name: 'a/s', type: '2', link: 'f' },
      { name: 'a/h', type: '1', link: 'a/f' },
    ])
    for (const size of [1, 511, 512, 10_000])
      expect(await read(bytes, size)).toMatchObject([
        { kind: 'directory', path: 'a/' },
        { kind: 'file', path: 'a/f', text: 'one\n', isExecutable: true, size: 4, time: 5 },
        { kind: 'symlink', path: 'a/s', target: 'f' },
        { kind: 'link', path: 'a/h', target: 'a/f' },
      ])
  })

  it('takes long names from pax and GNU headers, and their bytes as they are', async () => {
    const long = 'd/'.repeat(80)
    const bytes = Buffer.concat([
      packMember({ name: 'g', type: 'g', content: '20 comment=0123456789\n'.replace('20', '22') }),
      pax(`path=${long}\xe4`, 'mtime=7.5'),
      packMember({ name: 'short', content: 'x' }),
      packMember({ name: '././@LongLink', type: 'L', content: `${long}g\0` }),
      packMember({ name: 'short', content: 'y' }),
      packMember({ name: 'plain', content: 'z' }),
      END,
    ])
    expect((await read(bytes)).map(({ path, text, time }) => [path, text, time])).toEqual([
      [`${long}\xe4`, 'x', 7.5],
      [`${long}g`, 'y', 1_700_000_000],
      ['plain', 'z', 1_700_000_000],
    ])
  })

  const whole = pack([{ name: 'a', content: 'x'.repeat(600) }])
  it.each([
    ['within a file', whole.subarray(0, 700), /cut off/],
    ['within a header', whole.subarray(0, 300), /cut off/],
    ['behind a file, without an end', whole.subarray(0, 1536), /cut off/],
    ['nothing at all', Buffer.alloc(0), /cut off/],
    ['no archive', Buffer.from('<html>not found</html>'.padEnd(2000)), /no tar archive/],
    ['goes on behind zeros', Buffer.concat([whole.subarray(0, 2048), whole]), /goes on/],
    ['a device', pack([{ name: 'dev', type: '3' }]), /no file, link or folder/],
    ['a file with holes', Buffer.concat([pax('GNU.sparse.major=1'), whole]), /holes/],
    [
      'attributes that cannot be read',
      Buffer.concat([packMember({ name: 'p', type: 'x', content: 'no' }), whole]),
      /pax/,
    ],
  ])('refuses what is cut or not understood: %s', async (_, bytes, message) => {
    await expect(read(bytes)).rejects.toThrow(message)
    await expect(read(bytes)).rejects.toThrow(UserError)
  })

  it('takes what is behind a whole archive for padding', async () => {
    expect(await read(Buffer.concat([whole, Buffer.alloc(10_240), Buffer.from('junk')]))).toHaveLength(1)
  })

  it('reads or refuses whatever comes, and never hangs', async () => {
    const bytes = Buffer.concat([pax('path=b/c'), whole.subarray(0, 1536), pack([{ name: 'l', type: '2', link: 'a' }])])
    const change = fc.record({ at: fc.nat(bytes.length - 1), to: fc.integer({ min: 0, max: 255 }) })
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 8 }), fc.nat(bytes.length), async (changes, length) => {
        const mutated = Buffer.from(bytes.subarray(0, length))
        for (const { at, to } of changes) if (at < mutated.length) mutated[at] = to
        await read(mutated).catch((error) => expect(error).toBeInstanceOf(UserError))
      }),
      { numRuns: 300 },
    )
  })
})
