/** Packs archives, sound ones and others, as tar(5) has them. */
import { writeFileSync } from 'node:fs'

export interface PackedMember {
  name: string
  content?: string
  /** tar(5), the type flag; by default a file. */
  type?: string
  link?: string
  mode?: number
  /** Seconds since 1970. */
  time?: number
  /** Another size than the content has. */
  size?: number
}

const BLOCK = 512
export const END = Buffer.alloc(2 * BLOCK)

/** The blocks of one member: header and content. */
export function packMember({ name, content = '', type = '0', link = '', ...rest }: PackedMember): Buffer {
  const { mode = 0o644, time = 1_700_000_000, size = Buffer.byteLength(content, 'latin1') } = rest
  const header = Buffer.alloc(BLOCK)
  const octal = (value: number, length: number) => `${value.toString(8).padStart(length - 1, '0')}\0`
  header.write(name, 0, 100, 'latin1')
  header.write(octal(mode, 8) + octal(0, 8) + octal(0, 8) + octal(size, 12) + octal(time, 12), 100, 'latin1')
  header.write(type, 156, 'latin1')
  header.write(link, 157, 100, 'latin1')
  header.write('ustar\x0000', 257, 'latin1')
  header.fill(' ', 148, 156)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(octal(sum, 7), 148, 'latin1')
  const body = Buffer.from(content, 'latin1')
  return Buffer.concat([header, body, Buffer.alloc((BLOCK - (body.length % BLOCK)) % BLOCK)])
}

export function pack(members: readonly PackedMember[]): Buffer {
  return Buffer.concat([...members.map(packMember), END])
}

/** A release of files by path, below one folder on top. */
export function packRelease(path: string, top: string, files: Readonly<Record<string, string>>): void {
  const members = Object.entries(files).map(([name, content]) => ({ name: `${top}/${name}`, content }))
  writeFileSync(path, pack([{ name: `${top}/`, type: '5', mode: 0o755 }, ...members]))
}
