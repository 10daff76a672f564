/** The files of a queue on disk. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { type ByteString, fromBytes, toBytes, toText } from '../model/bytes.ts'
import type { FileEntry, QueueFiles, Unread } from './files.ts'
import { LEADS_OUT, MOST_LINKS, targetOf } from './links.ts'

/** The files below a directory, an absolute path. */
export function directoryFiles(root: string): QueueFiles {
  return {
    list: async (directory) => list(root, directory),
    read: async (path, limit) => {
      const found = followed(root, path, MOST_LINKS)
      return typeof found === 'string' ? readRegularFile(pathOf(root, found), limit) : found
    },
    nameOf: (path) => (path === '' ? root : `${root === '/' ? '' : root}/${toText(path)}`),
  }
}

function list(root: string, directory: ByteString): FileEntry[] | null {
  const found = directory === '' ? '' : followed(root, directory, MOST_LINKS)
  if (typeof found !== 'string') return null
  try {
    const entries = readdirSync(pathOf(root, found), { withFileTypes: true, encoding: 'buffer' })
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

/**
 * A path without the links in it, which are followed where they stay below the root. Out of it one
 * could lead to a file that must not be shown.
 */
function followed(root: string, path: ByteString, links: number): ByteString | Unread {
  const parts = path.split('/')
  for (let count = 1; count <= parts.length; count++) {
    const part = parts.slice(0, count).join('/')
    const words = linkAt(pathOf(root, part))
    if (words === null) continue
    const target = links > 0 ? targetOf(parts.slice(0, count - 1), words) : null
    if (target !== null) return followed(root, [target, ...parts.slice(count)].join('/'), links - 1)
    return { because: part === path ? LEADS_OUT : `${toText(part)} is ${LEADS_OUT}` }
  }
  return path
}

/** What a link says; null of all else. */
function linkAt(path: Buffer): ByteString | null {
  try {
    return lstatSync(path).isSymbolicLink() ? fromBytes(readlinkSync(path, { encoding: 'buffer' })) : null
  } catch {
    // Not there, or below something that is no directory: reading it will say so.
    return null
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
