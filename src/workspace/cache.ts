/** The directory of what can be made again, or one that stands in for it. */
import { accessSync, constants, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { JobContext } from '../model/job.ts'
import { isOursOrFree } from './private.ts'

/**
 * Hands on a context whose cache can be written: where the user's own cannot, a temporary one, which
 * is gone afterwards, and a person is told.
 */
export async function withCache<Result>(
  context: JobContext,
  use: (context: JobContext) => Promise<Result>,
): Promise<Result> {
  const trouble = troubleWith(context.cache)
  if (trouble === null) return await use(context)
  context.warn(`${trouble}: this run goes on without the cache; mend it, or name another place with XDG_CACHE_HOME`)
  const cache = mkdtempSync(join(context.temporary, 'rebaseline-'))
  const remove = () => rmSync(cache, { recursive: true, force: true })
  const forget = context.onExit(remove)
  try {
    return await use({ ...context, cache })
  } finally {
    remove()
    forget()
  }
}

/** Why something of the cache cannot be written; null where all of it can. */
export function troubleWith(cache: string): string | null {
  try {
    mkdirSync(cache, { recursive: true, mode: 0o700 })
    for (const directory of [cache, ...readdirSync(cache).map((name) => join(cache, name))]) {
      if (!isOursOrFree(directory)) return `${directory} is no directory of yours`
      accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK)
    }
    return null
  } catch (error) {
    const { path = cache, code } = error as NodeJS.ErrnoException
    return `${path} cannot be written (${code})`
  }
}
