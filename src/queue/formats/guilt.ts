/** guilt(7): the series of each branch stands in the repository, in .git/patches/BRANCH. */
import { type ByteString, toText } from '../../model/bytes.ts'
import type { Problem } from '../../model/patch.ts'
import type { KnownBase } from '../../model/queue.ts'
import type { QueueRepository } from '../../model/repository.ts'
import { directoryOf, joinPath, kindAt, type QueueFiles, type QueuePlace } from '../files.ts'
import { branchOf, textOf } from '../git-directory.ts'
import type { QueueFormat, QueueListing, ReadOptions } from './format.ts'
import { selectedGuards } from './selected-guards.ts'
import { readSeriesFile } from './series-listing.ts'
import { baseFrom } from './upstream-base.ts'
import { writeSeries } from './write-series.ts'

export const guilt: QueueFormat = {
  name: 'guilt',
  find: async (place) => (place.kind === 'file' ? findNamed(place) : findIn(place)),
  write: writeSeries,
  read,
}

async function findNamed({ files, path }: QueuePlace): Promise<ByteString | null> {
  return partsOf(files.nameOf(path)) === null ? null : path
}

/** The directory of a branch's patches, or the repository, of which HEAD names the branch. */
async function findIn({ files, path }: QueuePlace): Promise<ByteString | null> {
  const series = joinPath(path, 'series')
  if (partsOf(files.nameOf(series)) !== null && (await kindAt(files, series)) === 'file') return series
  // While patches are pushed, HEAD is on a branch "guilt/BRANCH" of guilt's own.
  const branch = (await branchOf(files, joinPath(path, '.git')))?.replace(/^guilt\//, '')
  if (branch === undefined) return null
  const found = joinPath(path, `.git/patches/${branch}/series`)
  return (await kindAt(files, found)) === 'file' ? found : null
}

/** The repository and the branch of ".git/patches/BRANCH/series"; null of another path. */
function partsOf(path: string): { repository: string; branch: string } | null {
  const [, repository, branch] = /^(.*\/\.git)\/patches\/(.+)\/[^/]+$/s.exec(path) ?? []
  return repository === undefined || branch === undefined ? null : { repository, branch }
}

async function read(files: QueueFiles, list: ByteString, options: ReadOptions): Promise<QueueListing> {
  const directory = directoryOf(list)
  const { guards, notes } = await selectedGuards(files, joinPath(directory, 'guards'), options.guards)
  const reading = { ...options, format: 'guilt', directory, wantsAll: true, guards } as const
  const listing = await readSeriesFile(files, list, reading)
  const parts = partsOf(files.nameOf(list))
  // What was copied out of a repository has its patches, and no commits.
  const isWhole = (await kindAt(files, `${list.slice(0, list.lastIndexOf('.git/'))}.git/objects`)) === 'directory'
  if (options.inRepository === undefined || parts === null || !isWhole) return { ...listing, notes }
  const pushed = ((await textOf(files, joinPath(directory, 'status'))) ?? '').split('\n')[0] ?? ''
  return await options.inRepository(parts.repository, async (repository) => {
    const found = await baseOf(repository, toText(pushed), { ...parts, source: files.nameOf(list) })
    return { ...listing, base: found.base, notes: [...notes, ...found.notes] }
  })
}

/** Below the first patch that is pushed; where none is, the branch's end. `pushed`: '' for none. */
async function baseOf(
  repository: QueueRepository,
  pushed: string,
  { branch, source }: { branch: string; source: string },
): Promise<{ base: KnownBase | null; notes: Problem[] }> {
  const end = `refs/heads/${branch}`
  const below = pushed === '' ? end : `refs/patches/${branch}/${pushed}^`
  // On a branch of its own guilt leaves the other one where it was.
  const hasOwn = (await repository.resolve(`refs/heads/guilt/${branch}`)) !== null
  const start = (await repository.resolve(below)) ?? (hasOwn ? await repository.resolve(end) : null)
  if (start === null) return { base: null, notes: [] }
  return await baseFrom(repository, start, {
    source,
    said: `the commit below the patches, ${start.slice(0, 12)},`,
    found: 'stack',
  })
}
