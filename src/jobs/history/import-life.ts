/** The life of a queue, imported from its own repository. */
import { isAbsolute, join, relative, resolve } from 'node:path'
import { UsageError, UserError } from '../../errors.ts'
import { listBranches } from '../../git/branches.ts'
import { ObjectReader } from '../../git/object-reader.ts'
import type { Scratch } from '../../git/scratch.ts'
import { type ByteString, fromText, toText } from '../../model/bytes.ts'
import type { JobContext } from '../../model/job.ts'
import { kindAt } from '../../queue/files.ts'
import { type LocatedQueue, locateQueue, realPath, seekListed } from '../../queue/locate.ts'
import type { SoughtQueue } from '../../queue/past-queues.ts'
import { isPlace } from '../../queue/place.ts'
import { seekQueue } from '../../queue/seek-queue.ts'
import { TreeCache } from '../../queue/tree-files.ts'
import { listTags } from '../../upstream/releases.ts'
import { resolveCommit } from '../../upstream/resolve.ts'
import { withCache } from '../../workspace/cache.ts'
import { settleName } from '../../workspace/queue-identity.ts'
import { queueToTry } from '../../workspace/queue-place.ts'
import { type Place, withRecord } from '../../workspace/record.ts'
import { repositoryAround } from '../../workspace/repository-around.ts'
import { withScratch } from '../../workspace/scratch.ts'
import { type Imported, importHistory } from './import-history.ts'

export interface ImportRequest extends Place {
  /** The git repository that holds the queue; null: the one that the queue stands in. */
  repository: string | null
  /** Branches to read; none: all. */
  branches: readonly string[]
  /** The series' file name, in whatever directory; by default what the queue is tells it. */
  series?: string
  /** Bases that the queue's files do not say, or say wrong: "REVISION=RELEASE". */
  bases: readonly string[]
}

export async function importLife(request: ImportRequest, context: JobContext): Promise<Imported> {
  const repository = realPath(resolve(context.cwd, request.repository ?? (await repositoryHere(request, context))))
  return await withCache(context, (cached) =>
    withScratch({ upstream: request.repository ?? repository }, cached, (scratch) =>
      withRecord(request, 'write', context, async (database) => {
        const heads = await listBranches(scratch, request.branches)
        const given = await givenBases(scratch, request.bases)
        const tags = new Map((await listTags(scratch)).map(({ name, commit }) => [commit, name]))
        const located = await locatedIn(request, repository, context)
        const sought = await soughtIn(scratch, request, repository, { located, cwd: context.cwd })
        const queue = located?.source ?? (sought.list === null ? repository : join(repository, toText(sought.list)))
        if (located) await settleName(located.source, database, context)
        const hasAll = request.branches.length === 0
        const source = { ...{ repository, queue, sought, heads, hasAll, given, tags } }
        return await importHistory(scratch, database, source, context.progress)
      }),
    ),
  )
}

async function repositoryHere(request: ImportRequest, context: JobContext): Promise<string> {
  const queue = await queueToTry(request, context)
  const repository = repositoryAround(queue)
  if (repository !== null) return repository
  throw new UserError(`${queue} is in no git repository`, 'name the one that holds its history with --repo')
}

/** @throws UserError for what names no revision of the repository. */
async function givenBases(scratch: Scratch, bases: readonly string[]): Promise<Map<string, string>> {
  const given = new Map<string, string>()
  for (const one of bases) {
    const [, revision, release] = /^([^=]+)=(.+)$/.exec(one) ?? []
    if (revision === undefined || release === undefined)
      throw new UsageError(`"${one}" is no base of a revision`, 'write --base REVISION=RELEASE: --base 1a2b3c4=4.17.3')
    const sha = await resolveCommit(scratch, revision)
    if (sha === null) throw new UserError(`the repository has no revision "${revision}"`, 'name a commit of it')
    given.set(sha, release)
  }
  return given
}

/**
 * The queue that is named, or that stands in the repository; null where it is no file on disk: a
 * bare repository has its files in commits. @throws UserError where what is named is nowhere.
 */
async function locatedIn(
  { queue }: ImportRequest,
  repository: string,
  { cwd }: JobContext,
): Promise<LocatedQueue | null> {
  if (queue === undefined) return isPlace(repository) ? await seekListed(repository) : null
  const path = resolve(cwd, queue)
  return isPlace(path) || pathIn(repository, path) === null ? await locateQueue(path) : null
}

/** From the top of a repository; null of what is not below it. */
function pathIn(repository: string, place: string): ByteString | null {
  const path = relative(repository, realPath(place))
  return path.startsWith('..') || isAbsolute(path) ? null : fromText(path)
}

/** What is sought is what HEAD's commit has: a queue of the work tree need not be in any. */
async function soughtIn(
  scratch: Scratch,
  { queue, series }: ImportRequest,
  repository: string,
  { located, cwd }: { located: LocatedQueue | null; cwd: string },
): Promise<SoughtQueue> {
  const reader = new ObjectReader(scratch)
  try {
    const files = new TreeCache(reader).filesOf(scratch.head ?? 'HEAD')
    const path = queue === undefined ? null : pathIn(repository, located?.source ?? resolve(cwd, queue))
    if (located === null && path !== null && (await kindAt(files, path)) === null)
      throw new UserError(`the newest commit of ${repository} has no ${toText(path)}`, 'name a file or directory of it')
    return await seekQueue({ path, series }, files, repository)
  } finally {
    reader.close()
  }
}
