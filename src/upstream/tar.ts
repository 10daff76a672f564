/**
 * Reads a tar archive member by member: pax, ustar, GNU and old ones (POSIX.1, pax, "ustar
 * Interchange Format"; tar(5)). Names stay bytes, as `git archive` wrote them; an archive without
 * its end is refused, where readers of the registry pass a cut one in silence.
 */
import { UserError } from '../errors.ts'
import { type ByteString, fromBytes, toText } from '../model/bytes.ts'

/** What a member is; a `link` is a second name of an earlier member. */
export type MemberKind = 'file' | 'link' | 'symlink' | 'directory'

export interface TarMember {
  kind: MemberKind
  /** As the archive writes it: it may be unsafe. */
  path: ByteString
  /** Where a link leads; empty for what is none. */
  target: ByteString
  isExecutable: boolean
  /** Bytes of its content. */
  size: number
  /** When it was changed, seconds since 1970. */
  time: number
  /** What is not read of it before the next member is asked for is passed over. */
  content: AsyncIterable<Buffer>
}

const BLOCK = 512
/** No name, and no list of attributes, is longer. */
const MAX_EXTENDED = 1 << 20

/** By the type flag; any other is refused. */
const KINDS: Readonly<Record<string, MemberKind>> = {
  ...{ '0': 'file', '\0': 'file', '7': 'file' },
  ...{ '1': 'link', '2': 'symlink', '5': 'directory' },
}

/** What stands in front of a member, and is true of it in place of its header. */
interface Extended {
  path?: ByteString
  linkpath?: ByteString
  size?: number
  mtime?: number
}

/** `file` names the archive in messages. @throws UserError where it is cut off, or not understood. */
export async function* readTar(pieces: AsyncIterable<Buffer>, file: string): AsyncGenerator<TarMember> {
  const bytes = new Bytes(pieces, file)
  try {
    yield* membersOf(bytes, file)
    await bytes.end()
  } finally {
    await bytes.close()
  }
}

async function* membersOf(bytes: Bytes, file: string): AsyncGenerator<TarMember> {
  let global: Extended = {}
  let own: Extended = {}
  for (let block = await bytes.block(); !isZero(block); block = await bytes.block()) {
    const header = readHeader(block, file)
    if (header.flag === 'g') global = { ...global, ...(await readExtended(header, bytes, file)) }
    else if (/[xLK]/.test(header.flag)) own = { ...own, ...(await readExtended(header, bytes, file)) }
    // The label of a volume is no file.
    else if (header.flag !== 'V') {
      const member = toMember({ ...header, ...global, ...own }, bytes, file)
      yield member
      for await (const _ of member.content) {
        // Passed over.
      }
      await bytes.skip(paddingOf(member.size))
      own = {}
    }
  }
}

function toMember(header: Header, bytes: Bytes, file: string): TarMember {
  const kind = kindOf(header, file)
  const size = kind === 'file' ? header.size : 0
  const isLink = kind === 'link' || kind === 'symlink'
  return {
    kind,
    path: header.path,
    target: isLink ? header.linkpath : '',
    isExecutable: (header.mode & 0o100) !== 0,
    size,
    time: header.mtime,
    content: bytes.run(size),
  }
}

/** Content ends with a whole block. */
function paddingOf(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK
}

interface Header extends Required<Extended> {
  flag: string
  mode: number
}

function readHeader(block: Buffer, file: string): Header {
  const text = fromBytes(block)
  if (number(text.slice(148, 156)) !== sumOf(block))
    throw new UserError(
      `${file} is no tar archive, or is damaged: the sum of a header is wrong`,
      'name the release as .tar, .tar.gz, .tar.xz, .tar.bz2 or .tar.zst',
    )
  const magic = text.slice(257, 263)
  // Where GNU tar has times POSIX has the beginning of a long name.
  const prefix = magic === 'ustar\0' ? string(text.slice(345, 500)) : ''
  const name = string(text.slice(0, 100))
  return {
    flag: text[156] ?? '\0',
    path: prefix === '' ? name : `${prefix}/${name}`,
    linkpath: string(text.slice(157, 257)),
    mode: number(text.slice(100, 108)),
    size: number(text.slice(124, 136)),
    mtime: number(text.slice(136, 148)),
  }
}

/** The sum of a header's bytes, with blanks for the sum itself. */
function sumOf(block: Buffer): number {
  let sum = 8 * 32
  for (let at = 0; at < BLOCK; at++) if (at < 148 || at >= 156) sum += block[at] ?? 0
  return sum
}

/** Up to the first NUL. */
function string(field: ByteString): ByteString {
  const end = field.indexOf('\0')
  return end < 0 ? field : field.slice(0, end)
}

