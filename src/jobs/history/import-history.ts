/** Reads every past revision of a queue out of its own git repository, and records it. */
import { UserError } from '../../errors.ts'
import { type LoggedCommit, newestThat, readCommitLog } from '../../git/commit-log.ts'
import { ObjectReader } from '../../git/object-reader.ts'
import type { Scratch } from '../../git/scratch.ts'
import { toText } from '../../model/bytes.ts'
import { elementAt } from '../../model/elements.ts'
import type { QueueRevision } from '../../model/life.ts'
import type { Progress } from '../../model/progress.ts'
import { revisionOf } from '../../queue/revision.ts'
import { TreeCache } from '../../queue/tree-files.ts'
import type { Connection } from '../../record/database.ts'
import { saveLife } from '../../record/life.ts'
import { PastPatches } from './past-patches.ts'
import { type PastQueue, PastQueues, type SoughtQueue } from './past-queues.ts'

export interface ImportSource {
  /** Where the queue's repository is, and the queue. */
  repository: string
  queue: string
  /** Branch to the commit at its end. */
  heads: ReadonlyMap<string, string>
  sought: SoughtQueue
}

export interface Imported {
  commits: number
  /** Patches listed by all revisions together, commented-out ones not counted. */
  visits: number
  blobs: number
  /** The first of the lists that could not be read, and why; null where all could. */
  failure: string | null
}

const AT_ONCE = 200

/** @throws UserError where no commit has a queue. */
export async function importHistory(
  scratch: Scratch,
  database: Connection,
  { repository, queue, heads, sought }: ImportSource,
  progress: Progress,
): Promise<Imported> {
  progress('reading the log')
  const log = await readCommitLog(scratch, [...heads.values()], toText(sought.below))
  const reader = new ObjectReader(scratch)
  try {
    const queues = new PastQueues(new TreeCache(reader), sought)
    const patches = new PastPatches(reader)
    const revisions: QueueRevision[] = []
    const chunkFrom = (from: number) => log.slice(from, from + AT_ONCE)
    await queues.prepare(chunkFrom(0))
    for (let from = 0; from < log.length; from += AT_ONCE) {
      progress('reading revisions', from, log.length)
      // git reads ahead meanwhile.
      const ahead = queues.prepare(chunkFrom(from + AT_ONCE))
      const [read] = await Promise.all([readRevisions(chunkFrom(from), queues, patches), ahead])
      revisions.push(...read)
    }
    if (revisions.length === 0) throw nothingIn(repository, sought, queues.failure)
    const visits = revisions.reduce((sum, { entries }) => sum + entries.filter(({ disabled }) => !disabled).length, 0)
    if (patches.size === 0)
      throw new UserError(
        `no commit of ${repository} holds a patch that its queue lists`,
        'name the repository of the patches with --repo',
      )
    progress('recording')
    const branches = await branchesOf(scratch, heads, toText(sought.below))
    await saveLife(database, { repository, queue, branches, revisions, ...patches.read() })
    return { commits: revisions.length, visits, blobs: patches.size, failure: queues.failure }
  } finally {
    reader.close()
  }
}

async function readRevisions(
  commits: readonly LoggedCommit[],
  queues: PastQueues,
  patches: PastPatches,
): Promise<QueueRevision[]> {
  const found: { commit: LoggedCommit; past: PastQueue }[] = []
  for (const commit of commits) {
    const past = await queues.at(commit.sha)
    if (past) found.push({ commit, past })
  }
  await patches.fetch(found.map(({ past }) => past))
  return found.map(({ commit, past }) => toRevision(commit, past, patches))
}

/** Of a branch the newest commit that was read is its end. */
async function branchesOf(
  scratch: Scratch,
  heads: ReadonlyMap<string, string>,
  below: string,
): Promise<Map<string, string>> {
  const branches = new Map<string, string>()
  for (const [name, head] of heads) {
    const end = below === '' ? head : await newestThat(scratch, head, below)
    if (end !== null) branches.set(name, end)
  }
  return branches
}

function nothingIn(repository: string, { path, series }: SoughtQueue, failure: string | null): UserError {
  const place = path ? `${repository}, ${toText(path)},` : repository
  if (failure !== null) return new UserError(`no commit of ${place} has a queue that can be read: ${failure}`, HINT)
  const known = path === null ? [] : ['a queue that is known']
  const named = series === null ? [] : [`a file "${toText(series)}"`]
  return new UserError(`no commit of ${place} holds ${[...known, ...named].join(', or ')}`, HINT)
}

const HINT = 'name the queue in it with --queue, or its series file with --series'

function toRevision(commit: LoggedCommit, past: PastQueue, patches: PastPatches): QueueRevision {
  const { sha, parent, time, author, subject } = commit
  const carried = past.carried.map((visit) => patches.listing(visit, false))
  const disabled = past.disabled.map((visit) => patches.listing(visit, true))
  const parts = past.carried.map(({ patch: { name, strip, reversed, directory } }, at) => {
    return { name, strip, reversed, directory, digest: elementAt(carried, at).digest }
  })
  return {
    ...{ sha, parent, time, author, subject },
    base: past.base,
    revision: revisionOf(parts),
    // A comment that looks like a patch but names no file is none.
    entries: [...carried, ...disabled.filter(({ digest }) => digest !== null)],
  }
}
