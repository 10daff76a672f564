/** The files of a queue as they are after a rebase; only what must change does. */
import { gzipSync } from 'node:zlib'
import { UserError } from '../errors.ts'
import { type ByteString, fromBytes, fromText, toBytes, toText } from '../model/bytes.ts'
import { compressionOf, MAGIC_LENGTH } from '../model/compression.ts'
import { unsafePath } from '../model/paths.ts'
import { directoryOf, isUnread, joinPath, kindAt, type QueueFiles, type Unread } from './files.ts'
import type { ListEdits, ListedPatch, QueueFormat, QueueListing, ReadOptions } from './formats/format.ts'
import { resolvePath } from './formats/shell/call.ts'
import { MAX_PATCH, MAX_RESOLUTION, MAX_RESOLUTIONS, MAX_SERIES } from './limits.ts'
import type { LocatedQueue } from './locate.ts'
import { resolutionNames, resolutionsAt } from './resolution-files.ts'

/** What becomes of one patch in an export. */
export type PatchEdit =
  | { kind: 'same' }
  | { kind: 'refreshed'; bytes: ByteString }
  /** `reason`: what is said in place of its line; null for nothing. */
  | { kind: 'dropped'; reason: string | null }
  | { kind: 'unresolved'; reason: string }

/** Files of an exported queue, by their paths below its top. */
export interface ExportedFiles {
  files: Map<ByteString, Uint8Array>
  /** Files of patches that left. */
  gone: Set<ByteString>
}

/** The directory that holds the list and all patches of a queue. */
export async function topOf(located: Pick<LocatedQueue, 'files' | 'list'>, listing: QueueListing): Promise<ByteString> {
  const { files, list } = located
  const own = (await kindAt(files, list)) === 'directory' ? list : directoryOf(list)
  return listing.patches.reduce((top, { content }) => {
    if (content.kind !== 'file' || unsafePath(content.name) !== null) return top
    while (!isBelow(top, joinPath(content.directory, content.name))) top = directoryOf(top)
    return top
  }, own)
}

function isBelow(top: ByteString, path: ByteString): boolean {
  return top === '' || path.startsWith(`${top}/`)
}

/** What writes the list of a queue. @throws UserError where queues of its format are not written. */
export function writerOf({
  reader,
  source,
}: Pick<LocatedQueue, 'reader' | 'source'>): NonNullable<QueueFormat['write']> {
  if (reader.write) return reader.write
  throw new UserError(
    `a queue of the format ${reader.name} cannot be written back yet: ${source}`,
    '"rebaseline try --keep" and "rebaseline resolve" leave it as commits; "export --list drop" names the patches that leave',
  )
}

/**
 * `edits`: one for each patch of the listing, in its order.
 *
 * @throws UserError where it cannot be written.
 */
export async function exportQueue(
  located: LocatedQueue,
  listing: QueueListing,
  edits: readonly PatchEdit[],
  options: ReadOptions,
): Promise<ExportedFiles> {
  const { files } = located
  const write = writerOf(located)
  const out = await exportPatches(files, listing, edits, located)
  for (const [path, edit] of listEdits(located.list, listing, edits)) {
    const text = await files.read(path, MAX_SERIES)
    if (!isUnread(text)) out.files.set(path, toBytes(write(fromBytes(text), edit)))
  }
  const staying = listing.patches.filter((_, at) => edits[at]?.kind !== 'dropped')
  if (out.gone.size > 0 && staying.length > 0) await proveListed(located, out, staying, options)
  const top = await topOf(located, listing)
  const below = (path: ByteString) => (top === '' ? path : path.slice(top.length + 1))
  return {
    files: new Map([...out.files].map(([path, bytes]) => [below(path), bytes])),
    gone: new Set([...out.gone].map(below)),
  }
}

