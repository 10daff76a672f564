/** Where an upstream was cloned from. */
import { dirname, join } from 'node:path'
import { runGit } from './process.ts'
import type { Scratch } from './scratch.ts'

/** The URL of its remote `origin`; null where it names none. Files that its config includes are not read. */
export async function remoteOf(scratch: Scratch): Promise<string | null> {
  const config = join(dirname(scratch.borrowed), 'config')
  const { stdout } = await runGit(scratch, ['config', '--file', config, '--get', 'remote.origin.url'], {
    accept: [0, 1],
  })
  return stdout.toString('utf8').trim() || null
}
