/** The files of a queue on disk. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { type ByteString, fromBytes, toBytes, toText } from '../model/bytes.ts'
import type { FileEntry, QueueFiles, Unread } from './files.ts'

/** The files below a directory, an absolute path. */
export function directoryFiles(root: string): QueueFiles {
  return {
    list: async (directory) => list(root, directory),
    read: async (path, limit) => {
      const link = linkIn(root, path)
      return link === null ? readRegularFile(pathOf(root, path), limit) : { because: link }
    },
    nameOf: (path) => (path === '' ? root : `${root === '/' ? '' : root}/${toText(path)}`),
  }
}

function list(root: string, directory: ByteString): FileEntry[] | null {
  if (directory !== '' && linkIn(root, directory) !== null) return null
  try {
    const entries = readdirSync(pathOf(root, directory), { withFileTypes: true, encoding: 'buffer' })
    return entries
      .map((entry): FileEntry => ({ name: fromBytes(entry.name), kind: kindOf(entry) }))
      .sort((one, other) => (one.name < other.name ? -1 : 1))
  } catch {
    return null
  }
}

function kindOf(entry: {
  isFile: () => boolean
  isDirectory: () => boolean
  isSymbolicLink: () => boolean
}): FileEntry['kind'] {
  if (entry.isFile()) return 'file'
  if (entry.isDirectory()) return 'directory'
  return entry.isSymbolicLink() ? 'link' : 'other'
}

/** As bytes: a name need not be UTF-8. */
function pathOf(root: string, path: ByteString): Buffer {
  return Buffer.concat([Buffer.from(`${root}/`), toBytes(path)])
}

/** A link could lead out of the queue, to a file that must not be shown. */
function linkIn(root: string, path: ByteString): string | null {
  const parts = path.split('/')
  for (let count = 1; count <= parts.length; count++) {
    const part = parts.slice(0, count).join('/')
    if (isLink(pathOf(root, part))) return part === path ? 'a symbolic link' : `${toText(part)} is a symbolic link`
  }
  return null
}

function isLink(path: Buffer): boolean {
  try {
    return lstatSync(path).isSymbolicLink()
  } catch {
    // Not there, or below something that is no directory: reading it will say so.
    return false
  }
}

/**
 * The bytes, or why they cannot be had. Opened once, without following links and without waiting
 * for a FIFO.
 */
export function readRegularFile(path: string | Buffer, limit: number): Uint8Array | Unread {
  let file: number
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR') return { because: 'no such file' }
    return { because: code === 'ELOOP' ? 'a symbolic link' : `cannot be read (${code})` }
  }
  try {
    const stat = fstatSync(file)
    if (!stat.isFile()) return { because: 'not a regular file' }
    if (stat.size > limit) return { because: `larger than ${limit >> 20} MiB` }
    return readFileSync(file)
  } finally {
    closeSync(file)
  }
}
