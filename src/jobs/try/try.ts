/** The main job: tries a queue on one release or several, and records what came of each patch. */
import { mkdirSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { keepWorktree } from '../../attempt/keep.ts'
import { UsageError, UserError } from '../../errors.ts'
import type { Scratch } from '../../git/scratch.ts'
import type { Attempt, RecordedAttempt } from '../../model/attempt.ts'
import type { CommitCache } from '../../model/commit-history.ts'
import type { JobContext } from '../../model/job.ts'
import type { Progress } from '../../model/progress.ts'
import type { FormatName, PatchQueue, UpstreamAddress } from '../../model/queue.ts'
import { type LocatedQueue, locateQueue } from '../../queue/locate.ts'
import { readLocated } from '../../queue/read-queue.ts'
import { hashOf } from '../../record/attempt-document.ts'
import type { Connection } from '../../record/database.ts'
import { loadOverrules } from '../../record/overrules.ts'
import { saveAttempt } from '../../record/save-attempt.ts'
import { listTags, tagsMatching } from '../../upstream/releases.ts'
import { withCache } from '../../workspace/cache.ts'
import { withCommitCache } from '../../workspace/commit-cache.ts'
import { preparedQueues } from '../../workspace/prepared-queues.ts'
import { makePrivate } from '../../workspace/private.ts'
import { noteOldRecord, queueToTry } from '../../workspace/queue-place.ts'
import { type Place, recordPath, withRecord } from '../../workspace/record.ts'
import { knownResolutions } from '../../workspace/resolutions.ts'
import {
  repositoriesBeside,
  type ScratchWish,
  type UpstreamWish,
  upstreamName,
  withScratch,
} from '../../workspace/scratch.ts'
import { type Tried, type TryContext, tryQueue } from './try-queue.ts'

export interface TryRequest extends Place {
  upstream: UpstreamWish
  /** Null: find it. */
  base: string | null
  /** Tags, branches, commits, globs of tags. */
  onto: readonly string[]
  guards: readonly string[]
  /** Null: told by content. */
  format: FormatName | null
  /** Whether to leave a work tree. */
  isKept: boolean
}

/** One attempt that was recorded. */
export interface TriedOn {
  attempt: RecordedAttempt
  /** Whether the target is in the base's own history: nothing can have landed in between. */
  goesBack: boolean
  /** How many targets are tried. */
  targets: number
}

/** A work tree that was left. */
export interface KeptTree {
  directory: string
  branch: string
  commits: number
  conflicts: number
}

/** Told of each attempt as soon as it is recorded, and then of the work tree that was left of it. */
export interface TryListener {
  tried: (tried: TriedOn) => void
  kept: (kept: KeptTree) => void
  /** Looks further into an attempt while the scratch repository is there. */
  examine?: (attempt: RecordedAttempt, tried: TriedQueue) => Promise<void>
}

/** A queue that was tried, and what it was tried in. */
export interface TriedQueue {
  located: LocatedQueue
  queue: PatchQueue
  scratch: Scratch
  cache: CommitCache
}

/** Returns the attempts, in the order of the targets. */
export function tryOn(request: TryRequest, context: JobContext, listener: TryListener): Promise<RecordedAttempt[]> {
  return withCache(context, (cached) => tryTargets(request, cached, listener))
}

async function tryTargets(request: TryRequest, context: JobContext, listener: TryListener): Promise<RecordedAttempt[]> {
  const located = await locateQueue(await queueToTry(request, context), request.format)
  noteOldRecord(located.source, request, context)
  const keepIn = request.isKept ? dirname(recordPath(request, context)) : undefined
  const wish = { ...upstreamWish(request), ...(keepIn === undefined ? {} : { keepIn }) }
  return await withScratch(wish, context, (scratch) =>
    withCommitCache(scratch, context, (cache) =>
      withRecord(request, 'write', context, async (database) => {
        const queue = await readLocated(located, {
          guards: new Set(request.guards),
          inRepository: repositoriesBeside(scratch, context),
        })
        const targets = await expandTargets(scratch, request.onto)
        if (request.isKept && targets.length > 1)
          throw new UsageError(
            '--keep is for one target',
            `--onto names ${targets.length}: try one of them with --keep`,
          )
        const prepared = preparedQueues(scratch, context, request.isKept)
        const resolutions = await knownResolutions(database, located, context)
        const attempts: RecordedAttempt[] = []
        for (const onto of targets) {
          const progress: Progress = (step, ...of) =>
            context.progress(targets.length > 1 ? `${onto}: ${step}` : step, ...of)
          const overrules = loadOverrules(database)
          const tools = { scratch, cache, prepared, overrules, resolutions, progress, warn: context.warn }
          const { attempt, tried } = await tryOne(queue, { ...request, onto }, { database, tools }, context)
          attempts.push(attempt)
          listener.tried({ attempt, goesBack: tried.goesBack, targets: targets.length })
          await listener.examine?.(attempt, { located, queue, scratch, cache })
          if (keepIn !== undefined)
            listener.kept(await keep(scratch, queue, { tried, id: attempt.id }, { keepIn, progress }))
        }
        return attempts
      }),
    ),
  )
}

/** Of a directory of tarballs only those are read that are named, if all are. */
function upstreamWish({ upstream, base, onto }: TryRequest): Pick<ScratchWish, 'upstream' | 'releases'> {
  return base === null ? { upstream } : { upstream, releases: [base, ...onto] }
}

/** Says what is not known of an upstream that came as tarballs, and the way to more. */
function withReleasesNote(attempt: Attempt, address: UpstreamAddress | null): Attempt {
  const { queue, results } = attempt
  const open = results.filter(({ verdict: { action, kind } }) => {
    return action === 'review' || kind === 'conflicting' || kind === 'blocked'
  })
  const message = 'only releases are known, from tarballs: no commit and no culprit can be named'
  const clone = address ? `a clone of ${address.url}` : 'a clone of the project'
  const hint = `with ${clone}, and --upstream, more can be told of ${open.length}`
  const note = { file: address?.file ?? queue.source, line: address?.line ?? null, message, hint }
  return { ...attempt, queue: { ...queue, notes: [note, ...queue.notes] } }
}

async function tryOne(
  queue: PatchQueue,
  { upstream, base, onto }: { upstream: UpstreamWish; base: string | null; onto: string },
  { database, tools }: { database: Connection; tools: TryContext },
  context: JobContext,
): Promise<{ attempt: RecordedAttempt; tried: Tried }> {
  const started = context.now()
  const tried = await tryQueue(queue, { upstream: upstreamName(upstream, tools.scratch, context), base, onto }, tools)
  const timing = {
    startedAt: new Date(started).toISOString(),
    durationMs: context.now() - started,
    toolVersion: context.version,
  }
  const contents = new Map(queue.patches.map(({ digest, bytes }) => [digest, bytes]))
  const attempt = tools.scratch.detail === 'releases' ? withReleasesNote(tried.attempt, queue.address) : tried.attempt
  const id = await saveAttempt(database, { attempt, timing, contents, document: hashOf(attempt) })
  return { attempt: { ...attempt, ...timing, id }, tried }
}

/**
 * The releases that `--onto` names, tags in the order of their versions, then the others as given.
 * @throws UserError where one fits none.
 */
async function expandTargets(scratch: Scratch, onto: readonly string[]): Promise<string[]> {
  const tags = await listTags(scratch)
  const named = onto.flatMap((one) => {
    if (!/[*?[]/.test(one)) return [one]
    const found = tagsMatching(tags, one).map(({ name }) => name)
    if (found.length > 0) return found
    throw new UserError(`no tag of the upstream fits "${one}"`, '"git tag" there lists them all')
  })
  const order = new Map(tags.map(({ name }, at) => [name, at]))
  const placeOf = (name: string) => order.get(name) ?? tags.length
  return [...new Set(named)].sort((one, other) => placeOf(one) - placeOf(other))
}

async function keep(
  scratch: Scratch,
  queue: PatchQueue,
  { tried: { attempt, landed }, id }: { tried: Tried; id: number },
  { keepIn, progress }: { keepIn: string; progress: Progress },
): Promise<KeptTree> {
  progress('writing the work tree')
  const kept = await keepWorktree(scratch, attempt.target.commit, queue, landed)
  makePrivate(join(keepIn, 'kept'))
  const directory = makeNew(join(keepIn, 'kept', `attempt-${id}`))
  renameSync(scratch.directory, directory)
  return { directory, ...kept }
}

/**
 * Makes a directory that was not there: the path, or the first of "path-2", "path-3" …: somebody
 * may work in what is there.
 */
function makeNew(path: string): string {
  for (let count = 1; ; count++) {
    const one = count === 1 ? path : `${path}-${count}`
    try {
      mkdirSync(one)
      return one
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}
