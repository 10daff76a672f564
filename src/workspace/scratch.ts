/** Opens the scratch repository of a job, and sees to it that it goes away. */
import { accessSync, constants, existsSync, rmSync, statfsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { UserError } from '../errors.ts'
import { mirrorOf, mirrorUpstream, protocolOf, withoutPassword } from '../git/mirror.ts'
import type { GitSetting } from '../git/plain.ts'
import { GitProcesses } from '../git/process.ts'
import { queueRepository } from '../git/queue-repository.ts'
import { openScratch, type Scratch } from '../git/scratch.ts'
import type { UpstreamDetail } from '../model/detail.ts'
import type { JobContext } from '../model/job.ts'
import type { GivenTarball } from '../model/tarball.ts'
import type { InRepository } from '../queue/formats/format.ts'
import { claimPath, sweep } from './claim.ts'
import { isOursOrFree, makePrivate } from './private.ts'
import { isOfReleases, repositoryOfReleases, tarballsIn } from './releases.ts'

/**
 * A scratch repository of a long queue takes some hundred megabytes; so much must be free for it to
 * be in memory.
 */
const ROOM = 4 * 2 ** 30
const MEMORY = '/dev/shm'

/** How a person names an upstream. */
export type UpstreamWish = string | readonly GivenTarball[]

/** How a scratch repository is to be. */
export interface ScratchWish {
  /** A path or a URL; or the tarballs of its releases. */
  upstream: UpstreamWish
  /** The releases of a directory of tarballs that are needed; all, where it lacks one of them. */
  releases?: readonly string[]
  /**
   * The directory in which it is to stay, on a disk; else it is made in memory where the system
   * offers that (shm_overview(7)): it is thousands of small files that live for seconds.
   */
  keepIn?: string
}

/** Opens a scratch repository for as long as `use` needs it; what was moved away is kept. */
export async function withScratch<Result>(
  wish: ScratchWish,
  context: JobContext,
  use: (scratch: Scratch) => Promise<Result>,
): Promise<Result> {
  const { signal, path } = context
  signal?.throwIfAborted()
  const parent = scratchParent(context, wish.keepIn)
  sweep(parent)
  const claim = claimPath(parent, context)
  const processes = new GitProcesses(context.gitPatience, context.trace)
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
    const copy = await copyOf(wish, setting, context)
    const scratch = await openScratch(claim.path, copy.path, setting, copy.detail)
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

/** An upstream on this machine: a work tree or a bare repository. */
interface UpstreamCopy {
  path: string
  detail: UpstreamDetail
}

/** The upstream on this machine: one that is known by its URL is fetched, tarballs are read. */
async function copyOf(
  { upstream, releases }: ScratchWish,
  setting: GitSetting,
  context: JobContext,
): Promise<UpstreamCopy> {
  const tarballs = typeof upstream === 'string' ? tarballsOf(upstream, releases, context) : upstream
  if (tarballs) return { path: await repositoryOfReleases(tarballs, setting, context), detail: 'releases' }
  const named = String(upstream)
  if (!protocolOf(named)) {
    const path = resolve(context.cwd, named)
    return { path, detail: isOfReleases(path, context) ? 'releases' : 'commits' }
  }
  context.progress('fetching the upstream')
  makePrivate(mirrorsOf(context))
  return { path: await mirrorUpstream(named, mirrorsOf(context), setting, context.progress), detail: 'commits' }
}

function tarballsOf(
  upstream: string,
  wanted: readonly string[] | undefined,
  context: JobContext,
): GivenTarball[] | null {
  const tarballs = protocolOf(upstream) ? null : tarballsIn(upstream, context)
  const isThere = (name: string) => tarballs?.some(({ version }) => version === name)
  if (!tarballs || !wanted?.every(isThere)) return tarballs
  return tarballs.filter(({ version }) => wanted.includes(version))
}

/**
 * An upstream as it is recorded: where it is, or its URL without a password. Of releases the
 * repository in the cache: their tarballs need not stay.
 */
export function upstreamName(upstream: UpstreamWish, { borrowed, detail }: Scratch, { cwd }: JobContext): string {
  if (detail === 'releases' || typeof upstream !== 'string') return dirname(borrowed)
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
  if (!protocolOf(upstream)) {
    if (isOfReleases(upstream, context) && !existsSync(upstream))
      throw new UserError(
        'the releases of the attempt are not in the cache any more',
        'try with their tarballs again: "rebaseline try --help" says how',
      )
    return upstream
  }
  const mirror = mirrorOf(upstream, mirrorsOf(context))
  if (existsSync(mirror)) return mirror
  throw new UserError(
    `${upstream} was not fetched here`,
    'try with it, if you trust it: "rebaseline try --help" says how',
  )
}

/** Whether an upstream is a URL of which no copy is here. */
export function isUnfetched(upstream: string, context: JobContext): boolean {
  return protocolOf(upstream) !== null && !existsSync(mirrorOf(upstream, mirrorsOf(context)))
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
