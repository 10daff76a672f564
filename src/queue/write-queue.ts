/** The files of a queue as they are after a rebase; only what must change does. */
import { gzipSync } from 'node:zlib'
import { UserError } from '../errors.ts'
import { type ByteString, fromBytes, toBytes, toText } from '../model/bytes.ts'
import { compressionOf, MAGIC_LENGTH } from '../model/compression.ts'
import { unsafePath } from '../model/paths.ts'
import { directoryOf, isUnread, joinPath, kindAt, type Unread } from './files.ts'
import type { ListEdits, QueueListing } from './formats/format.ts'
import { MAX_PATCH, MAX_SERIES } from './limits.ts'
import type { LocatedQueue } from './locate.ts'

/** What becomes of one patch in an export. */
export type PatchEdit =
  | { kind: 'same' }
  | { kind: 'refreshed'; bytes: ByteString }
  /** `reason`: what is said in place of its line; null for nothing. */
  | { kind: 'dropped'; reason: string | null }
  | { kind: 'unresolved'; reason: string }

/** Files of an exported queue, by their paths below the directory that holds the list. */
export interface ExportedFiles {
  files: Map<ByteString, Uint8Array>
  /** Files of patches that left. */
  gone: Set<ByteString>
}

/** `edits`: one for each patch of the listing, in its order. @throws UserError where it cannot be written. */
export async function exportQueue(
  { files, list, reader, source }: LocatedQueue,
  listing: QueueListing,
  edits: readonly PatchEdit[],
): Promise<ExportedFiles> {
  const { write } = reader
  if (!write)
    throw new UserError(
      `a queue of the format ${reader.name} cannot be written back yet: ${source}`,
      '"rebaseline export --list drop" names the patches that leave',
    )
  const top = await topOf({ files, list })
  const out: ExportedFiles = { files: new Map(), gone: new Set() }
  for (const [at, { content }] of listing.patches.entries()) {
    const edit = edits[at] ?? { kind: 'same' }
    if (content.kind === 'bytes' && edit.kind !== 'same')
      throw new UserError(
        `a queue of the format ${reader.name} cannot be changed in its place yet: ${source}`,
        '"rebaseline show PATCH --suggested" prints patches as they land',
      )
    if (content.kind !== 'file' || unsafePath(content.name) !== null) continue
    const path = joinPath(content.directory, content.name)
    const name = below(top, path)
    const raw = await files.read(path, MAX_PATCH)
    if (edit.kind === 'dropped') out.gone.add(name)
    else if (edit.kind === 'refreshed') out.files.set(name, packed(name, edit.bytes, raw))
    else if (!isUnread(raw)) out.files.set(name, raw)
  }
  for (const { name } of listing.disabled) {
    const raw = unsafePath(name) === null ? await files.read(joinPath(top, name), MAX_PATCH) : { because: 'unsafe' }
    if (!isUnread(raw)) out.files.set(name, raw)
  }
  const text = await files.read(list, MAX_SERIES)
  if (!isUnread(text)) out.files.set(below(top, list), toBytes(write(fromBytes(text), listEdits(listing, edits))))
  return out
}

/** The directory that holds the list, or that is the queue. */
async function topOf({ files, list }: Pick<LocatedQueue, 'files' | 'list'>): Promise<ByteString> {
  return (await kindAt(files, list)) === 'directory' ? list : directoryOf(list)
}

function below(top: ByteString, path: ByteString): ByteString {
  return top !== '' && path.startsWith(`${top}/`) ? path.slice(top.length + 1) : path
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

function listEdits({ patches }: QueueListing, edits: readonly PatchEdit[]): ListEdits {
  const [dropped, unresolved] = [new Map<number, string | null>(), new Map<number, string>()]
  for (const [at, { listed }] of patches.entries()) {
    const [, line] = /:(\d+)$/.exec(listed ?? '') ?? []
    const edit = edits[at]
    if (line === undefined || !edit) continue
    if (edit.kind === 'dropped') dropped.set(Number(line), edit.reason)
    if (edit.kind === 'unresolved') unresolved.set(Number(line), edit.reason)
  }
  return { dropped, unresolved }
}
