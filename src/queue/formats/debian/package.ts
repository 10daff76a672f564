/** A .dsc with its files: debian/ is in one of them, and is read in memory. */
import { NoPatchesError, UserError } from '../../../errors.ts'
import { type ByteString, toText } from '../../../model/bytes.ts'
import { baseName } from '../../../model/paths.ts'
import { bareListing } from '../../../patch/read/read-patch.ts'
import { archiveFiles, type NamedBytes } from '../../archive-files.ts'
import { decompress } from '../../decompress.ts'
import { isUnread, type QueueFiles } from '../../files.ts'
import { tarMembers } from '../../tar-members.ts'
import type { QueueListing, ReadOptions } from '../format.ts'
import { type SplitDiff, splitDiff } from './diff.ts'
import { readListedFile, readSourceControl, type SourceControl } from './source-control.ts'
import { readTree, refuseFormat, seriesOf } from './tree.ts'
import { upstreamNames } from './version.ts'

/** What debian/ may take unpacked; of 37,000 packages of bookworm none comes near. */
const MAX_UNPACKED = 256 << 20

/** A package whose only changes are those of its diff. */
const NO_PATCHES: QueueListing = {
  format: 'debian',
  patches: [],
  disabled: [],
  base: null,
  order: 'stated (the diff)',
  notes: [],
}

/** @throws UserError where its files are not those that were packed, or of a format not read. */
export async function readPackage(files: QueueFiles, dsc: ByteString, options: ReadOptions): Promise<QueueListing> {
  const control = await readSourceControl(files, dsc)
  const name = files.nameOf(dsc)
  refuseFormat(control.format, name)
  const packed = await packagingOf(files, dsc, control)
  const bytes = await decompress(packed.bytes, MAX_UNPACKED)
  if (isUnread(bytes)) throw new UserError(`${packed.name}: ${bytes.because}`, 'get the file anew')
  const unpacked = { name: packed.name, bytes }
  const isDiff = /\.diff\.\w+$/.test(packed.name)
  const { members, direct } = isDiff ? splitDiff(unpacked) : { members: await tarMembers(unpacked), direct: null }
  const archive = archiveFiles(members, packed.name)
  const series = await seriesOf(archive, 'debian')
  const base = { names: upstreamNames(control.version), listed: `${toText(baseName(dsc))}:${control.line}` }
  const hasPatches = series !== null || (await archive.list('debian/patches')) !== null
  if (!hasPatches && !direct) throw new NoPatchesError(`${name} carries no patches`, 'there is no queue to try')
  const tree = { debian: 'debian', series, format: control.format }
  const listing = hasPatches ? await readTree(archive, tree, options) : NO_PATCHES
  const whole = direct ? withDirect(listing, direct, packed.name) : listing
  return { ...whole, base, archive: { files: archive, list: series ?? 'debian/patches/series' } }
}

/** The one file of the package that holds debian/. */
async function packagingOf(
  files: QueueFiles,
  dsc: ByteString,
  { format, files: listed }: SourceControl,
): Promise<NamedBytes> {
  const isPackaging = format === '3.0 (quilt)' ? /\.debian\.tar\.\w+$/ : /\.(?:diff|debian\.tar)\.\w+$/
  const [packaging, ...others] = listed.filter(({ name }) => isPackaging.test(name))
  if (packaging && others.length === 0) return await readListedFile(files, dsc, packaging)
  if (packaging) throw new UserError(`${files.nameOf(dsc)} lists more than one debian.tar or diff`, 'get it anew')
  throw new UserError(
    `${files.nameOf(dsc)} lists no debian.tar and no diff: a native package has no upstream, and no patches on top`,
    'there is no queue to try',
  )
}

/** What the diff changes outside debian/ is there before any patch of debian/patches is applied. */
function withDirect(listing: QueueListing, direct: NonNullable<SplitDiff['direct']>, diff: string): QueueListing {
  const name = diff.replace(/^.*\//s, '').replace(/\.\w+$/, '')
  const content = { kind: 'bytes' as const, bytes: direct.bytes }
  const shown = direct.paths.slice(0, 3).map(toText).join(', ')
  const more = direct.paths.length > 3 ? ` and ${direct.paths.length - 3} more` : ''
  const note = {
    file: diff,
    line: null,
    message: `changes ${shown}${more} outside debian/: read as the first patch of the queue, ${name}`,
    hint: 'make a patch of it in debian/patches',
  }
  const patch = { ...bareListing(name), content, isStripStated: true }
  return { ...listing, patches: [patch, ...listing.patches], notes: [note, ...listing.notes] }
}
