/** Mercurial queues (hg help mq): .hg/patches/series, one patch a line, with guards behind it. */
import type { ByteString } from '../../model/bytes.ts'
import { baseName, unsafePath } from '../../model/paths.ts'
import { directoryOf, joinPath, kindAt, type QueueFiles, type QueuePlace } from '../files.ts'
import { textOf } from '../git-directory.ts'
import type { QueueFormat, QueueListing, ReadOptions } from './format.ts'
import { selectedGuards } from './selected-guards.ts'
import { readSeriesFile } from './series-listing.ts'
import { writeSeries } from './write-series.ts'

export const hg: QueueFormat = { name: 'hg', find, read, write: writeSeries }

/** The series itself, the directory of a queue, or the repository, with the queue that is active. */
async function find({ files, path, kind }: QueuePlace): Promise<ByteString | null> {
  if (kind === 'file') return isOfHg(files, directoryOf(path)) && baseName(path) === 'series' ? path : null
  if (isOfHg(files, path)) return await seriesIn(files, path)
  const active = (await textOf(files, joinPath(path, '.hg/patches.queue')))?.trim() ?? ''
  // hg help qqueue: every queue but the first has a directory of its own.
  const directory = `.hg/patches${active === '' || active === 'patches' ? '' : `-${active}`}`
  return unsafePath(directory) === null ? await seriesIn(files, joinPath(path, directory)) : null
}

function isOfHg(files: QueueFiles, directory: ByteString): boolean {
  return /\/\.hg\/patches(?:-[^/]+)?$/.test(files.nameOf(directory))
}

async function seriesIn(files: QueueFiles, directory: ByteString): Promise<ByteString | null> {
  const series = joinPath(directory, 'series')
  return (await kindAt(files, series)) === 'file' ? series : null
}

async function read(files: QueueFiles, list: ByteString, options: ReadOptions): Promise<QueueListing> {
  const directory = directoryOf(list)
  const { guards, notes } = await selectedGuards(files, joinPath(directory, 'guards'), options.guards)
  const reading = { ...options, format: 'hg', directory, wantsAll: false, guards } as const
  return { ...(await readSeriesFile(files, list, reading)), notes }
}
