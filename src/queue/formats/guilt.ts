/** guilt(7): the series of each branch stands in the repository, in .git/patches/BRANCH. */
import { type ByteString, fromBytes } from '../../model/bytes.ts'
import { unsafePath } from '../../model/paths.ts'
import { directoryOf, isUnread, joinPath, kindAt, type QueueFiles, type QueuePlace } from '../files.ts'
import type { QueueFormat } from './format.ts'
import { readSeriesFile } from './series-listing.ts'
import { writeSeries } from './write-series.ts'

export const guilt: QueueFormat = {
  name: 'guilt',
  find: async (place) => (place.kind === 'file' ? findNamed(place) : findIn(place)),
  read: (files, list, options) => {
    return readSeriesFile(files, list, { format: 'guilt', directory: directoryOf(list), wantsAll: true, ...options })
  },
  write: writeSeries,
}

async function findNamed({ files, path }: QueuePlace): Promise<ByteString | null> {
  return isOfGuilt(files, path) ? path : null
}

/** The directory of a branch's patches, or the repository, of which HEAD names the branch. */
async function findIn({ files, path }: QueuePlace): Promise<ByteString | null> {
  const series = joinPath(path, 'series')
  if (isOfGuilt(files, series) && (await kindAt(files, series)) !== null) return series
  const head = await files.read(joinPath(path, '.git/HEAD'), 4096)
  if (isUnread(head)) return null
  const [, branch] = /^ref: refs\/heads\/(.+)$/m.exec(fromBytes(head)) ?? []
  if (branch === undefined || unsafePath(branch) !== null) return null
  const found = joinPath(path, `.git/patches/${branch}/series`)
  return (await kindAt(files, found)) === null ? null : found
}

function isOfGuilt(files: QueueFiles, path: ByteString): boolean {
  return files.nameOf(path).includes('/.git/patches/')
}
