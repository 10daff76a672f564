/** The main job: tries a queue on one release or several, and records what came of each patch. */
import { mkdirSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { keepWorktree } from '../../attempt/keep.ts'
import { UsageError, UserError } from '../../errors.ts'
import type { Scratch } from '../../git/scratch.ts'
import type { RecordedAttempt } from '../../model/attempt.ts'
import type { CommitCache } from '../../model/commit-history.ts'
import { CONFIG_NAME, type Config, NO_CONFIG } from '../../model/config.ts'
import type { JobContext } from '../../model/job.ts'
import type { Progress } from '../../model/progress.ts'
import type { FormatName, PatchQueue } from '../../model/queue.ts'
import { type LocatedQueue, locateQueue } from '../../queue/locate.ts'
import { readLocated } from '../../queue/read-queue.ts'
import { hashOf } from '../../record/attempt-document.ts'
import type { Connection } from '../../record/database.ts'
import { loadOverrules } from '../../record/overrules.ts'
import { calledAt } from '../../record/queue-names.ts'
import { saveAttempt } from '../../record/save-attempt.ts'
import { expandTargets, listTags, releasesIn, tagsMatching } from '../../upstream/releases.ts'
import { withCache } from '../../workspace/cache.ts'
import { withCommitCache } from '../../workspace/commit-cache.ts'
import { configOf, upstreamFor } from '../../workspace/config.ts'
import { preparedQueues } from '../../workspace/prepared-queues.ts'
import { makePrivate } from '../../workspace/private.ts'
import { settleName } from '../../workspace/queue-identity.ts'
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
import { inputsOf } from './inputs.ts'
import { makeAttempt } from './make-attempt.ts'
import { takeRecorded } from './recorded.ts'
import type { Retirements } from './retire.ts'
import type { Tried, TryContext, TryOptions } from './try-queue.ts'

export interface TryRequest extends Place {
  /** Null: what the config names. */
  upstream: UpstreamWish | null
  /** Null: what the config says, or else find it. */
  base: string | null
  /** Tags, branches, commits, globs of tags; none: the newest release that the config's tags name. */
  onto: readonly string[]
  guards: readonly string[]
  /** Null: what the config says, or else told by content. */
  format: FormatName | null
  /** Whether to leave a work tree. */
  isKept: boolean
  /** Whether an attempt of the same inputs, where it is the newest of the queue, is not made again. */
  takesRecorded: boolean
}

/** What is tried, with what the config says in it. */
interface SettledTry extends TryRequest, Pick<TryOptions, 'baseFound'> {
  upstream: UpstreamWish
  config: Config
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

/** Told of each new attempt as soon as it is recorded, and then of the work tree that was left of it. */
export interface TryListener {
  tried: (tried: TriedOn) => void
  kept: (kept: KeptTree) => void
  /** Looks further into an attempt while the scratch repository is there. */
  examine?: (attempt: RecordedAttempt, tried: TriedQueue) => Promise<void>
}

/** A queue that was tried, and what it was tried in. */
export interface TriedQueue extends Pick<Tried, 'entries' | 'rebuilt'> {
  /** Whether the attempt was made before, of the same inputs. */
  isRecorded: boolean
  located: LocatedQueue
  queue: PatchQueue
  scratch: Scratch
  cache: CommitCache
  database: Connection
  config: Config
  retirements: Retirements
}

/** Returns the attempts, in the order of the targets. */
export function tryOn(request: TryRequest, context: JobContext, listener: TryListener): Promise<RecordedAttempt[]> {
  return withCache(context, async (cached) => tryTargets(await withConfig(request, cached), cached, listener))
}

async function withConfig(request: TryRequest, context: JobContext): Promise<SettledTry> {
  const upstream = await upstreamFor(request.upstream, request, context)
  const config = (await configOf(request, context)) ?? NO_CONFIG
  const format = request.format ?? config.format?.value ?? null
  const settled = { ...request, upstream, config, format }
  if (request.base !== null || config.base === null) return settled
  const { value: base, line } = config.base
  return { ...settled, base, baseFound: `stated (${CONFIG_NAME}:${line})` }
}

async function tryTargets(request: SettledTry, context: JobContext, listener: TryListener): Promise<RecordedAttempt[]> {
  const located = await locateQueue(await queueToTry(request, context), request.format)
  noteOldRecord(located.source, request, context)
  const { config } = request
  const keepIn = request.isKept ? dirname(await recordPath(request, context)) : undefined
  const wish = { ...upstreamWish(request), ...(keepIn === undefined ? {} : { keepIn }) }
  return await withScratch(wish, context, (scratch) =>
    withCommitCache(scratch, context, (cache) =>
      withRecord(request, 'write', context, async (database) => {
        await settleName(located.source, database, context)
        const queue = await readLocated(located, {
          guards: new Set(request.guards),
          inRepository: repositoriesBeside(scratch, context),
        })
        const targets = await targetsOf(scratch, request, context)
        if (request.isKept && targets.length > 1)
          throw new UsageError(
            '--keep is for one target',
            `--onto names ${targets.length}: try one of them with --keep`,
          )
        const prepared = preparedQueues(scratch, context, request.isKept)
        const resolutions = await knownResolutions(database, located, context)
        const attempts: RecordedAttempt[] = []
        const upstream = upstreamName(request.upstream, scratch, context)
        for (const onto of targets) {
          const progress: Progress = (step, ...of) =>
            context.progress(targets.length > 1 ? `${onto}: ${step}` : step, ...of)
          const overrules = loadOverrules(database)
          const tools = { scratch, cache, prepared, overrules, resolutions, progress, warn: context.warn }
          const asked = { ...request, upstream, onto }
          const { attempt, tried, ...known } = await tryOne(queue, asked, { database, tools }, context)
          attempts.push(attempt)
          if (tried) listener.tried({ attempt, goesBack: tried.goesBack, targets: targets.length })
          const isRecorded = tried === null
          await listener.examine?.(attempt, { ...known, isRecorded, located, queue, scratch, cache, database, config })
          if (keepIn !== undefined && tried)
            listener.kept(await keep(scratch, queue, { tried, id: attempt.id }, { keepIn, progress }))
        }
        return attempts
      }),
    ),
  )
}

/** The releases to try, in their order. */
async function targetsOf(scratch: Scratch, { onto, config }: SettledTry, { warn }: JobContext): Promise<string[]> {
  const tags = await listTags(scratch)
  if (onto.length > 0) return expandTargets(tags, onto)
  if (config.tags === null)
    throw new UsageError(
      "required option '--onto <commit...>' not specified",
      `name a release; or say in ${CONFIG_NAME} which tags are releases ("tags: v*"): then the newest of them is taken`,
    )
  const { value, line } = config.tags
  const newest = releasesIn(tagsMatching(tags, value)).at(-1)
  if (newest === undefined)
    throw new UserError(
      `${CONFIG_NAME}:${line}: no release of the upstream fits "${value}"`,
      'mend the glob, or fetch the tags of the upstream: "git fetch --tags" there',
    )
  warn(`tried on ${newest.name}, the newest release that fits "${value}" (${CONFIG_NAME}:${line})`)
  return [newest.name]
}

/** Of a directory of tarballs only those are read that are named, if all are. */
function upstreamWish({ upstream, base, onto }: SettledTry): Pick<ScratchWish, 'upstream' | 'releases'> {
  return base === null ? { upstream } : { upstream, releases: [base, ...onto] }
}

/** An attempt, and what else is known of it. */
interface Outcome extends Pick<TriedQueue, 'entries' | 'rebuilt' | 'retirements'> {
  attempt: RecordedAttempt
  /** Null where it was made before. */
  tried: Tried | null
}

/** Tries the queue on one target, and records the attempt; or takes the one that is recorded. */
async function tryOne(
  queue: PatchQueue,
  options: TryOptions & Pick<SettledTry, 'config' | 'takesRecorded'>,
  { database, tools }: { database: Connection; tools: TryContext },
  context: JobContext,
): Promise<Outcome> {
  const inputs = await inputsOf(queue, options, tools, context)
  const recorded = options.takesRecorded ? await takeRecorded(queue, inputs, options, { database, tools }) : null
  if (recorded) return { ...recorded, tried: null }
  // What is said beside an attempt has to be said each time.
  let isAllRecorded = true
  const warn = (message: string) => {
    isAllRecorded = false
    tools.warn(message)
  }
  const { tried, retirements, ...made } = await makeAttempt(queue, options, { ...tools, warn }, context)
  const known = isAllRecorded ? { inputs } : {}
  const id = await saveAttempt(database, { ...made, ...known, document: hashOf(made.attempt) })
  const { entries, rebuilt } = tried
  const called = calledAt(database, queue.source)
  return { attempt: { ...made.attempt, ...made.timing, id, called }, entries, rebuilt, retirements, tried }
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
