/** Files beside a queue that look like its patches, and that it does not name. */

import { type ByteString, fromText, toText } from '../model/bytes.ts'
import { baseName } from '../model/paths.ts'
import type { FormatName, PatchQueue } from '../model/queue.ts'
import { directoryOf, fileNamesIn, joinPath } from './files.ts'
import type { LocatedQueue } from './locate.ts'

/** Formats with a list, and a directory of their own for what it names. */
const LISTED: ReadonlySet<FormatName> = new Set(['quilt', 'debian', 'guilt', 'suse', 'rpm', 'qubes', 'planex'])

/** Their names, sorted; none of a queue whose format takes whatever there is. */
export async function orphansOf({ files, list }: LocatedQueue, queue: PatchQueue): Promise<string[]> {
  if (!LISTED.has(queue.format)) return []
  const top = directoryOf(list)
  const names = [...queue.patches, ...queue.disabled].map(({ name }) => fromText(name))
  const directories = new Set(names.map((name) => joinPath(top, directoryOf(name)).replace(/\/$/, '')))
  const known = new Set(names.map(baseName))
  const found: ByteString[] = []
  for (const directory of new Set([top, ...directories]))
    for (const name of await fileNamesIn(files, directory))
      if (/\.(?:patch|diff)(?:\.(?:gz|bz2|xz|zst))?$/.test(name) && !known.has(name)) found.push(name)
  return found.map(toText).sort()
}
