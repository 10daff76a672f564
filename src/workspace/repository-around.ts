/** The repository that something is in. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The top of the git work tree that a path is in, or is; null where it is in none. */
export function repositoryAround(path: string): string | null {
  for (let directory = path; ; directory = dirname(directory)) {
    if (existsSync(join(directory, '.git'))) return directory
    if (directory === dirname(directory)) return null
  }
}