/** Octal digits; or, where the first bit is set, the number itself, as GNU tar writes large ones. */
function number(field: ByteString): number {
  const first = field.charCodeAt(0)
  if (first < 0x80) return Number.parseInt(string(field).trim() || '0', 8)
  const start = first === 0xff ? -1 : first & 0x3f
  return [...field.slice(1)].reduce((sum, byte) => sum * 256 + byte.charCodeAt(0), start)
}

async function readExtended({ size, flag }: Header, bytes: Bytes, file: string): Promise<Extended> {
  if (!(size >= 0 && size <= MAX_EXTENDED))
    throw new UserError(`${file} has attributes (${flag}) of more than 1 MiB`, 'it was not made by tar or git')
  const text = fromBytes(await bytes.take(size))
  await bytes.skip(paddingOf(size))
  if (flag === 'L') return { path: string(text) }
  return flag === 'K' ? { linkpath: string(text) } : readPax(text, file)
}

/** POSIX.1, pax, "pax Extended Header": "LENGTH KEY=VALUE\n", one after the other. */
function readPax(text: ByteString, file: string): Extended {
  const found: Extended = {}
  for (let at = 0; at < text.length && text[at] !== '\0'; ) {
    const length = Number(/^\d{1,7} /.exec(text.slice(at, at + 8))?.[0] ?? 0)
    const [, key, value] = /^\d+ ([^=]*)=(.*)\n$/s.exec(text.slice(at, at + length)) ?? []
    if (key === undefined || value === undefined)
      throw new UserError(`${file} is damaged: attributes (pax) of a member cannot be read`, 'get it again')
    if (key.startsWith('GNU.sparse.')) throw unknown(file, found.path ?? '', 'a file with holes')
    if (key === 'path' || key === 'linkpath') found[key] = value
    if (key === 'size' || key === 'mtime') found[key] = Number(value)
    at += length
  }
  return found
}

function kindOf({ flag, path, size }: Header, file: string): MemberKind {
  if (!(Number.isSafeInteger(size) && size >= 0))
    throw new UserError(`${file} is damaged: ${toText(path)} has no size`, 'get it again')
  const kind = KINDS[flag]
  if (!kind) throw unknown(file, path, `no file, link or folder (type ${JSON.stringify(flag)})`)
  // Before POSIX a folder was a file of such a name.
  return kind === 'file' && path.endsWith('/') ? 'directory' : kind
}

function unknown(file: string, path: ByteString, what: string): UserError {
  return new UserError(`${file} holds ${toText(path) || 'a member'}, ${what}`, 'pack the release anew without it')
}

function isZero(block: Buffer): boolean {
  return block.every((byte) => byte === 0)
}

/** The bytes of an archive, taken in order. */
class Bytes {
  readonly #pieces: AsyncIterator<Buffer>
  readonly #file: string
  #piece: Buffer = Buffer.alloc(0)

  constructor(pieces: AsyncIterable<Buffer>, file: string) {
    this.#pieces = pieces[Symbol.asyncIterator]()
    this.#file = file
  }

  /** So many bytes at once. */
  async take(count: number): Promise<Buffer> {
    const parts: Buffer[] = []
    for await (const part of this.run(count)) parts.push(part)
    return Buffer.concat(parts)
  }

  block(): Promise<Buffer> | Buffer {
    if (this.#piece.length < BLOCK) return this.take(BLOCK)
    const block = this.#piece.subarray(0, BLOCK)
    this.#piece = this.#piece.subarray(BLOCK)
    return block
  }

  /** So many bytes, in pieces; those that are there are handed out once. */
  run(count: number): AsyncGenerator<Buffer> {
    let left = count
    const next = async (): Promise<Buffer | null> => {
      if (left === 0) return null
      if (this.#piece.length === 0 && !(await this.#more())) throw cut(this.#file)
      const part = this.#piece.subarray(0, left)
      this.#piece = this.#piece.subarray(part.length)
      left -= part.length
      return part
    }
    return (async function* () {
      for (let part = await next(); part !== null; part = await next()) yield part
    })()
  }

  async skip(count: number): Promise<void> {
    for await (const _ of this.run(count)) {
      // Passed over.
    }
  }

  /**
   * What is behind the first block of zeros: another one, and then what nobody reads; all of it is
   * unpacked, so that damage is told.
   */
  async end(): Promise<void> {
    if (this.#piece.length === 0 && !(await this.#more())) return
    if (!isZero(await this.block()))
      throw new UserError(`${this.#file} is damaged: it goes on behind a block of zeros`, 'get it again')
    while (await this.#more()) this.#piece = Buffer.alloc(0)
  }

  async close(): Promise<void> {
    await this.#pieces.return?.()
  }

  async #more(): Promise<boolean> {
    const { value, done } = await this.#pieces.next()
    this.#piece = done ? Buffer.alloc(0) : value
    return !done
  }
}

function cut(file: string): UserError {
  return new UserError(`${file} is cut off: the end of the archive is missing`, 'get it again, and check its sum')
}
