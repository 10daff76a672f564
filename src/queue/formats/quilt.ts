/** quilt(1): a series file, one patch per line, beside its patches. */
import type { ByteString } from '../../model/bytes.ts'
import { directoryOf, joinPath, kindAt, type QueuePlace } from '../files.ts'
import type { QueueFormat } from './format.ts'
import { isMailboxAt } from './mbox.ts'
import { readSeriesFile } from './series-listing.ts'
import { writeSeries } from './write-series.ts'

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

/** What a person names as a series is one, whatever it is called: unless it shows that it is none. */
async function findNamed({ files, path }: QueuePlace): Promise<ByteString | null> {
  return (await isMailboxAt(files, path)) ? null : path
}

async function findIn({ files, path }: QueuePlace): Promise<ByteString | null> {
  for (const place of PLACES) if ((await kindAt(files, joinPath(path, place))) !== null) return joinPath(path, place)
  return null
}
