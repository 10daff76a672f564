/** Where a spec stands, and where the files are that it names. */
import { type ByteString, fromBytes } from '../../../model/bytes.ts'
import { baseName } from '../../../model/paths.ts'
import { directoryOf, fileNamesIn, isUnread, joinPath, type QueueFiles } from '../../files.ts'
import { MAX_SERIES } from '../../limits.ts'
import type { SpecFiles } from './read-spec.ts'
import { sourceNamed } from './spec.ts'

/** The files of a package, by name: the directory of each. */
export type PackageFiles = ReadonlyMap<ByteString, ByteString>

/**
 * rpmbuild(8) has SPECS beside SOURCES; most repositories have all in one directory, some a
 * directory of the package's name in SOURCES. The first place that has a file of a name counts.
 */
export async function packageFilesOf(files: QueueFiles, spec: ByteString): Promise<PackageFiles> {
  const directory = directoryOf(spec)
  const above = baseName(directory) === 'SPECS' ? directoryOf(directory) : directory
  const sources = joinPath(above, 'SOURCES')
  const own = joinPath(sources, baseName(spec).replace(/\.spec(?:\.in)?$/, ''))
  const found = new Map<ByteString, ByteString>()
  for (const place of [sources, own, directory])
    for (const name of await fileNamesIn(files, place)) if (!found.has(name)) found.set(name, place)
  return found
}

/** What the reader of specs needs of them. `spec`: the file that is read. */
export function specFilesOf(files: QueueFiles, found: PackageFiles, spec: ByteString): SpecFiles {
  return {
    names: [...found.keys()].sort(),
    include: async (path) => {
      const name = sourceNamed(path) ?? path.replace(/^\.\//, '')
      const directory = found.get(name) ?? directoryOf(spec)
      if (name.includes('/') || name === '..') return null
      const read = await files.read(joinPath(directory, name), MAX_SERIES)
      return isUnread(read) ? null : { file: name, text: fromBytes(read) }
    },
  }
}
