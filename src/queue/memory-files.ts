/** Files that were unpacked, in memory: those of a source package. */
import { type ByteString, toText } from '../model/bytes.ts'
import type { QueueFiles } from './files.ts'

/** The files of one directory, by name. `container`: how a person names what they were in. */
export function memoryFiles(contents: ReadonlyMap<ByteString, Uint8Array>, container: string): QueueFiles {
  return {
    list: async (directory) => {
      if (directory !== '') return null
      return [...contents.keys()].sort().map((name) => ({ name, kind: 'file' }))
    },
    read: async (path, limit) => {
      const found = contents.get(path)
      if (!found) return { because: 'no such file' }
      return found.length > limit ? { because: `larger than ${limit >> 20} MiB` } : found
    },
    nameOf: (path) => (path === '' ? container : `${container}:${toText(path)}`),
  }
}
