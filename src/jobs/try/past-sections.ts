/** Reads what a queue listed at earlier revisions of its own repository. */
import { relative } from 'node:path'
import { UserError } from '../../errors.ts'
import { ObjectReader } from '../../git/object-reader.ts'
import { fromText } from '../../model/bytes.ts'
import type { JobContext } from '../../model/job.ts'
import type { PatchSummary } from '../../model/patch.ts'
import { PastQueues } from '../../queue/past-queues.ts'
import { seekQueue } from '../../queue/seek-queue.ts'
import { TreeCache } from '../../queue/tree-files.ts'
import { resolveCommit } from '../../upstream/resolve.ts'
import { repositoryAround } from '../../workspace/repository-around.ts'
import { withScratch } from '../../workspace/scratch.ts'

/** A patch as an earlier revision listed it. */
export type PastListing = Pick<PatchSummary, 'name' | 'section'>

/** A revision that somebody named, and where: "rebaseline.yaml:4". */
export interface NamedRevision {
  revision: string
  at: string
}

/**
 * What took part in the queue at each revision, by its name. `queue`: the list of the queue.
 *
 * @throws UserError where its repository has no such revision, or that has no such queue.
 */
export async function pastSections(
  queue: string,
  revisions: readonly NamedRevision[],
  guards: ReadonlySet<string>,
  context: JobContext,
): Promise<Map<string, PastListing[]>> {
  const [first] = revisions
  if (!first) return new Map()
  const repository = repositoryAround(queue)
  if (repository === null)
    throw new UserError(
      `${first.at}: ${queue} is in no git repository: what it was at ${first.revision} is not known`,
      'take the gate out, or keep the queue in a repository',
    )
  return withScratch({ upstream: repository }, context, async (fork) => {
    const reader = new ObjectReader(fork)
    try {
      const trees = new TreeCache(reader)
      const path = fromText(relative(repository, queue))
      const sought = await seekQueue({ path, series: undefined }, trees.filesOf(fork.head ?? 'HEAD'), repository)
      const past = new PastQueues(trees, sought)
      const found = new Map<string, PastListing[]>()
      for (const { revision, at } of revisions) {
        const sha = await resolveCommit(fork, revision)
        if (sha === null) throw noRevision(revision, at)
        const located = await past.locate(sha)
        if (!located) throw new UserError(`${at}: there is no queue at ${revision}`, 'name a revision that has it')
        const { patches } = await located.reader.read(located.files, located.list, { guards })
        found.set(revision, patches)
      }
      return found
    } finally {
      reader.close()
    }
  })
}

function noRevision(revision: string, at: string): UserError {
  return new UserError(
    `${at}: the repository of the queue has no revision "${revision}"`,
    'name a tag, a branch or a commit of it; a shallow clone lacks what is older: git fetch --unshallow',
  )
}
