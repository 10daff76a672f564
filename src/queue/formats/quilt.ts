/** quilt(1): a series file, one patch per line, beside its patches. */
import { type ByteString, fromBytes } from '../../model/bytes.ts'
import { baseName } from '../../model/paths.ts'
import { directoryOf, isUnread, joinPath, kindAt, type QueuePlace } from '../files.ts'
import { MAX_SERIES } from '../limits.ts'
import type { QueueFormat } from './format.ts'
import { isMailboxAt } from './mbox.ts'
import { looksLikePatch, readSeriesFile } from './series-listing.ts'
import { writeSeries } from './write-series.ts'

/** So many lines of a file are looked at. */
const LOOKED_AT = 200

/** Where a directory may have its series. */
const PLACES = ['series', 'patches/series', 'debian/patches/series']

export const quilt: QueueFormat = {
  name: 'quilt',
  find: async (place) => (place.kind === 'file' ? findNamed(place) : findIn(place)),
  read: (files, list, options) => {
    return readSeriesFile(files, list, { format: 'quilt', directory: directoryOf(list), wantsAll: false, ...options })
  },
  write: writeSeries,
}

/** A file is a series by its name, or where each of its lines may name a patch. */
async function findNamed({ files, path }: QueuePlace): Promise<ByteString | null> {
  if (await isMailboxAt(files, path)) return null
  const read = await files.read(path, MAX_SERIES)
  const name = baseName(path)
  // What is wrong with it is said by the reader.
  if (isUnread(read)) return /^series/.test(name) ? path : null
  const text = fromBytes(read)
  if (/^%PDF|^\s*<(?:!doctype|html|\?xml)/i.test(text)) return null
  // What its directory would take is taken, and a line with a NUL in it is refused by name.
  if (text.includes('\0') && name !== 'series') return null
  return /^series(?:[._-]|$)/.test(name) || looksLikeSeries(text) ? path : null
}

/**
 * Whether its first lines are names, with options and comments behind them, and one of them looks
 * like that of a patch. A patch itself is taken, too, so that the reader can say what it is.
 */
function looksLikeSeries(text: ByteString): boolean {
  const lines = text
    .split('\n')
    .slice(0, LOOKED_AT)
    .map((line) => line.trim())
  const entries = lines.filter((line) => line !== '' && !line.startsWith('#'))
  if (looksLikePatch(text)) return true
  const isEntry = (line: ByteString) =>
    /^(?:[+-]\S+[ \t]+)*[^\s=(){}"'`;<>]+(?:[ \t]+-\S+(?:[ \t]+\d)?)*(?:[ \t]+#.*)?$/.test(line)
  return (
    entries.every(isEntry) &&
    lines.some((line) => /\S+\.(?:patch|diff|dpatch)\b|(?:^|\/)[\w.-]*-?fix[\w.-]*$/.test(line))
  )
}

async function findIn({ files, path }: QueuePlace): Promise<ByteString | null> {
  for (const place of PLACES) if ((await kindAt(files, joinPath(path, place))) !== null) return joinPath(path, place)
  return null
}
