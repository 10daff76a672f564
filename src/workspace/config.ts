/** The config of the queue that a person means, and whether its paths may be followed. */
import { statSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { configIn } from '../config/find-config.ts'
import { UsageError, UserError } from '../errors.ts'
import { protocolOf } from '../git/mirror.ts'
import { CONFIG_NAME, type Config, type Setting } from '../model/config.ts'
import type { JobContext } from '../model/job.ts'
import { locateQueue, realPath } from '../queue/locate.ts'
import { isPlace, repositoryIn } from '../queue/place.ts'
import { repositoryAround } from './repository-around.ts'
import { seekAbove } from './seek-above.ts'
import { trustsPlaces, type WrittenConfig } from './trust.ts'

/** What git fetches without the user's keys and files. */
const PUBLIC = ['http', 'https', 'git']

/**
 * The config beside the queue that is named, or above it; else that of the directory one stands in,
 * where it names that queue. One that is about another queue does not count. Null where there is none.
 */
export async function configOf({ queue }: { queue?: string }, context: JobContext): Promise<WrittenConfig | null> {
  const { cwd } = context
  if (queue === undefined) {
    const here = written(configIn(realPath(cwd)))
    if (here !== null) return here
    const source = await seekAbove(cwd, new Set())
    return source === null ? null : (written(configIn(directoryOfQueue(source))) ?? writtenAbove(source, context))
  }
  const named = realPath(resolve(cwd, queue))
  if (!isPlace(named)) return null
  const beside = written(configIn(directoryOfQueue(named)))
  if (beside !== null) return beside.queue === null || (await names(beside, named)) ? beside : null
  const here = written(configIn(realPath(cwd)))
  return here !== null && (await names(here, named)) ? here : writtenAbove(named, context)
}

/**
 * The config above the queue's repository that `init` wrote, or a person trusts, for that very
 * queue. Anybody's may lie there: none other is followed, nor a reason to stop.
 */
async function writtenAbove(queue: string, context: JobContext): Promise<WrittenConfig | null> {
  const directory = directoryOfQueue(queue)
  const top = repositoryAround(directory) ?? directory
  for (let above = dirname(top), below = top; above !== below; below = above, above = dirname(above)) {
    const config = soundIn(above)
    if (config !== null && trustsPlaces(config, context) && (await names(config, queue))) return config
  }
  return null
}

function soundIn(directory: string): WrittenConfig | null {
  try {
    return written(configIn(directory))
  } catch (error) {
    if (error instanceof UserError) return null
    throw error
  }
}

/** Whether a config is about the queue at an absolute path. */
async function names({ file, queue }: WrittenConfig, named: string): Promise<boolean> {
  if (queue === null) return false
  const own = resolve(dirname(file), queue.value)
  return own === named || (isPlace(own) && (await sourceOf(own)) === (await sourceOf(named)))
}

function written(config: Config): WrittenConfig | null {
  const { file } = config
  return file === null ? null : { ...config, file }
}

async function sourceOf(queue: string): Promise<string> {
  return (await locateQueue(queue)).source
}

/** The directory that a queue is in, or is: of a file, or of a repository with "#range" behind it. */
export function directoryOfQueue(queue: string): string {
  const stat = statSync(queue, { throwIfNoEntry: false })
  if (stat) return stat.isDirectory() ? queue : dirname(queue)
  return repositoryIn(queue) ?? dirname(queue)
}

/**
 * The place that a key of the config names, as an absolute path or a URL. A config may come with
 * somebody else's queue, and a record of lies beside it: what is outside of its own tree, and a
 * record wherever it is, counts only where the user trusts the config.
 *
 * @throws UserError where that was not said yet.
 */
export function placeIn(
  config: WrittenConfig,
  key: keyof typeof OPTIONS,
  { value, line }: Setting,
  context: JobContext,
): string {
  const { file } = config
  const protocol = key === 'upstream' ? protocolOf(value) : null
  if (protocol !== null && PUBLIC.includes(protocol)) return value
  const path = protocol === null ? resolve(dirname(file), value) : value
  const isOutside = protocol !== null || leaves(path, repositoryAround(dirname(file)) ?? dirname(file))
  const isFree = key !== 'record' && !isOutside
  if (isFree || trustsPlaces(config, context)) return path
  const because = isOutside ? 'is outside of the directory that this file is in' : 'may have come with the queue'
  throw new UserError(
    `${file}:${line}: ${key}: ${value} ${because}`,
    `if the file is yours, or you have read it, say so once with "rebaseline init --trust"; or name another with --${OPTIONS[key]}`,
  )
}

/** The upstream that is named, else the config's. @throws UsageError where there is none. */
export async function upstreamFor<Wish>(
  named: Wish | null,
  place: { queue?: string },
  context: JobContext,
): Promise<Wish | string> {
  if (named !== null) return named
  const config = await configOf(place, context)
  if (config?.upstream) return placeIn(config, 'upstream', config.upstream, context)
  throw new UsageError(
    "required option '--upstream <repository>' not specified",
    `name the upstream's repository, or the tarballs of its releases: --upstream-tarball 4.17.5=xen-4.17.5.tar.xz; "rebaseline init" looks for it, and writes it down in ${CONFIG_NAME}`,
  )
}

const OPTIONS = { queue: 'queue', upstream: 'upstream', record: 'db' }

function leaves(path: string, top: string): boolean {
  return /^\.\.(?:\/|$)/.test(relative(realPath(top), realPath(path)))
}
