/** RPM: a spec beside its patches, SPECS beside SOURCES, or a package of sources. */
import { UserError } from '../../errors.ts'
import { type ByteString, fromBytes, toText } from '../../model/bytes.ts'
import { baseName } from '../../model/paths.ts'
import { directoryOf, fileNamesIn, isUnread, joinPath, type QueueFiles, type QueuePlace } from '../files.ts'
import { MAX_PACKAGE, MAX_SERIES } from '../limits.ts'
import { memoryFiles } from '../memory-files.ts'
import type { QueueFormat, QueueListing } from './format.ts'
import { packageFilesOf, specFilesOf } from './spec/package-files.ts'
import { readSpec } from './spec/read-spec.ts'
import { filesOfPackage, isPackage } from './spec/source-package.ts'
import { listingOf, refuseUnapplied } from './spec/spec-listing.ts'
import { writeSpec } from './spec/write-spec.ts'

export const rpm: QueueFormat = {
  name: 'rpm',
  find: (place) => (place.kind === 'file' ? findNamed(place) : findIn(place)),
  read: async (files, list) => {
    const read = await files.read(list, MAX_PACKAGE)
    if (isUnread(read)) return readDirectory(files, list)
    return isPackage(read) ? readPackage(read, files.nameOf(list)) : readSpecFile(files, list, read)
  },
  write: writeSpec,
}

async function findNamed({ files, path }: QueuePlace): Promise<ByteString | null> {
  if (/\.(?:spec|src\.rpm|nosrc\.rpm)$/.test(path)) return path
  const read = await files.read(path, MAX_SERIES)
  if (isUnread(read)) return null
  const isSpec = /^Name\s*:/im.test(fromBytes(read)) && /^%prep\b/m.test(fromBytes(read))
  return isPackage(read) || isSpec ? path : null
}

/** The spec of a directory, of SPECS in it or beside it; the directory where there are several. */
async function findIn({ files, path }: QueuePlace): Promise<ByteString | null> {
  const isSources = baseName(path) === 'SOURCES'
  const places = [path, joinPath(path, 'SPECS'), ...(isSources ? [joinPath(directoryOf(path), 'SPECS')] : [])]
  for (const place of places) {
    const specs = await specsWithPatches(files, place)
    if (specs.length > 0) return specs.length === 1 ? (specs[0] ?? null) : path
  }
  const packages = (await fileNamesIn(files, path)).filter((name) => name.endsWith('.src.rpm'))
  if (packages.length === 0) return null
  return packages.length === 1 ? joinPath(path, packages[0] ?? '') : path
}

async function specsWithPatches(files: QueueFiles, directory: ByteString): Promise<ByteString[]> {
  const specs: ByteString[] = []
  for (const name of (await fileNamesIn(files, directory)).filter((found) => found.endsWith('.spec'))) {
    const read = await files.read(joinPath(directory, name), MAX_SERIES)
    if (!isUnread(read) && /^\s*(?:patch\d*\s*:|%patchlist|%include)/im.test(fromBytes(read)))
      specs.push(joinPath(directory, name))
  }
  return specs
}

/** @throws UserError: a directory is named where it holds more than one. */
async function readDirectory(files: QueueFiles, list: ByteString): Promise<never> {
  const specs = [list, joinPath(list, 'SPECS')].map((place) => fileNamesIn(files, place))
  const names = (await Promise.all(specs)).flat().filter((name) => /\.(?:spec|src\.rpm)$/.test(name))
  throw new UserError(
    `${files.nameOf(list)} holds more than one spec: ${names.slice(0, 5).map(toText).join(', ')}`,
    'name the one that is meant with --queue',
  )
}

async function readSpecFile(files: QueueFiles, list: ByteString, read: Uint8Array): Promise<QueueListing> {
  const name = files.nameOf(list)
  if (read.length > MAX_SERIES) throw new UserError(`${name}: larger than ${MAX_SERIES >> 20} MiB`, 'name a spec')
  const found = await packageFilesOf(files, list)
  const spec = await readSpec(toText(baseName(list)), fromBytes(read), specFilesOf(files, found, list))
  if (spec.applied.length === 0) {
    refuseUnapplied(spec, name)
    throw new UserError(`${name} lists no patch`, 'a spec lists them as "Patch1: NAME", or below %patchlist')
  }
  return listingOf(spec, { format: 'rpm', list, found })
}

async function readPackage(bytes: Uint8Array, name: string): Promise<QueueListing> {
  const contents = await filesOfPackage(bytes, name)
  const specs = [...contents.keys()].filter((file) => file.endsWith('.spec'))
  const [spec] = specs
  const text = spec === undefined ? undefined : contents.get(spec)
  if (spec === undefined || text === undefined || specs.length > 1)
    throw new UserError(`${name} holds ${specs.length} specs, not one`, 'unpack it, and name the spec')
  const files = memoryFiles(contents, name)
  return { ...(await readSpecFile(files, spec, text)), archive: { files, list: spec } }
}
