/** Which queue `init` is about. */
import { readdirSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { UserError } from '../../errors.ts'
import type { JobContext } from '../../model/job.ts'
import type { FormatName } from '../../model/queue.ts'
import { type LocatedQueue, locateQueue, seekListed } from '../../queue/locate.ts'
import { seekAbove } from '../../workspace/seek-above.ts'

/** How deep below the directory one stands in a queue is looked for. */
const DEPTH = 3

/** The queue that is named, or of the directory one stands in, or above it, or below. */
export async function locateForInit(
  { queue, format }: { queue?: string; format?: FormatName },
  { cwd }: JobContext,
): Promise<LocatedQueue> {
  if (queue !== undefined) return locateQueue(resolve(cwd, queue), format ?? null)
  const above = await seekAbove(cwd, new Set())
  if (above !== null) return locateQueue(above, format ?? null)
  const found = new Map<string, LocatedQueue>()
  for (const directory of directoriesBelow(cwd, DEPTH)) {
    const listed = await seekListed(directory)
    if (listed) found.set(listed.source, listed)
  }
  const [first, second] = found.values()
  if (first && !second) return first
  if (!first)
    throw new UserError(
      `no queue is in ${cwd}, above it, or ${DEPTH} directories below`,
      'name it with --queue: a series, a spec, a directory of patches, or REPO#BASE..TIP',
    )
  const names = [...found.keys()].slice(0, 5).map((source) => relative(cwd, source))
  throw new UserError(
    `${found.size} queues are below ${cwd}: ${names.join(', ')}${found.size > 5 ? ', …' : ''}`,
    `name the one that is meant: --queue ${names[0]}`,
  )
}

function directoriesBelow(directory: string, depth: number): string[] {
  if (depth === 0) return []
  const below = readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .map(({ name }) => join(directory, name))
  return below.flatMap((path) => [path, ...directoriesBelow(path, depth - 1)])
}
