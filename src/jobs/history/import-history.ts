/** Reads every past revision of a queue out of its own git repository, and records it. */
import { UserError } from '../../errors.ts'
import { type LoggedCommit, newestThat, readCommitLog } from '../../git/commit-log.ts'
import { ObjectReader } from '../../git/object-reader.ts'
import type { Scratch } from '../../git/scratch.ts'
import { toText } from '../../model/bytes.ts'
import { elementAt } from '../../model/elements.ts'
import type { QueueRevision } from '../../model/life.ts'
import type { Progress } from '../../model/progress.ts'
import { type PastQueue, PastQueues, type SoughtQueue } from '../../queue/past-queues.ts'
import { revisionOf } from '../../queue/revision.ts'
import { TreeCache } from '../../queue/tree-files.ts'
import type { Connection } from '../../record/database.ts'
import { type KnownRevision, knownRevisions, saveLife } from '../../record/life.ts'
import { PastPatches } from './past-patches.ts'
import { settleBases } from './settle-bases.ts'

export interface ImportSource {
  /** Where the queue's repository is, and the queue. */
  repository: string
  queue: string
  /** Branch to the commit at its end. */
  heads: ReadonlyMap<string, string>
  /** Whether these are all branches that the repository has. */
  hasAll: boolean
  sought: SoughtQueue
  /** What a person said of the base of a revision, by commit. */
  given: ReadonlyMap<string, string>
  /** Tags of the repository, by commit. */
  tags: ReadonlyMap<string, string>
}

export interface Imported {
  /** Revisions that were read, and those that were known before. */
  commits: number
  known: number
  /** Patches listed by all revisions that were read, those without a part in it not counted. */
  visits: number
  blobs: number
  /** The first of the lists that could not be read, and why; null where all could. */
  failure: string | null
  /** Where a shallow clone ends. */
  cuts: string[]
}

const AT_ONCE = 200

/** @throws UserError where no commit has a queue. */
export async function importHistory(
  scratch: Scratch,
  database: Connection,
  source: ImportSource,
  progress: Progress,
): Promise<Imported> {
  const { repository, queue, heads, hasAll, sought, given, tags } = source
  progress('reading the log')
  const log = await readCommitLog(scratch, [...heads.values()], toText(sought.below))
  const reading = JSON.stringify([READING, sought, [...given], [...tags]])
  // What a person said of one revision holds for those behind it.
  const known = given.size > 0 ? new Map<string, KnownRevision>() : knownRevisions(database, repository, reading)
  const reader = new ObjectReader(scratch)
  try {
    const queues = new PastQueues(new TreeCache(reader), sought)
    const patches = new PastPatches(reader)
    const unread = log.filter(({ sha }) => !known.has(sha))
    const read = await readAll(unread, queues, patches, progress)
    if (known.size === 0 && read.every(({ problem }) => problem !== null))
      throw nothingIn(repository, sought, queues.failure)
    const linked = withNearestParents(read, log, known)
    const revisions = settleBases(linked, { given, tags, known })
    const visits = revisions.reduce((sum, { entries }) => sum + entries.filter(({ disabled }) => !disabled).length, 0)
    if (patches.size === 0 && known.size === 0)
      throw new UserError(
        `no commit of ${repository} holds a patch that its queue lists`,
        'name the repository of the patches with --repo',
      )
    progress('recording')
    const branches = await branchesOf(scratch, heads, toText(sought.below))
    const cuts = log.flatMap(({ sha }) => (scratch.cuts.has(sha) ? [sha] : []))
    const story = { ...{ repository, queue, branches, hasAll, cuts, reading }, head: scratch.headBranch }
    await saveLife(database, { ...story, revisions, ...patches.read() })
    const counts = { commits: revisions.length, known: known.size, visits, blobs: patches.size }
    return { ...counts, failure: queues.failure, cuts }
  } finally {
    reader.close()
  }
}

/** Raised whenever revisions are read in another way than before. */
const READING = 1

async function readAll(
  log: readonly LoggedCommit[],
  queues: PastQueues,
  patches: PastPatches,
  progress: Progress,
): Promise<QueueRevision[]> {
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
  return revisions
}

/** A commit without a queue is no end: what came before it is the queue's past, too. */
function withNearestParents(
  revisions: readonly QueueRevision[],
  log: readonly LoggedCommit[],
  known: ReadonlyMap<string, unknown>,
): QueueRevision[] {
  const own = new Set(revisions.map(({ sha }) => sha))
  const nearest = new Map<string, string | null>()
  for (const { sha, parent } of log) {
    const hasQueue = own.has(sha) || known.has(sha)
    nearest.set(sha, hasQueue ? sha : parent === null ? null : (nearest.get(parent) ?? null))
  }
  return revisions.map((one) => ({ ...one, parent: one.parent === null ? null : (nearest.get(one.parent) ?? null) }))
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

const HINT = `what is understood are queues in files, and their past: name one in it with --queue, or its series with --series;
  of a queue that is commits on top of a release the branch is the queue, and has no past: rebaseline try --queue "REPO#v1.0..BRANCH"`

function toRevision(commit: LoggedCommit, past: PastQueue, patches: PastPatches): QueueRevision {
  const { sha, parent, time, author, subject } = commit
  const carried = past.carried.map((visit) => patches.listing(visit))
  const disabled = past.disabled.map((visit) => patches.listing(visit))
  const parts = past.carried.map(({ patch: { name, strip, reversed, directory } }, at) => {
    return { name, strip, reversed, directory, digest: elementAt(carried, at).digest }
  })
  return {
    ...{ sha, parent, time, author, subject },
    base: past.base?.name ?? null,
    baseFrom: past.base?.from ?? null,
    problem: past.problem,
    revision: revisionOf(parts),
    // A comment that looks like a patch but names no file is none.
    entries: [...carried, ...disabled.filter(({ digest }) => digest !== null)],
  }
}
