/** What a tree's entries hold: the bytes of a file, or the one line that git shows of a submodule. */
import { type ByteString, fromBytes } from '../model/bytes.ts'
import { SUBMODULE, submoduleCommit, submoduleText, type TreeEntry } from '../model/tree.ts'
import type { ObjectReader } from './object-reader.ts'
import { blobId, writeBlob } from './object-writer.ts'

/** The content of an entry; null where the repository has no such file. */
export async function readEntry(reader: ObjectReader, { mode, blob }: TreeEntry): Promise<ByteString | null> {
  if (mode === SUBMODULE) return submoduleText(blob)
  const object = await reader.read(blob)
  return object?.type === 'blob' ? fromBytes(object.data) : null
}

/** The entry that some content makes, written or not. */
export function entryOf({ mode, content }: NewEntry, idLength: number): TreeEntry {
  return { mode, blob: mode === SUBMODULE ? submoduleCommit(content) : blobId(content, idLength) }
}

/** The same, with its content written; of a submodule nothing is. */
export function writeEntry(objects: string, made: NewEntry, idLength: number): TreeEntry {
  if (made.mode !== SUBMODULE) writeBlob(objects, made.content, idLength)
  return entryOf(made, idLength)
}

interface NewEntry {
  mode: string
  content: Buffer
}
