/** The files of a git repository that say what its branches are (gitrepository-layout(5)). */
import { type ByteString, fromBytes } from '../model/bytes.ts'
import { unsafePath } from '../model/paths.ts'
import { isUnread, joinPath, kindAt, type QueueFiles, type QueuePlace } from './files.ts'
import { MAX_SERIES } from './limits.ts'

/** Where a repository's own files are; null where a place is no repository. */
export async function gitDirectoryAt({ files, path, kind }: QueuePlace): Promise<ByteString | null> {
  if (kind !== 'directory') return null
  for (const directory of [joinPath(path, '.git'), path])
    if ((await kindAt(files, joinPath(directory, 'HEAD'))) === 'file') return directory
  return null
}

/** The branch that HEAD names, "main"; null where it names none, or one that no file can be called by. */
export async function branchOf(files: QueueFiles, gitDirectory: ByteString): Promise<ByteString | null> {
  const [, branch] = /^ref: refs\/heads\/(.+)$/m.exec((await textOf(files, joinPath(gitDirectory, 'HEAD'))) ?? '') ?? []
  return branch === undefined || unsafePath(branch) !== null ? null : branch
}

/** Whether a ref is there, "refs/stacks/main", in a file of its own or among the packed ones. */
export async function hasRef(files: QueueFiles, gitDirectory: ByteString, ref: ByteString): Promise<boolean> {
  if (unsafePath(ref) !== null) return false
  if ((await kindAt(files, joinPath(gitDirectory, ref))) === 'file') return true
  const packed = await textOf(files, joinPath(gitDirectory, 'packed-refs'))
  return packed?.split('\n').some((line) => line.slice(line.indexOf(' ') + 1) === ref) ?? false
}

/** A small file; null where it cannot be had. */
export async function textOf(files: QueueFiles, path: ByteString): Promise<ByteString | null> {
  const read = await files.read(path, MAX_SERIES)
  return isUnread(read) ? null : fromBytes(read)
}
