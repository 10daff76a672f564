/** The cache of what is known of an upstream's commits. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Scratch } from '../git/scratch.ts'
import type { CommitCache } from '../model/commit-history.ts'
import type { JobContext } from '../model/job.ts'
import { openCommitIndex } from '../record/commit-index.ts'
import { makePrivate } from './private.ts'

/** Opens the cache of the upstream of a scratch repository for as long as `use` needs it. */
export async function withCommitCache<Result>(
  { borrowed }: Scratch,
  { cache }: JobContext,
  use: (commits: CommitCache) => Promise<Result>,
): Promise<Result> {
  const directory = join(cache, 'commits')
  makePrivate(directory)
  // By where its objects are: a work tree and a linked one have the same.
  const name = createHash('sha256').update(borrowed).digest('hex').slice(0, 16)
  const index = openCommitIndex(join(directory, `${name}.db`))
  try {
    return await use(index)
  } finally {
    index.close()
  }
}
