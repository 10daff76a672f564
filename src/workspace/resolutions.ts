/** The resolutions that a queue's conflicts are held against. */
import { lstatSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import type { ByteString } from '../model/bytes.ts'
import type { JobContext } from '../model/job.ts'
import type { Problem } from '../model/patch.ts'
import type { KnownResolution, Lineage, Resolution } from '../model/resolution.ts'
import { cutResolved } from '../patch/resolution/cut.ts'
import { directoryFiles } from '../queue/directory-files.ts'
import type { LocatedQueue } from '../queue/locate.ts'
import { type FiledResolution, readResolutions, resolutionsAt, writeResolution } from '../queue/resolution-files.ts'
import type { Connection } from '../record/database.ts'
import { type IndexedResolution, indexResolutions, listResolutions } from '../record/resolutions.ts'

/** Other queues than these, those resolved last, are not asked. */
const MAX_SISTERS = 50

/**
 * Those beside the queue, the user's own first and of these the newest; then what the user made for
 * other queues. Without a record none is the user's own. A file that cannot be read is said, and
 * left out.
 */
export async function knownResolutions(
  database: Connection | null,
  located: Pick<LocatedQueue, 'files' | 'list'>,
  { warn }: Pick<JobContext, 'warn'>,
): Promise<KnownResolution[]> {
  const index = database === null ? [] : listResolutions(database)
  const made = new Map(index.map(({ digest }, rank) => [digest, rank]))
  const place = await resolutionsAt(located)
  const { resolutions, problems } = await readResolutions(located.files, place)
  for (const problem of problems) warn(inWords(problem))
  const rankOf = ({ digest }: FiledResolution) => made.get(digest) ?? made.size
  const beside = resolutions.sort((one, other) => rankOf(one) - rankOf(other))
  const here = beside.map((one) => known(one, made.has(one.digest) ? 'own' : 'queue'))
  const others = new Set(index.map(({ directory }) => directory))
  others.delete(located.files.nameOf(place))
  const sisters: KnownResolution[] = []
  for (const directory of [...others].slice(0, MAX_SISTERS)) {
    const { resolutions: theirs } = await readResolutions(directoryFiles(directory), '')
    sisters.push(...theirs.filter(({ digest }) => made.has(digest)).map((one) => known(one, 'sister')))
  }
  return [...here, ...sisters]
}

function known({ file, resolution }: FiledResolution, origin: KnownResolution['origin']): KnownResolution {
  return { file, resolution, origin }
}

function inWords({ file, line, message, hint }: Problem): string {
  return `${file}${line === null ? '' : `:${line}`}: ${message}; ${hint}`
}

/** A file that a person resolved: with git's diff3 markers, and whole. */
export interface ResolvedFile {
  marked: ByteString
  resolved: ByteString
  lineage: Lineage
}

/**
 * Remembers what became of each conflict hunk, beside the queue. Returns how many are new; null
 * where the queue is not in a directory that can hold them.
 */
export function rememberResolved(
  database: Connection,
  located: LocatedQueue,
  files: readonly ResolvedFile[],
  context: Pick<JobContext, 'now' | 'warn'>,
): Promise<number | null> {
  const resolutions = files.flatMap(({ marked, resolved, lineage }) => cutResolved(marked, resolved, lineage))
  return rememberAll(database, located, resolutions, context)
}

/** The same of resolutions that are cut already. What is known to the word is not written again. */
export async function rememberAll(
  database: Connection,
  located: LocatedQueue,
  resolutions: readonly Resolution[],
  { now, warn }: Pick<JobContext, 'now' | 'warn'>,
): Promise<number | null> {
  const directory = await directoryOnDisk(located)
  if (directory === null) return null
  const known = new Set<string>()
  for (const { resolution, origin } of await knownResolutions(database, located, { warn }))
    if (origin === 'own') known.add(answerOf(resolution))
  const madeAt = new Date(now()).toISOString()
  const made: IndexedResolution[] = []
  for (const resolution of resolutions) {
    const answer = answerOf(resolution)
    if (known.has(answer)) continue
    known.add(answer)
    made.push({ digest: writeResolution(directory, resolution), directory, madeAt })
  }
  await indexResolutions(database, made)
  return made.length
}

/** Where they are written: only a directory on disk can be; null for commits and packages. */
async function directoryOnDisk(located: LocatedQueue): Promise<string | null> {
  const top = located.files.nameOf('')
  const isDirectory = isAbsolute(top) && lstatSync(top, { throwIfNoEntry: false })?.isDirectory()
  return isDirectory ? located.files.nameOf(await resolutionsAt(located)) : null
}

/** What a resolution answers, and how, whoever made it. */
function answerOf({ sides, resolved }: Resolution): string {
  return JSON.stringify([sides, resolved])
}
