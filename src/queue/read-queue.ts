/** Reads a patch queue, whatever its format. */
import { resolve } from 'node:path'
import { NoPatchesError, UserError } from '../errors.ts'
import type { ByteString } from '../model/bytes.ts'
import type { Patch, Problem } from '../model/patch.ts'
import { unsafePath } from '../model/paths.ts'
import type { FormatName, PatchQueue } from '../model/queue.ts'
import { bareListing, type Listing, readPatch } from '../patch/read/read-patch.ts'
import { decompress } from './decompress.ts'
import { readRegularFile } from './directory-files.ts'
import { directoryOf, isUnread, joinPath, kindAt, type QueueFiles } from './files.ts'
import type { ListedPatch, ReadOptions } from './formats/format.ts'
import { MAX_ENTRIES, MAX_PATCH } from './limits.ts'
import { type LocatedQueue, locateQueue } from './locate.ts'
import { type RevisionPart, revisionOf } from './revision.ts'
import { findUpstreamAddress } from './upstream-address.ts'

/** What is asked of the reader. */
export interface QueueRequest extends ReadOptions {
  /** Null: told by content. */
  format: FormatName | null
}

/**
 * `named`: a path.
 *
 * @throws UserError where there is no queue at all. A patch that cannot be read is a value in the
 * queue.
 */
export async function readQueue(
  named: string,
  { format, ...options }: QueueRequest = { guards: new Set(), format: null },
): Promise<PatchQueue> {
  return await readLocated(await locateQueue(resolve(named), format), options)
}

/** The same of a queue that was found already. */
export async function readLocated(
  { files, list, reader, source }: LocatedQueue,
  options: ReadOptions,
): Promise<PatchQueue> {
  const listing = await reader.read(files, list, options)
  if (listing.patches.length === 0 && listing.disabled.length === 0)
    throw new NoPatchesError(
      `${source} lists no patch`,
      'a list has one patch a line; name the one that is meant with --queue',
    )
  if (listing.patches.length > MAX_ENTRIES)
    throw new UserError(`${source} lists more than ${MAX_ENTRIES} patches`, 'split the queue')
  const patches: Patch[] = []
  for (const [index, entry] of listing.patches.entries())
    patches.push(await readListed(listing.archive ?? { files, list }, entry, index + 1))
  if (patches.length > 0 && patches.every(isNotThere))
    throw await nothingThere({ files, list, source }, listing.patches)
  const from = listing.archive ?? { files, list }
  const address = await findUpstreamAddress(from.files, from.list)
  const { base, order, disabled, notes } = listing
  return {
    source,
    format: listing.format,
    base,
    address,
    order,
    disabled: disabled.map(({ name, reason }) => ({ name, reason })),
    notes,
    revision: revisionOf(patches.map(toPart)),
    patches,
  }
}

function isNotThere({ bytes, content }: Patch): boolean {
  return bytes.length === 0 && content.kind === 'unreadable' && content.problem.message.endsWith(': no such file')
}

/** Where none of the patches is there, the folder is wrong; one below it may hold them. */
async function nothingThere(
  { files, list, source }: Pick<LocatedQueue, 'files' | 'list' | 'source'>,
  [first]: readonly ListedPatch[],
): Promise<UserError> {
  const directory = directoryOf(list)
  const folders = ((await files.list(directory)) ?? []).filter(({ kind }) => kind === 'directory')
  const names = first?.content.kind === 'file' ? [first.content.name] : []
  const seen: string[] = []
  for (const { name } of folders)
    for (const file of names)
      if (unsafePath(file) === null && (await kindAt(files, joinPath(joinPath(directory, name), file))) !== null)
        seen.push(files.nameOf(joinPath(directory, name)))
  const where = seen.length === 0 ? '' : `; ${first?.name} is in ${seen[0]}`
  return new UserError(
    `${source}: none of its patches is there: the first, ${first?.name}, is no file`,
    `name the list that stands beside its patches with --queue${where}`,
  )
}

async function readListed(
  { files, list }: Pick<LocatedQueue, 'files' | 'list'>,
  { content, isStripStated, ...listing }: ListedPatch,
  position: number,
): Promise<Patch> {
  const where = placeOf(files, list, listing)
  const packed = content.kind === 'file' ? await readFileOf(files, content, where) : contentOf(content)
  const read = packed instanceof Uint8Array ? await unpack(packed, where) : packed
  return readContent({ ...listing, isStripStated }, position, read)
}

