/** What debian/ lists: in a tree, or in an archive. */
import { UserError } from '../../../errors.ts'
import { type ByteString, fromBytes, toText } from '../../../model/bytes.ts'
import type { Problem } from '../../../model/patch.ts'
import { baseName } from '../../../model/paths.ts'
import type { StatedBase } from '../../../model/queue.ts'
import { fileNamesIn, isUnread, joinPath, type QueueFiles } from '../../files.ts'
import { MAX_SERIES } from '../../limits.ts'
import type { ListedPatch, QueueListing, ReadOptions } from '../format.ts'
import { readSeriesFile } from '../series-listing.ts'
import { upstreamNames, versionInChangelog } from './version.ts'

/** Formats whose patches a series lists; the others are refused by their names. */
const WITH_SERIES = ['1.0', '2.0', '3.0 (quilt)']

/**
 * @throws UserError where the package is native, or of a format that nobody reads. `name`: of what
 * says the format.
 */
export function refuseFormat(format: string, name: string): void {
  if (WITH_SERIES.includes(format)) return
  if (format === '3.0 (native)')
    throw new UserError(
      `${name}: a native package (${format}) has no upstream, and dpkg-source applies no patches to it`,
      'there is no queue to try; name a series file itself with --format quilt',
    )
  throw new UserError(
    `${name}: the source format "${format}" is not read`,
    `read are ${WITH_SERIES.join(', ')}; of a git format name the repository`,
  )
}

/** What debian/source/format says (dpkg-source(1)); where it is missing, 1.0. */
export async function sourceFormatOf(files: QueueFiles, debian: ByteString): Promise<string> {
  const read = await files.read(joinPath(debian, 'source/format'), MAX_SERIES)
  return isUnread(read) ? '1.0' : toText(fromBytes(read).split('\n')[0] ?? '').trim()
}

/** The upstream release that debian/changelog names; null where there is none. */
export async function baseInChangelog(files: QueueFiles, debian: ByteString): Promise<StatedBase | null> {
  const newest = await newestEntry(files, debian)
  return newest && { names: upstreamNames(newest.version), listed: `debian/changelog:${newest.line}` }
}

async function newestEntry(files: QueueFiles, debian: ByteString) {
  const read = await files.read(joinPath(debian, 'changelog'), MAX_CHANGELOG)
  return isUnread(read) ? null : versionInChangelog(fromBytes(read))
}

const MAX_CHANGELOG = 64 << 20

/**
 * The series that the package's own distribution uses: "VENDOR.series" goes before "series"
 * (dpkg-source(1)). Its changelog says which distribution that is, never the machine that we run
 * on. Null where there is none.
 */
export async function seriesOf(files: QueueFiles, debian: ByteString): Promise<ByteString | null> {
  const patches = joinPath(debian, 'patches')
  const names = await fileNamesIn(files, patches)
  const newest = await newestEntry(files, debian)
  const vendor = newest && /ubuntu/i.test(newest.version) ? 'ubuntu' : 'debian'
  const name = [`${vendor}.series`, 'series'].find((one) => names.includes(one))
  return name === undefined ? null : joinPath(patches, name)
}

/** @throws UserError where nothing lists its patches. `series`: null where there is none. */
export async function readTree(
  files: QueueFiles,
  { debian, series, format }: { debian: ByteString; series: ByteString | null; format: string },
  options: ReadOptions,
): Promise<QueueListing> {
  const patches = joinPath(debian, 'patches')
  if (series === null) throw await withoutSeries(files, patches)
  const listing = await readSeriesFile(files, series, {
    ...{ format: 'debian', directory: patches, wantsAll: false },
    ...options,
  })
  const others = (await fileNamesIn(files, patches)).filter((one) => isSeriesName(one) && one !== baseName(series))
  const notes = others.map((one) => ({
    file: files.nameOf(series),
    line: null,
    message: `${toText(one)} stands beside it, the list of another vendor, and is not read`,
    hint: `name ${toText(one)} with --queue to read it instead`,
  }))
  const read = format === '3.0 (quilt)' ? asDpkgApplies(listing, files.nameOf(series)) : listing
  return { ...read, notes: [...notes, ...read.notes] }
}

/** "series", "ubuntu.series". */
export function isSeriesName(name: ByteString): boolean {
  return /^(?:[a-z][a-z0-9-]*\.)?series$/.test(name)
}

/** dpkg-source applies all with -p1, whatever the series of a 3.0 (quilt) package says. */
function asDpkgApplies(listing: QueueListing, series: string): QueueListing {
  const isOdd = ({ strip, reversed }: ListedPatch) => strip !== 1 || reversed
  const notes = listing.patches.filter(isOdd).map(({ name, listed, strip, reversed }): Problem => {
    const line = Number(listed?.split(':').at(-1))
    const options = [...(strip === 1 ? [] : [`-p${strip}`]), ...(reversed ? ['-R'] : [])].join(' ')
    const message = `${name} has the options ${options}, and dpkg-source applies it with -p1 all the same`
    return { file: series, line, message, hint: 'take them out of the series' }
  })
  const patches = listing.patches.map((patch) => ({ ...patch, strip: 1, reversed: false }))
  return { ...listing, patches, notes: [...listing.notes, ...notes] }
}

async function withoutSeries(files: QueueFiles, patches: ByteString): Promise<UserError> {
  const names = await fileNamesIn(files, patches)
  const name = files.nameOf(patches)
  if (names.some((one) => one === '00list' || one.endsWith('.dpatch')))
    return new UserError(
      `${name} holds dpatch scripts, which are programs: they are not run`,
      'turn them into a quilt series ("man dpatch", or deb3 of quilt-el), and name that',
    )
  const count = names.filter((one) => /\.(?:patch|diff)$/.test(one)).length
  return new UserError(
    `${name} has no series: dpkg-source applies none of its ${count} patches`,
    'list them in debian/patches/series, or name the folder with --format mails',
  )
}
