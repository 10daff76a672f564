/** SUSE's series.conf: patches in folders "patches.NAME", with guards in front (guards(1)). */
import { type ByteString, toText } from '../../model/bytes.ts'
import { baseName } from '../../model/paths.ts'
import type { StatedBase } from '../../model/queue.ts'
import { directoryOf, joinPath, kindAt, type QueueFiles, type QueuePlace } from '../files.ts'
import { textOf } from '../git-directory.ts'
import { parseSeries } from '../series.ts'
import type { QueueFormat, QueueListing, ReadOptions } from './format.ts'
import { readSeriesFile } from './series-listing.ts'
import { writeSeries } from './write-series.ts'

export const suse: QueueFormat = { name: 'suse', find, read, write: writeSeries }

async function find({ files, path, kind }: QueuePlace): Promise<ByteString | null> {
  const list = kind === 'file' ? path : joinPath(path, 'series.conf')
  if (!/^series.*\.conf$/.test(baseName(list)) || (await kindAt(files, list)) !== 'file') return null
  const { entries } = parseSeries((await textOf(files, list)) ?? '')
  return entries.some(({ name }) => /^patches\.[^/]+\/./.test(name)) ? list : null
}

async function read(files: QueueFiles, list: ByteString, options: ReadOptions): Promise<QueueListing> {
  const directory = directoryOf(list)
  const listing = await readSeriesFile(files, list, { ...options, format: 'suse', directory, wantsAll: false })
  return { ...listing, base: await statedBase(files, directory) }
}

/** kernel-source says the release that it packages in rpm/config.sh. */
async function statedBase(files: QueueFiles, directory: ByteString): Promise<StatedBase | null> {
  const lines = ((await textOf(files, joinPath(directory, 'rpm/config.sh'))) ?? '').split('\n')
  const line = lines.findIndex((one) => one.startsWith('SRCVERSION='))
  const [, version] = /^SRCVERSION=["']?([\w.-]{1,200})["']?\s*$/.exec(lines[line] ?? '') ?? []
  return version === undefined ? null : { names: [toText(version)], listed: `rpm/config.sh:${line + 1}` }
}
