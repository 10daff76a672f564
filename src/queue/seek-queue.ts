/** Which queue of a repository its history is told of. */
import { UserError } from '../errors.ts'
import { type ByteString, fromText, toText } from '../model/bytes.ts'
import { baseName } from '../model/paths.ts'
import { directoryOf, joinPath, kindAt, type QueueFiles } from './files.ts'
import { type LocatedQueue, queueAt } from './locate.ts'
import { recipeIn, type SoughtQueue } from './past-queues.ts'

/** What a person said of it. */
export interface WantedQueue {
  /** The file or directory in the repository; null: what the repository has. */
  path: ByteString | null
  /** The file name of its series. */
  series: string | undefined
}

/**
 * The queue that the reader of HEAD's commit finds: that of `try`. Its list may have stood in
 * another directory before, and is then sought by its name.
 *
 * @throws UserError where HEAD has several, and nobody says which.
 */
export async function seekQueue(
  { path, series }: WantedQueue,
  files: QueueFiles,
  repository: string,
): Promise<SoughtQueue> {
  if (series !== undefined) {
    const name = fromText(series)
    const list = onlyOne(await filesNamed(files, name), `series of the name "${series}"`, repository)
    return { path: null, series: name, below: '', list, format: null, recipe: null }
  }
  const found = await queueIn(files, path ?? '')
  if (found) return soughtAs(files, found)
  if (path !== null) return { path, series: 'series', below: '', list: null, format: null, recipe: null }
  const list = onlyOne(await filesNamed(files, 'series'), 'queue', repository)
  if (list !== null) return { path: '', series: 'series', below: '', list, format: null, recipe: null }
  const others = await queuesBelow(files)
  const lists = others.map((other) => other.list)
  onlyOne(lists, 'queue', repository)
  const [other] = others
  return other
    ? await soughtAs(files, other)
    : { path: '', series: 'series', below: '', list: null, format: null, recipe: null }
}

/** A queue that something lists; loose patches count where a person names their directory. */
async function queueIn(files: QueueFiles, path: ByteString): Promise<LocatedQueue | null> {
  const kind = await kindAt(files, path)
  if (kind !== 'file' && kind !== 'directory') return null
  const found = await queueAt({ files, path, kind, range: null }, null)
  return found?.list === '' ? null : found
}

async function soughtAs(files: QueueFiles, { list, reader }: LocatedQueue): Promise<SoughtQueue> {
  const format = reader.name
  if (format === 'quilt') return { path: '', series: baseName(list), below: '', list, format, recipe: null }
  // It is a series of quilt's, and was one before there was a spec beside it.
  if (format === 'planex') return { path: null, series: 'series', below: '', list, format, recipe: null }
  const directory = (await kindAt(files, list)) === 'directory' ? list : directoryOf(list)
  // What rpmbuild(8) takes is beside its specs, and Debian's changelog beside its patches.
  const isPart = baseName(directory) === 'SPECS' || (reader.name === 'debian' && baseName(directory) === 'patches')
  const below = isPart ? directoryOf(directory) : directory
  // The name of a recipe may hold a version: the directory finds it, whatever it is called.
  const isFound = (await queueIn(files, directory))?.list === list
  return {
    path: isFound ? directory : list,
    series: null,
    below,
    list: isFound ? null : list,
    format,
    recipe: isFound ? recipeIn(baseName(list)) : null,
  }
}

/** @throws UserError where there is more than one. */
function onlyOne(lists: readonly ByteString[], what: string, repository: string): ByteString | null {
  const [first = null, second] = lists
  if (second === undefined) return first
  const named = lists.slice(0, MOST_NAMED).map(toText).join(', ')
  throw new UserError(
    `${repository} holds more than one ${what}: ${named}${lists.length > MOST_NAMED ? ', …' : ''}`,
    `name the one that is meant: --queue ${repository}/${toText(first ?? '')}`,
  )
}

const MOST_NAMED = 5
/** So many directories are looked into. */
const MOST_DIRECTORIES = 5000

/** The files of a name, in whatever directory. */
async function filesNamed(files: QueueFiles, name: ByteString): Promise<ByteString[]> {
  const found: ByteString[] = []
  for (const directory of await directoriesIn(files)) {
    const kind = await kindAt(files, joinPath(directory, name))
    if (kind === 'file' || kind === 'link') found.push(joinPath(directory, name))
  }
  return found
}

/** The queues in directories below the top, one more than an error names at most. */
async function queuesBelow(files: QueueFiles): Promise<LocatedQueue[]> {
  const found = new Map<ByteString, LocatedQueue>()
  for (const directory of await directoriesIn(files)) {
    const queue = directory === '' ? null : await queueIn(files, directory)
    if (queue && queue.list !== directory) found.set(queue.list, queue)
    if (found.size > MOST_NAMED) break
  }
  return [...found.values()]
}

/** The top and all directories below it, those higher up first. */
async function directoriesIn(files: QueueFiles): Promise<ByteString[]> {
  const found: ByteString[] = ['']
  for (let at = 0; at < found.length && found.length < MOST_DIRECTORIES; at++) {
    const directory = found[at] ?? ''
    for (const { name, kind } of (await files.list(directory)) ?? [])
      if (kind === 'directory') found.push(joinPath(directory, name))
  }
  return found
}
