/** Files that are held in memory: those of an archive. */
import { type ByteString, toText } from '../model/bytes.ts'
import type { FileEntry, QueueFiles } from './files.ts'

/** A file that was read whole; `name`: how a person names it. */
export interface NamedBytes {
  name: string
  bytes: Uint8Array
}

/** What is no regular file has no bytes. */
export type Member = { kind: 'file'; bytes: Uint8Array } | { kind: 'link' | 'other' }

/** `name`: how a person names what holds them. The directories are those of the paths. */
export function archiveFiles(members: ReadonlyMap<ByteString, Member>, name: string): QueueFiles {
  const directories = new Map<ByteString, Map<ByteString, FileEntry['kind']>>([['', new Map()]])
  for (const [path, { kind }] of members) {
    const parts = path.split('/')
    for (const [depth, part] of parts.entries()) {
      const above = parts.slice(0, depth).join('/')
      const entries = directories.get(above) ?? new Map<ByteString, FileEntry['kind']>()
      directories.set(above, entries.set(part, depth === parts.length - 1 ? kind : 'directory'))
    }
  }
  return {
    list: async (directory) => {
      const entries = [...(directories.get(directory) ?? [])].map(([entry, kind]) => ({ name: entry, kind }))
      const sorted = entries.sort((one, other) => (one.name < other.name ? -1 : 1))
      return directories.has(directory) ? sorted : null
    },
    read: async (path, limit) => {
      const member = members.get(path)
      if (!member) return { because: 'no such file' }
      if (member.kind !== 'file') return { because: member.kind === 'link' ? 'a symbolic link' : 'not a regular file' }
      return member.bytes.length > limit ? { because: `larger than ${limit >> 20} MiB` } : member.bytes
    },
    nameOf: (path) => `${name}:${toText(path)}`,
  }
}
