/**
 * Makes trees in our own process: three git processes per tree would cost more than the merge that
 * the tree is for.
 */
import { type ByteString, fromBytes } from '../model/bytes.ts'
import type { TreeChanges, TreeEntry } from '../model/tree.ts'
import type { ObjectReader } from './object-reader.ts'
import { writeLoose } from './object-writer.ts'
import type { Scratch } from './scratch.ts'

/** The lines of a tree object; `blob` is the id of a tree where the mode is that of a directory. */
type Entries = Map<ByteString, TreeEntry>

/** The mode of a directory's entry. */
export const DIRECTORY = '40000'

/**
 * The tree with the changes made; null starts from an empty one. A path that leads through a file
 * replaces that file.
 */
export async function updateTree(
  scratch: Scratch,
  reader: ObjectReader,
  tree: string | null,
  changes: TreeChanges,
): Promise<string> {
  const entries = tree === null ? new Map<ByteString, TreeEntry>() : await readTree(scratch, reader, tree)
  const below = new Map<ByteString, Map<ByteString, TreeEntry | null>>()
  for (const [path, entry] of changes) {
    const slash = path.indexOf('/')
    if (slash < 0) setEntry(entries, path, entry)
    else {
      const name = path.slice(0, slash)
      below.set(name, (below.get(name) ?? new Map()).set(path.slice(slash + 1), entry))
    }
  }
  for (const [name, inner] of below) {
    const existing = entries.get(name)
    const old = existing?.mode === DIRECTORY ? existing.blob : null
    if (old === null && [...inner.values()].every((entry) => entry === null)) continue
    const blob = await updateTree(scratch, reader, old, inner)
    setEntry(entries, name, blob === emptyTree(scratch) ? null : { mode: DIRECTORY, blob })
  }
  return writeTree(scratch, entries)
}

/** Every file below a tree, by path. */
export async function readTreeFiles(
  scratch: Scratch,
  reader: ObjectReader,
  tree: string,
): Promise<Map<ByteString, TreeEntry>> {
  const files = new Map<ByteString, TreeEntry>()
  for (const [name, entry] of await readTree(scratch, reader, tree)) {
    if (entry.mode !== DIRECTORY) files.set(name, entry)
    else for (const [path, file] of await readTreeFiles(scratch, reader, entry.blob)) files.set(`${name}/${path}`, file)
  }
  return files
}

function setEntry(entries: Entries, name: ByteString, entry: TreeEntry | null): void {
  if (entry) entries.set(name, entry)
  else entries.delete(name)
}

/** gitformat: "<mode> <name>\0<binary id>", one after the other. */
async function readTree(scratch: Scratch, reader: ObjectReader, tree: string): Promise<Entries> {
  const object = await reader.read(tree)
  if (object?.type !== 'tree') throw new Error(`no tree ${tree}`)
  const entries: Entries = new Map()
  const { data } = object
  for (let at = 0; at < data.length; ) {
    const space = data.indexOf(32, at)
    const end = data.indexOf(0, space)
    const id = data.subarray(end + 1, end + 1 + scratch.idLength / 2)
    entries.set(fromBytes(data.subarray(space + 1, end)), {
      mode: fromBytes(data.subarray(at, space)),
      blob: id.toString('hex'),
    })
    at = end + 1 + id.length
  }
  return entries
}

/** Returns its id. */
export function writeTree(scratch: Scratch, entries: Entries): string {
  // Git orders a directory as if its name ended in a slash.
  const key = ([name, { mode }]: [ByteString, TreeEntry]) => (mode === DIRECTORY ? `${name}/` : name)
  const sorted = [...entries].sort((left, right) => (key(left) < key(right) ? -1 : 1))
  const parts = sorted.map(([name, { mode, blob }]) => {
    return Buffer.concat([Buffer.from(`${mode.replace(/^0/, '')} ${name}\0`, 'latin1'), Buffer.from(blob, 'hex')])
  })
  return writeLoose(scratch.objects, 'tree', Buffer.concat(parts), scratch.idLength)
}

function emptyTree(scratch: Scratch): string {
  return writeLoose(scratch.objects, 'tree', Buffer.alloc(0), scratch.idLength)
}
