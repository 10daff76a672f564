/** The files among which a queue is: of a directory on disk, or of a commit's tree. */
import type { ByteString } from '../model/bytes.ts'
import { baseName } from '../model/paths.ts'

export interface FileEntry {
  name: ByteString
  kind: 'file' | 'directory' | 'link' | 'other'
}

/**
 * Paths are bytes, relative to the top of what may be read, with "/" between; '' is the top itself.
 * Nothing outside is ever read: a symbolic link is followed where it stays below the top.
 */
export interface QueueFiles {
  /** What a directory holds, sorted by name; null where there is none. */
  list: (directory: ByteString) => Promise<FileEntry[] | null>
  /** The content of a regular file of at most `limit` bytes, or why it cannot be had, in words. */
  read: (path: ByteString, limit: number) => Promise<Uint8Array | Unread>
  /** How a person names a file: its path on disk, or "COMMIT:path". */
  nameOf: (path: ByteString) => string
}

/** Why a file cannot be had: "no such file", "a symbolic link". */
export interface Unread {
  because: string
}

/** What a person named as the queue. */
export interface QueuePlace {
  files: QueueFiles
  /** The file or directory among them; '' is the top. */
  path: ByteString
  kind: 'file' | 'directory'
  /** What was named of a repository, behind "#": "v1.0..main", "main"; null where nothing was. */
  range: ByteString | null
}

export function isUnread(read: Uint8Array | Unread): read is Unread {
  return !(read instanceof Uint8Array)
}

/** "a/b" of 'a' and 'b'; the name alone at the top. */
export function joinPath(directory: ByteString, name: ByteString): ByteString {
  return directory === '' ? name : `${directory}/${name}`
}

/** "a/b" of a/b/c; '' of what stands at the top. */
export function directoryOf(path: ByteString): ByteString {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : ''
}

/** How a path is written from a directory: "a/b", "../c". */
export function pathFrom(directory: ByteString, path: ByteString): ByteString {
  if (directory === '') return path
  if (path.startsWith(`${directory}/`)) return path.slice(directory.length + 1)
  return `../${pathFrom(directoryOf(directory), path)}`
}

/** What stands at a path; null where nothing does. */
export async function kindAt({ list }: QueueFiles, path: ByteString): Promise<FileEntry['kind'] | null> {
  if (path === '') return 'directory'
  const entries = await list(directoryOf(path))
  return entries?.find(({ name }) => name === baseName(path))?.kind ?? null
}

/** The names of the regular files of a directory, sorted; none where it is not there. */
export async function fileNamesIn({ list }: QueueFiles, directory: ByteString): Promise<ByteString[]> {
  const entries = (await list(directory)) ?? []
  return entries.filter(({ kind }) => kind === 'file').map(({ name }) => name)
}
