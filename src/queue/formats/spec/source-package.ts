/**
 * The files of a source package (.src.rpm): a lead, two headers, a packed cpio archive
 * (rpm's "RPM V4 Package format"; cpio(5), "New ASCII Format").
 */
import { UserError } from '../../../errors.ts'
import { type ByteString, fromBytes } from '../../../model/bytes.ts'
import { decompress } from '../../decompress.ts'
import { isUnread } from '../../files.ts'
import { MAX_ENTRIES, MAX_PACKAGE } from '../../limits.ts'

const LEAD = 96
const LEAD_MAGIC = '\xed\xab\xee\xdb'
const HEADER_MAGIC = '\x8e\xad\xe8\x01'
/** Of the signature: how many bytes the second header and the payload are, in two widths. */
const SIZES = new Map([
  [1000, 4],
  [270, 8],
])
const CPIO_HEADER = 110
const REGULAR = 0o100000

/** Whether the file's first bytes are those of a package. */
export function isPackage(bytes: Uint8Array): boolean {
  return at(bytes, 0, 4) === LEAD_MAGIC
}

/**
 * The regular files by name. `name`: the package, as errors name it.
 *
 * @throws UserError where it is cut off, damaged, or no package of sources.
 */
export async function filesOfPackage(bytes: Uint8Array, name: string): Promise<Map<ByteString, Uint8Array>> {
  if (!isPackage(bytes) || bytes.length < LEAD)
    throw new UserError(`${name} is no RPM package, or is cut off`, 'name a .src.rpm, or the spec')
  const view = viewOf(bytes)
  if (view.getUint16(6) !== 1) throw new UserError(`${name} is no source package`, 'name the .src.rpm of it')
  const signature = headerAt(bytes, LEAD, name)
  const header = headerAt(bytes, (signature.end + 7) & ~7, name)
  const start = (signature.end + 7) & ~7
  if (signature.size !== null && bytes.length < start + signature.size)
    throw damaged(name, `cut off: it has ${bytes.length - start} of ${signature.size} bytes`)
  const payload = await decompress(bytes.subarray(header.end), MAX_PACKAGE)
  if (isUnread(payload)) throw damaged(name, payload.because)
  return filesOfArchive(payload, name)
}

interface Header {
  end: number
  /** What the signature says of the size of all behind it; null where it says nothing. */
  size: number | null
}

/** "Header Structure": a magic, the number of index entries, the size of their data. */
function headerAt(bytes: Uint8Array, from: number, name: string): Header {
  if (at(bytes, from, 4) !== HEADER_MAGIC || bytes.length < from + 16)
    throw damaged(name, 'cut off, or a header is damaged')
  const view = viewOf(bytes)
  const [count, length] = [view.getUint32(from + 8), view.getUint32(from + 12)]
  const data = from + 16 + count * 16
  const end = data + length
  if (end > bytes.length) throw damaged(name, 'cut off in a header')
  let size: number | null = null
  for (let index = 0; index < count; index++) {
    const entry = from + 16 + index * 16
    const width = SIZES.get(view.getUint32(entry))
    const place = data + view.getUint32(entry + 8)
    if (width === undefined || place + width > end) continue
    size = width === 4 ? view.getUint32(place) : Number(view.getBigUint64(place))
  }
  return { end, size }
}

function filesOfArchive(archive: Uint8Array, name: string): Map<ByteString, Uint8Array> {
  const files = new Map<ByteString, Uint8Array>()
  for (let from = 0; ; ) {
    const magic = at(archive, from, 6)
    if (magic !== '070701' && magic !== '070702')
      throw damaged(name, from === 0 ? 'its payload is no cpio archive' : 'cut off, or its cpio archive is damaged')
    const [mode, size, nameSize] = [fieldOf(archive, from, 1), fieldOf(archive, from, 6), fieldOf(archive, from, 11)]
    const data = padded(from + CPIO_HEADER + nameSize)
    const end = data + size
    if (!(end <= archive.length)) throw damaged(name, 'cut off in its cpio archive')
    const file = at(archive, from + CPIO_HEADER, nameSize - 1).replace(/^\.\//, '')
    if (file === 'TRAILER!!!') return files
    if ((mode & 0o170000) === REGULAR) files.set(file, archive.subarray(data, end))
    if (files.size > MAX_ENTRIES) throw new UserError(`${name} holds more than ${MAX_ENTRIES} files`, 'split the queue')
    from = padded(end)
  }
}

/** One of the header's numbers of eight hexadecimal digits, behind its magic. */
function fieldOf(archive: Uint8Array, from: number, index: number): number {
  const digits = at(archive, from + 6 + index * 8, 8)
  return /^[0-9A-Fa-f]{8}$/.test(digits) ? Number.parseInt(digits, 16) : Number.NaN
}

function padded(place: number): number {
  return Math.ceil(place / 4) * 4
}

function at(bytes: Uint8Array, from: number, length: number): ByteString {
  return fromBytes(bytes.subarray(from, from + Math.max(0, length)))
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function damaged(name: string, because: string): UserError {
  return new UserError(`${name} is damaged: ${because}`, 'get it again, and check its signature with rpm -K')
}
