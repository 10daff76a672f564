/**
 * Debian source packages (dpkg-source(1)): a tree with debian/, that folder alone, or a .dsc with
 * its files. What is in them is read, and never run.
 */
import { UserError } from '../../errors.ts'
import type { ByteString } from '../../model/bytes.ts'
import { baseName } from '../../model/paths.ts'
import { directoryOf, fileNamesIn, joinPath, kindAt, type QueueFiles, type QueuePlace } from '../files.ts'
import { readPackage } from './debian/package.ts'
import { baseInChangelog, isSeriesName, readTree, refuseFormat, seriesOf, sourceFormatOf } from './debian/tree.ts'
import type { ListEdits, QueueFormat } from './format.ts'
import { writeSeries } from './write-series.ts'

export const debian: QueueFormat = {
  name: 'debian',
  find: async (place) => (place.kind === 'file' ? findNamed(place) : findIn(place)),
  read: async (files, list, options) => {
    if (list.endsWith('.dsc')) return await readPackage(files, list, options)
    const isSeries = isSeriesName(baseName(list))
    const directory = directoryOf(isSeries ? directoryOf(list) : list)
    const format = await sourceFormatOf(files, directory)
    refuseFormat(format, files.nameOf(directory))
    const listing = await readTree(files, { debian: directory, series: isSeries ? list : null, format }, options)
    return { ...listing, base: await baseInChangelog(files, directory) }
  },
  write: writeDebian,
}

/** A .dsc, or a series of debian/patches: also one that dpkg-source would not take. */
async function findNamed({ files, path }: QueuePlace): Promise<ByteString | null> {
  if (path.endsWith('.dsc')) return path
  const patches = directoryOf(path)
  const isListed = isSeriesName(baseName(path)) && baseName(patches) === 'patches'
  return isListed && (await isPackaging(files, directoryOf(patches))) ? path : null
}

/** The series, or the folder of patches that lacks one; else the only .dsc of a directory. */
async function findIn({ files, path }: QueuePlace): Promise<ByteString | null> {
  const above = baseName(path) === 'patches' ? directoryOf(path) : path
  for (const place of [joinPath(path, 'debian'), above]) {
    if (!(await isPackaging(files, place))) continue
    return (await seriesOf(files, place)) ?? joinPath(place, 'patches')
  }
  const controls = (await fileNamesIn(files, path)).filter((name) => name.endsWith('.dsc'))
  return controls.length === 1 ? joinPath(path, controls[0] ?? '') : null
}

/** A folder debian/ with patches. */
async function isPackaging(files: QueueFiles, place: ByteString): Promise<boolean> {
  if (baseName(place) !== 'debian') return false
  const names = await fileNamesIn(files, place)
  const isNamed = names.includes('changelog') || names.includes('control')
  return isNamed && (await kindAt(files, joinPath(place, 'patches'))) === 'directory'
}

/** @throws UserError where the package is packed: dpkg-source(1) makes it anew. */
function writeDebian(text: ByteString, edits: ListEdits): ByteString {
  if (!/^(?:Format|Source): /m.test(text)) return writeSeries(text, edits)
  throw new UserError(
    'a packed source package cannot be written',
    'unpack it with "dpkg-source --extract" and its name, and try the queue of the tree',
  )
}