/** The patches and what lies beside them, by their paths. */
async function exportPatches(
  files: QueueFiles,
  listing: QueueListing,
  edits: readonly PatchEdit[],
  { list, reader, source }: LocatedQueue,
): Promise<ExportedFiles> {
  const out: ExportedFiles = { files: new Map(), gone: new Set() }
  const isDirectory = (await kindAt(files, list)) === 'directory'
  for (const [at, { content }] of listing.patches.entries()) {
    const edit = edits[at] ?? { kind: 'same' }
    if (content.kind === 'bytes' && (edit.kind !== 'same' || isDirectory))
      throw new UserError(
        `a queue of the format ${reader.name} cannot be changed in its place yet: ${source}`,
        '"rebaseline show PATCH --suggested" prints patches as they land',
      )
    if (content.kind !== 'file' || unsafePath(content.name) !== null) continue
    const path = joinPath(content.directory, content.name)
    const raw = await files.read(path, MAX_PATCH)
    if (edit.kind === 'dropped') out.gone.add(path)
    else if (edit.kind === 'refreshed') out.files.set(path, packed(path, edit.bytes, raw))
    else if (!isUnread(raw)) out.files.set(path, raw)
    for (const name of content.beside ?? []) {
      const beside = joinPath(content.directory, name)
      const bytes = await files.read(beside, MAX_SERIES)
      if (edit.kind === 'dropped') out.gone.add(beside)
      else if (!isUnread(bytes)) out.files.set(beside, bytes)
    }
  }
  const own = isDirectory ? list : directoryOf(list)
  for (const { name } of listing.disabled) {
    const path = joinPath(own, name)
    const raw = unsafePath(name) === null ? await files.read(path, MAX_PATCH) : { because: 'unsafe' }
    if (!isUnread(raw)) out.files.set(path, raw)
  }
  const remembered = await resolutionsAt({ files, list })
  for (const name of (await resolutionNames(files, remembered)).slice(0, MAX_RESOLUTIONS)) {
    const path = joinPath(remembered, name)
    const raw = await files.read(path, MAX_RESOLUTION)
    if (!isUnread(raw)) out.files.set(path, raw)
  }
  return out
}

/**
 * Reads what is written as its own tool would read it. @throws UserError where it lists anything
 * else than the patches that stay.
 */
async function proveListed(
  { files, list, reader, source }: LocatedQueue,
  out: ExportedFiles,
  staying: readonly ListedPatch[],
  options: ReadOptions,
): Promise<void> {
  const written: QueueFiles = {
    ...files,
    list: async (directory) => {
      const entries = await files.list(directory)
      return entries?.filter(({ name }) => !out.gone.has(joinPath(directory, name))) ?? null
    },
    read: async (path, limit) =>
      out.files.get(path) ?? (out.gone.has(path) ? { because: 'no such file' } : await files.read(path, limit)),
  }
  const { patches } = await reader.read(written, list, options)
  const known = (all: readonly ListedPatch[]) =>
    all.map(({ name, strip, reversed }) => `${name} -p${strip} ${reversed}`)
  if (known(patches).join('\n') === known(staying).join('\n')) return
  throw new UserError(
    `${source}: without the patches that leave it would be read otherwise`,
    'take them out by hand; "rebaseline export --list drop" names them',
  )
}

/** As it was: a patch that came compressed stays so. @throws UserError where we cannot pack it so. */
function packed(name: ByteString, bytes: ByteString, before: Uint8Array | Unread): Uint8Array {
  const start = isUnread(before) ? '' : fromBytes(before.subarray(0, MAGIC_LENGTH))
  const compression = compressionOf(start)
  if (compression === 'none') return toBytes(bytes)
  if (compression === 'gzip') return gzipSync(toBytes(bytes))
  throw new UserError(
    `${toText(name)} is packed with ${compression}, and cannot be refreshed so`,
    'unpack it in the queue, and mend its name in the list',
  )
}

/** The files that list patches, the queue's own list among them, and what changes in each. */
function listEdits(
  list: ByteString,
  { patches }: QueueListing,
  edits: readonly PatchEdit[],
): Map<ByteString, ListEdits> {
  const lists = new Map([[list, noEdits()]])
  const staying = new Set(patches.flatMap(({ listed }, at) => (edits[at]?.kind === 'dropped' ? [] : [listed])))
  for (const [at, { name, listed }] of patches.entries()) {
    const [, file, line] = /^(.*):(\d+)$/s.exec(listed ?? '') ?? []
    if (file === undefined) continue
    const path = resolvePath(`/${directoryOf(list)}`, fromText(file)).slice(1)
    const found = lists.get(path) ?? noEdits()
    lists.set(path, found)
    const edit = edits[at]
    // A line that stands for a folder stays; whether it then lists what stays is seen later.
    if (edit?.kind === 'dropped') found.leaving.push({ line: Number(line), name: fromText(name) })
    if (edit?.kind === 'dropped' && !staying.has(listed)) found.dropped.set(Number(line), edit.reason)
    if (edit?.kind === 'unresolved') found.unresolved.set(Number(line), edit.reason)
  }
  return lists
}

/** The edits of one file, as they are gathered. */
interface GatheredEdits extends ListEdits {
  dropped: Map<number, string | null>
  leaving: { line: number; name: ByteString }[]
  unresolved: Map<number, string>
}

function noEdits(): GatheredEdits {
  return { dropped: new Map(), leaving: [], unresolved: new Map() }
}
