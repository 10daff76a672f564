/** Opens the scratch repository of a job, and sees to it that it goes away. */
import { accessSync, constants, existsSync, rmSync, statfsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UserError } from '../errors.ts'
import { mirrorOf, mirrorUpstream, protocolOf, withoutPassword } from '../git/mirror.ts'
import type { GitSetting } from '../git/plain.ts'
import { GitProcesses } from '../git/process.ts'
import { queueRepository } from '../git/queue-repository.ts'
import { openScratch, type Scratch } from '../git/scratch.ts'
import type { JobContext } from '../model/job.ts'
import type { InRepository } from '../queue/formats/format.ts'
import { claimPath, sweep } from './claim.ts'
import { isOursOrFree, makePrivate } from './private.ts'

/**
 * A scratch repository of a long queue takes some hundred megabytes; so much must be free for it to
 * be in memory.
 */
const ROOM = 4 * 2 ** 30
const MEMORY = '/dev/shm'

/** How a scratch repository is to be. */
export interface ScratchWish {
  /** A path or a URL. */
  upstream: string
  /**
   * The directory in which it is to stay, on a disk; else it is made in memory where the system
   * offers that (shm_overview(7)): it is thousands of small files that live for seconds.
   */
  keepIn?: string
}

/** Opens a scratch repository for as long as `use` needs it; what was moved away is kept. */
export async function withScratch<Result>(
  { upstream, keepIn }: ScratchWish,
  context: JobContext,
  use: (scratch: Scratch) => Promise<Result>,
): Promise<Result> {
  const { signal, path } = context
  signal?.throwIfAborted()
  const parent = scratchParent(context, keepIn)
  sweep(parent)
  const claim = claimPath(parent, context)
  const processes = new GitProcesses(context.gitPatience)
  const close = () => {
    processes.stop()
    removeDirectory(claim.path)
    claim.release()
  }
  const forget = context.onExit(close)
  const stop = () => processes.stop()
  signal?.addEventListener('abort', stop)
  try {
    const setting = { path, processes, ...(signal ? { signal } : {}) }
    const repository = await upstreamPath(upstream, setting, context)
    const scratch = await openScratch(claim.path, repository, setting)
    for (const one of scratch.ignored)
      context.warn(`the upstream has ${one}: they are not followed, its own history is`)
    return await use(scratch)
  } catch (error) {
    // What fails since the job was ended is no failure of its own.
    signal?.throwIfAborted()
    throw error
  } finally {
    signal?.removeEventListener('abort', stop)
    await processes.stopped()
    close()
    forget()
  }
}

/** Opens the repositories that hold queues, each as read-only as the upstream. */
export function repositoriesBeside(upstream: Scratch, context: JobContext): InRepository {
  return (directory, use) =>
    withScratch({ upstream: directory }, context, async (fork) => use(await queueRepository(fork, upstream)))
}

/** The upstream repository on this machine: one that is known by its URL is fetched. */
async function upstreamPath(upstream: string, setting: GitSetting, context: JobContext): Promise<string> {
  if (!protocolOf(upstream)) return resolve(context.cwd, upstream)
  context.progress('fetching the upstream')
  makePrivate(mirrorsOf(context))
  return mirrorUpstream(upstream, mirrorsOf(context), setting, context.progress)
}

/** An upstream as it is recorded: where it is, or its URL without a password. */
export function upstreamName(upstream: string, { cwd }: JobContext): string {
  return protocolOf(upstream) === null ? resolve(cwd, upstream) : withoutPassword(upstream)
}

/** Whether an upstream that a record names is at hand without fetching it. */
export function isAtHand(upstream: string): boolean {
  return protocolOf(upstream) === null && existsSync(upstream)
}

function scratchParent({ cache }: JobContext, keepIn: string | undefined): string {
  const inMemory = join(MEMORY, `rebaseline-${process.getuid?.() ?? 0}`)
  const onDisk = join(keepIn ?? cache, 'scratch')
  const parent = keepIn !== undefined || !hasRoom(MEMORY) || !isOursOrFree(inMemory) ? onDisk : inMemory
  makePrivate(parent)
  return parent
}

/**
 * The upstream that a record names, where it is at hand. Never fetched: the record may be of
 * somebody else's making.
 */
export function recordedUpstream(upstream: string, context: JobContext): string {
  if (!protocolOf(upstream)) return upstream
  const mirror = mirrorOf(upstream, mirrorsOf(context))
  if (existsSync(mirror)) return mirror
  throw new UserError(`${upstream} was not fetched here`, 'run "rebaseline try" with it, if you trust it')
}

function mirrorsOf({ cache }: JobContext): string {
  return join(cache, 'upstreams')
}

function hasRoom(directory: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(directory)
    accessSync(directory, constants.W_OK)
    return bavail * bsize >= ROOM
  } catch {
    return false
  }
}

function removeDirectory(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  } catch {
    // Never in place of what went wrong before; the next run sweeps.
  }
}
