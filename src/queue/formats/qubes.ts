/**
 * Qubes OS: `version` and `rel` beside a spec whose text awaits them; before 2018 beside series.conf
 * and its sisters for other packages.
 */
import { UserError } from '../../errors.ts'
import { type ByteString, fromBytes, toText } from '../../model/bytes.ts'
import { baseName } from '../../model/paths.ts'
import { directoryOf, fileNamesIn, isUnread, joinPath, kindAt, type QueueFiles, type QueuePlace } from '../files.ts'
import { MAX_SERIES } from '../limits.ts'
import type { QueueFormat, QueueListing, ReadOptions } from './format.ts'
import { readSeriesFile } from './series-listing.ts'
import { packageFilesOf, specFilesOf } from './spec/package-files.ts'
import { readSpec } from './spec/read-spec.ts'
import { listingOf, refuseUnapplied } from './spec/spec-listing.ts'
import { writeSpec } from './spec/write-spec.ts'
import { writeSeries } from './write-series.ts'

export const qubes: QueueFormat = {
  name: 'qubes',
  find: async (place) => {
    const directory = place.kind === 'file' ? directoryOf(place.path) : place.path
    if (!(await isOfQubes(place.files, directory))) return null
    return place.kind === 'file' ? (isList(baseName(place.path)) ? place.path : null) : findIn(place)
  },
  read: async (files, list, options) => {
    const read = await files.read(list, MAX_SERIES)
    if (isUnread(read)) return refuseSeveral(files, list)
    const version = await lineOf(files, joinPath(directoryOf(list), 'version'))
    const listing = list.endsWith('.conf')
      ? await readConf(files, list, options)
      : await readTemplate(files, list, fromBytes(read).replaceAll('@VERSION@', version))
    return { ...listing, base: version === '' ? null : { names: [toText(version)], listed: 'version:1' } }
  },
  write: (text, edits) => (isSpec(text) ? writeSpec(text, edits) : writeSeries(text, edits)),
}

async function isOfQubes(files: QueueFiles, directory: ByteString): Promise<boolean> {
  const kinds = await Promise.all(['version', 'rel'].map((name) => kindAt(files, joinPath(directory, name))))
  return kinds.every((kind) => kind === 'file')
}

function isList(name: ByteString): boolean {
  return /\.spec(?:\.in)?$|^series(?:-[\w-]+)?\.conf$/.test(name)
}

/** The spec that lists patches, else series.conf; the directory where it has others only. */
async function findIn({ files, path }: QueuePlace): Promise<ByteString | null> {
  const names = (await fileNamesIn(files, path)).filter(isList)
  for (const name of names.filter((one) => one.endsWith('.spec.in'))) {
    const read = await files.read(joinPath(path, name), MAX_SERIES)
    if (!isUnread(read) && /^\s*patch\d*\s*:/im.test(fromBytes(read))) return joinPath(path, name)
  }
  const confs = names.filter((name) => name.endsWith('.conf'))
  if (confs.includes('series.conf')) return joinPath(path, 'series.conf')
  if (confs.length === 0) return null
  return confs.length === 1 ? joinPath(path, confs[0] ?? '') : path
}

/** @throws UserError: a directory is named where none of its lists is the first. */
async function refuseSeveral(files: QueueFiles, list: ByteString): Promise<never> {
  const names = (await fileNamesIn(files, list)).filter(isList)
  throw new UserError(
    `${files.nameOf(list)} holds more than one list of patches: ${names.map(toText).join(', ')}`,
    'name the one that is meant with --queue',
  )
}

async function readConf(files: QueueFiles, list: ByteString, options: ReadOptions): Promise<QueueListing> {
  const directory = directoryOf(list)
  const listing = await readSeriesFile(files, list, { format: 'qubes', directory, wantsAll: false, ...options })
  const sisters = (await fileNamesIn(files, directory)).filter((name) => isList(name) && name.endsWith('.conf'))
  const others = sisters.filter((name) => name !== baseName(list)).map(toText)
  if (others.length === 0) return listing
  const note = {
    file: files.nameOf(list),
    line: null,
    message: `beside it stand ${others.join(', ')}, which are not read`,
    hint: 'they are the queues of other packages; name one with --queue',
  }
  return { ...listing, notes: [...listing.notes, note] }
}

/** The text of a spec in which the version is put in already. */
async function readTemplate(files: QueueFiles, list: ByteString, text: ByteString): Promise<QueueListing> {
  const rel = await lineOf(files, joinPath(directoryOf(list), 'rel'))
  const found = await packageFilesOf(files, list)
  const whole = text.replaceAll('@REL@', rel)
  const spec = await readSpec(toText(baseName(list)), whole, specFilesOf(files, found, list))
  if (spec.applied.length === 0) refuseUnapplied(spec, files.nameOf(list))
  return listingOf(spec, { format: 'qubes', list, found })
}

/** The first line of a small file; empty where there is none. */
async function lineOf(files: QueueFiles, path: ByteString): Promise<ByteString> {
  const read = await files.read(path, 4096)
  return isUnread(read) ? '' : (fromBytes(read).trim().split('\n')[0] ?? '').trim()
}

function isSpec(text: ByteString): boolean {
  return /^Patch\d*\s*:/im.test(text)
}
