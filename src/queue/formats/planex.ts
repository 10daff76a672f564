/**
 * planex (XenServer): patches/series beside a spec, whose `package_srccommit` is the base. A file
 * NAME.lnk beside a spec adds a patch queue to the spec's own patches.
 */
import { UserError } from '../../errors.ts'
import { type ByteString, fromBytes, toText } from '../../model/bytes.ts'
import { baseName } from '../../model/paths.ts'
import { directoryOf, fileNamesIn, isUnread, joinPath, kindAt, type QueueFiles, type QueuePlace } from '../files.ts'
import { MAX_SERIES } from '../limits.ts'
import type { QueueFormat, QueueListing } from './format.ts'
import { readSeriesFile } from './series-listing.ts'
import { packageFilesOf, specFilesOf } from './spec/package-files.ts'
import { readSpec } from './spec/read-spec.ts'
import type { Spec } from './spec/spec.ts'
import { listingOf } from './spec/spec-listing.ts'
import { writeSeries } from './write-series.ts'

/** The directories that hold the series; older queues have it in the one that their link names. */
const DIRECTORIES = ['patches', 'master']
/** What only planex's specs name. */
const OF_PLANEX = /^%(?:global|define)\s+(?:package_srccommit|base_cset)\b/m

export const planex: QueueFormat = {
  name: 'planex',
  find: (place) => (place.kind === 'file' ? findNamed(place) : findIn(place)),
  read: async (files, list, options) => {
    if (!list.endsWith('/series') && list !== 'series') return refuseLink(files, list)
    const directory = directoryOf(directoryOf(list))
    const listing = await readSeriesFile(files, list, {
      format: 'planex',
      directory: directoryOf(list),
      wantsAll: false,
      ...options,
    })
    const path = await specIn(files, directory)
    if (path === null) return listing
    const { spec, found } = await specAt(files, path)
    const own = listingOf(spec, { format: 'planex', list: path, found })
    return joined(own, listing)
  },
  write: writeSeries,
}

/** The patch queue is appended to the patches of the spec (planex-extract). */
function joined(own: QueueListing, listing: QueueListing): QueueListing {
  return {
    ...listing,
    patches: [...own.patches, ...listing.patches],
    disabled: [...own.disabled, ...listing.disabled],
    base: own.base,
    notes: [...own.notes, ...listing.notes],
  }
}

async function specAt(
  files: QueueFiles,
  path: ByteString,
): Promise<{ spec: Spec; found: ReadonlyMap<ByteString, ByteString> }> {
  const read = await files.read(path, MAX_SERIES)
  if (isUnread(read)) throw new UserError(`${files.nameOf(path)}: ${read.because}`, 'put the spec there')
  const found = await packageFilesOf(files, path)
  const spec = await readSpec(toText(baseName(path)), fromBytes(read), specFilesOf(files, found, path))
  return { spec, found }
}

/** The series itself, a spec that a link stands beside, or the link. */
async function findNamed({ files, path }: QueuePlace): Promise<ByteString | null> {
  if (path.endsWith('.lnk')) return (await addsQueue(files, path)) ? path : null
  const directory = directoryOf(path)
  if (path.endsWith('.spec')) {
    const link = path.replace(/\.spec$/, '.lnk')
    if (await addsQueue(files, link)) return link
    return isQueue(files, directory, path)
  }
  const isSeries = DIRECTORIES.includes(baseName(directory)) && baseName(path) === 'series'
  const spec = isSeries ? await specIn(files, directoryOf(directory)) : null
  return spec !== null && (await namesCommit(files, spec)) ? path : null
}

async function findIn({ files, path }: QueuePlace): Promise<ByteString | null> {
  const above = DIRECTORIES.includes(baseName(path)) ? directoryOf(path) : path
  const spec = await specIn(files, above)
  if (spec !== null) return isQueue(files, above, spec)
  for (const directory of [path, joinPath(path, 'SPECS')]) {
    const links = (await fileNamesIn(files, directory)).filter((name) => name.endsWith('.lnk'))
    for (const name of links) if (await addsQueue(files, joinPath(directory, name))) return joinPath(directory, name)
  }
  return null
}

/** The series of a directory, where its spec is one of planex. */
async function isQueue(files: QueueFiles, directory: ByteString, spec: ByteString): Promise<ByteString | null> {
  if (!(await namesCommit(files, spec))) return null
  for (const name of DIRECTORIES) {
    const series = joinPath(directory, `${name}/series`)
    if ((await kindAt(files, series)) === 'file') return series
  }
  return null
}

async function specIn(files: QueueFiles, directory: ByteString): Promise<ByteString | null> {
  const specs = (await fileNamesIn(files, directory)).filter((name) => name.endsWith('.spec'))
  return specs.length === 1 ? joinPath(directory, specs[0] ?? '') : null
}

async function namesCommit(files: QueueFiles, spec: ByteString): Promise<boolean> {
  const read = await files.read(spec, MAX_SERIES)
  return !isUnread(read) && OF_PLANEX.test(fromBytes(read))
}

/** The address of the patch queue that a link adds; null where it adds none. */
async function addressIn(files: QueueFiles, link: ByteString): Promise<string | null> {
  const read = await files.read(link, MAX_SERIES)
  if (isUnread(read)) return null
  const [, address = null] = /"PatchQueue\d*"\s*:\s*\{[^{}]*?"URL"\s*:\s*"([^"]*)"/.exec(fromBytes(read)) ?? []
  return address === null ? null : toText(address)
}

async function addsQueue(files: QueueFiles, link: ByteString): Promise<boolean> {
  return (await addressIn(files, link)) !== null
}

/** @throws UserError: the queue that a link adds is not here, and the rest is not the whole. */
async function refuseLink(files: QueueFiles, link: ByteString): Promise<never> {
  const address = await addressIn(files, link)
  throw new UserError(
    `${files.nameOf(link)} adds the patch queue of ${address} to the patches of the spec, and it is not here`,
    'get that queue, and name its directory with --queue; --format rpm reads the patches of the spec alone',
  )
}
