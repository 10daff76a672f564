/** The queue of the directory one stands in. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { seekListed } from '../queue/locate.ts'

/**
 * The queue that a directory lists, or one above it up to the top of its repository; or that directory
 * itself where it is one of those that are known. Null where there is none.
 */
export async function seekAbove(start: string, directories: ReadonlySet<string>): Promise<string | null> {
  for (let directory = start; ; directory = dirname(directory)) {
    const found = await seekListed(directory)
    if (found) return found.source
    if (directories.has(directory)) return directory
    if (directory === dirname(directory) || existsSync(join(directory, '.git'))) return null
  }
}
