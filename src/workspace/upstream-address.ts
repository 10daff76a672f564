/** Where the commits of an upstream can be looked at. */
import { UserError } from '../errors.ts'
import { protocolOf } from '../git/mirror.ts'
import { remoteOf } from '../git/remote.ts'
import { commitAddress } from '../model/commit-address.ts'
import type { JobContext } from '../model/job.ts'
import { isAtHand, withScratch } from './scratch.ts'

/** What stands before a commit's id in addresses; null where its remote is not known. */
export async function addressOfCommits(upstream: string, context: JobContext): Promise<string | null> {
  if (protocolOf(upstream)) return commitAddress(upstream)
  if (!isAtHand(upstream)) return null
  try {
    const remote = await withScratch({ upstream }, context, remoteOf)
    return remote && commitAddress(remote)
  } catch (error) {
    // What was an upstream once may be none now: a report is whole without its links.
    if (error instanceof UserError) return null
    throw error
  }
}
