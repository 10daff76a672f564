/** Where a queue is, and its format, from what a person names. */
import { realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { UserError } from '../errors.ts'
import type { ByteString } from '../model/bytes.ts'
import type { FormatName } from '../model/queue.ts'
import type { QueueFiles, QueuePlace } from './files.ts'
import type { QueueFormat } from './formats/format.ts'
import { FORMAT_TABLE, formatNamed, RANGE_TABLE } from './formats/table.ts'
import { openPlace } from './place.ts'
import { unknownQueue } from './unknown.ts'

/** A queue that a format knows. */
export interface LocatedQueue {
  files: QueueFiles
  /** The file that lists it, or the directory that is it. */
  list: ByteString
  reader: QueueFormat
  /** How a person names `list`: a queue is known by it. */
  source: string
}

/**
 * `named`: an absolute path, maybe over links: a queue is the same whatever way leads to it.
 * `format`: null where the content tells it.
 *
 * @throws UserError where nothing is there that can be a queue, or more than one thing.
 */
export async function locateQueue(named: string, format: FormatName | null = null): Promise<LocatedQueue> {
  const place = openPlace(realPath(named))
  const found = await askFormats(place, format)
  if (found.length === 0) throw await unknownQueue(place, format)
  const [first, second] = found
  if (first && !second) return first
  const lists = found.map(({ reader, source }) => `${source} (${reader.name})`).join(', ')
  throw new UserError(
    `${named} holds more than one queue: ${lists}`,
    `name the one that is meant: --queue ${first?.source}`,
  )
}

/**
 * A queue among files, such as a commit's; null where no format knows one there. `meant`: the format
 * that counts where several do.
 */
export async function queueAt(place: QueuePlace, meant: FormatName | null): Promise<LocatedQueue | null> {
  const all = await askFormats(place, null)
  const [found = null, ...others] = all
  return others.length === 0 ? found : (all.find(({ reader }) => reader.name === meant) ?? null)
}

/**
 * The queue that a directory lists, in a series or the like; null where it lists none. Patches that
 * lie about in a directory make no queue of it, as for quilt(1): somebody has to name it.
 */
export async function seekListed(directory: string): Promise<LocatedQueue | null> {
  const path = realPath(directory)
  const [found = null] = await askFormats(openPlace(path), null)
  return found?.source === path ? null : found
}

/** What the first row of formats that knows the place says of it. */
async function askFormats(place: QueuePlace, format: FormatName | null): Promise<LocatedQueue[]> {
  const forced = format === null ? null : formatNamed(format)
  const table = place.range === null ? FORMAT_TABLE : RANGE_TABLE
  const rows = format === null ? table : [forced === null ? [] : [forced]]
  for (const row of rows) {
    const found: LocatedQueue[] = []
    for (const reader of row) {
      const list = await reader.find(place)
      if (list === null) continue
      const source = reader.nameOf?.(place.files, list) ?? sourceOf(place.files.nameOf(list))
      found.push({ files: place.files, list, reader, source })
    }
    if (found.length > 0) return found
  }
  return []
}

/** A path without links, as far as it is there. */
export function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path === dirname(path) ? path : join(realPath(dirname(path)), basename(path))
  }
}

/** What lists a queue is no link itself; its directory may be reached over some. */
function sourceOf(list: string): string {
  return join(realPath(dirname(list)), basename(list))
}
