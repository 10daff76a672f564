/** The files of a small tar archive, read into memory (tar(5)). */
import { extract } from 'tar-stream'
import { UserError } from '../errors.ts'
import { type ByteString, fromBytes, toText } from '../model/bytes.ts'
import { unsafePath } from '../model/paths.ts'
import type { Member, NamedBytes } from './archive-files.ts'

/** More files than any packaging has. */
const MAX_MEMBERS = 100_000

/**
 * By their paths, without "./" in front; a link is a member without bytes, and leads nowhere.
 *
 * @throws UserError where it is damaged, or a member leaves the place that it would be unpacked in.
 */
export async function tarMembers({ name, bytes }: NamedBytes): Promise<Map<ByteString, Member>> {
  const members = new Map<ByteString, Member>()
  const archive = extract()
  archive.end(bytes)
  try {
    for await (const entry of archive) {
      const chunks: Buffer[] = []
      for await (const chunk of entry) chunks.push(chunk as Buffer)
      const { type, size = 0 } = entry.header
      const path = pathOf(entry.header.name)
      if (path === '' || type === 'directory') continue
      const unsafe = unsafePath(path)
      if (unsafe !== null) throw refused(name, path, unsafe)
      const content = Buffer.concat(chunks)
      if (type === 'file' && content.length !== size) throw cut(name)
      members.set(path, memberOf(type, content))
      if (members.size > MAX_MEMBERS) throw new UserError(`${name} has more than ${MAX_MEMBERS} files`, 'is it meant?')
    }
  } catch (error) {
    if (error instanceof UserError) throw error
    throw cut(name)
  }
  return members
}

function pathOf(name: string): ByteString {
  return fromBytes(Buffer.from(name))
    .replace(/^(?:\.\/+)+/, '')
    .replace(/^\.$/, '')
}

function memberOf(type: string | null | undefined, bytes: Uint8Array): Member {
  if (type === 'file' || type === 'contiguous-file') return { kind: 'file', bytes }
  return { kind: type === 'symlink' || type === 'link' ? 'link' : 'other' }
}

function refused(name: string, path: ByteString, why: string): UserError {
  return new UserError(`${name}: its member ${toText(path)} is refused: ${why}`, 'find out who put it there')
}

function cut(name: string): UserError {
  return new UserError(`${name} is no whole tar archive`, 'get the file anew')
}
