/** Where a queue is, from what a person names. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../errors.ts'
import { unsafePath } from '../model/paths.ts'

/** A series file, or a directory of patches without one. */
export interface QueueLocation {
  kind: 'series' | 'directory'
  path: string
}

/** `source`: an absolute path. @throws UserError where nothing is there that can be a queue. */
export function locateQueue(source: string): QueueLocation {
  // What a person names may be a link; what a series names may not.
  const stat = statSync(source, { throwIfNoEntry: false })
  if (!stat)
    throw new UserError(
      `no such file or directory: ${source}`,
      'name a series file or the directory of the queue with --queue',
    )
  if (stat.isFile()) return { kind: 'series', path: source }
  if (!stat.isDirectory())
    throw new UserError(`${source} is no regular file and no directory`, 'name the series file itself')
  const series = ['series', 'patches/series', 'debian/patches/series', guiltSeries(source)]
    .map((path) => join(source, path))
    .find((path) => existsSync(path))
  return series ? { kind: 'series', path: series } : { kind: 'directory', path: source }
}

/** guilt(7): the series of the branch that HEAD names. */
function guiltSeries(source: string): string {
  const head = join(source, '.git/HEAD')
  const [, branch] = (existsSync(head) && /^ref: refs\/heads\/(.+)$/m.exec(readFileSync(head, 'utf8'))) || []
  return branch && unsafePath(branch) === null ? `.git/patches/${branch}/series` : 'series'
}

/** Where a directory has a queue of its own; null where it has none. */
export function seekQueue(directory: string): QueueLocation | null {
  const found = locateQueue(directory)
  return found.kind === 'series' || readdirSync(directory).some(isPatchName) ? found : null
}

export function isPatchName(name: string): boolean {
  return /\.(?:patch|diff)$/.test(name)
}