/** The patch that some bytes are, with the strip level that its queue means. */
export function readContent(
  { isStripStated, ...listing }: Listing & Pick<ListedPatch, 'isStripStated'>,
  position: number,
  read: Uint8Array | Problem,
): Patch {
  return isStripStated ? readPatch(listing, position, read) : readUnlisted(listing, position, read)
}

function contentOf(content: Exclude<ListedPatch['content'], { kind: 'file' }>): Uint8Array | Problem {
  return content.kind === 'bytes' ? content.bytes : content.problem
}

/** A patch may be packed, as quilt(1) and rpm take it. */
async function unpack(packed: Uint8Array, { name, file, line }: ListedAt): Promise<Uint8Array | Problem> {
  const read = await decompress(packed, MAX_PATCH)
  if (!isUnread(read)) return read
  return { file, line, message: `${name}: ${read.because}`, hint: 'get the patch again, or unpack it yourself' }
}

/** Where a patch is listed, as errors name it. */
type ListedAt = Pick<Problem, 'file' | 'line'> & { name: string }

function placeOf(files: QueueFiles, list: ByteString, { name, listed }: Listing): ListedAt {
  const [, file, line] = /^(.*):(\d+)$/s.exec(listed ?? '') ?? []
  if (file === undefined) return { name, file: name, line: null }
  return { name, file: files.nameOf(joinPath(directoryOf(list), file)), line: Number(line) }
}

/** What is wrong with a file that cannot be had is said of the line that lists it. */
async function readFileOf(
  files: QueueFiles,
  source: { directory: ByteString; name: ByteString },
  { name, file, line }: ListedAt,
): Promise<Uint8Array | Problem> {
  const problem = (message: string, hint: string): Problem => ({ file, line, message: `${name}: ${message}`, hint })
  const unsafe = unsafePath(source.name)
  if (unsafe) return problem(unsafe, 'a patch is a regular file below its series')
  const read = await files.read(joinPath(source.directory, source.name), MAX_PATCH)
  if (!isUnread(read)) return read
  return read.because.includes('a symbolic link')
    ? problem(read.because, 'put the file itself there: nothing outside of the queue and its repository is read')
    : problem(read.because, 'add the file, or take its line out of the series')
}

/**
 * Patch files by themselves, named as they were given, from `directory`. `strip`: null where nobody
 * says it.
 */
export function readLoosePatches(directory: string, files: readonly string[], strip: number | null): Patch[] {
  return files.map((file, index) => {
    const read = readRegularFile(resolve(directory, file), MAX_PATCH)
    const bytes = isUnread(read) ? { file, line: null, message: read.because, hint: 'name a patch file' } : read
    if (strip !== null) return readPatch(bareListing(file, strip), index + 1, bytes)
    return readUnlisted(bareListing(file), index + 1, bytes)
  })
}

/**
 * A patch of which nobody says the strip level: 1, or 0 where that leaves nothing of a name. A
 * warning says so.
 */
function readUnlisted(listing: Listing, position: number, read: Uint8Array | Problem): Patch {
  const patch = readPatch(listing, position, read)
  if (patch.content.kind === 'readable' || !(read instanceof Uint8Array)) return patch
  const whole = readPatch({ ...listing, strip: 0 }, position, read)
  if (whole.content.kind !== 'readable') return patch
  const { name } = listing
  const message = 'read with -p0, since -p1 leaves nothing of a name'
  const hint = 'say it in a series ("name -p0"), or with --strip'
  const { line } = patch.content.problem
  return { ...whole, warnings: [{ file: name, line, message, hint }, ...whole.warnings] }
}

/** A patch that is not there has no content. */
function toPart({ name, strip, reversed, directory, digest, bytes, content }: Patch): RevisionPart {
  // What is wrong with a file that is there is said of the file, of a missing one of the series.
  const isMissing = bytes.length === 0 && content.kind === 'unreadable' && content.problem.file !== name
  return { name, strip, reversed, directory, digest: isMissing ? null : digest }
}
