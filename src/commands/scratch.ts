/** Opens the scratch repository of a command, and sees to it that it goes away. */
import { accessSync, constants, existsSync, lstatSync, mkdirSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UserError } from '../errors.ts'
import { mirrorOf, mirrorUpstream, protocolOf } from '../git/mirror.ts'
import { stopGit } from '../git/process.ts'
import { openScratch, type Scratch } from '../git/scratch.ts'
import { takeLock } from '../record/lock.ts'
import type { CommandContext } from './context.ts'

/**
 * A scratch repository of a long queue takes some hundred megabytes; so much must be free for it to
 * be in memory.
 */
const ROOM = 4 * 2 ** 30
const MEMORY = '/dev/shm'

/**
 * `directory`: the record's own; it is ours, and on a disk with room. `upstream`: a path or a URL.
 * `isKept`: whether the repository is to stay; else it is made in memory where the system offers
 * that (shm_overview(7)): it is thousands of small files that live for seconds.
 */
export async function makeScratch(
  directory: string,
  upstream: string,
  isKept: boolean,
  context: CommandContext,
): Promise<Scratch> {
  const parent = scratchParent(directory, isKept)
  sweep(parent)
  const path = claimPath(parent, context)
  try {
    const protocol = protocolOf(upstream)
    if (!protocol) return await openScratch(path, resolve(context.cwd, upstream), context.path)
    context.progress('fetching the upstream')
    makePrivate(mirrorsOf(context))
    return await openScratch(
      path,
      await mirrorUpstream(upstream, protocol, mirrorsOf(context), context.path),
      context.path,
    )
  } catch (error) {
    removeScratch(path)
    throw error
  }
}

function scratchParent(directory: string, isKept: boolean): string {
  const [inMemory, onDisk] = [join(MEMORY, `rebaseline-${process.getuid?.() ?? 0}`), join(directory, 'scratch')]
  const parent = isKept || !hasRoom(MEMORY) || !isOursOrFree(inMemory) ? onDisk : inMemory
  makePrivate(parent)
  return parent
}

const LOCK = '.lock'

/**
 * A path below a directory that is ours while we live: its lock is beside it, and is taken before
 * anything is made.
 */
function claimPath(parent: string, context: CommandContext): string {
  for (let attempt = 0; ; attempt++) {
    const path = join(parent, `${process.pid}-${context.now()}-${attempt}`)
    const release = takeLock(`${path}${LOCK}`)
    if (!release) continue
    context.onExit(() => {
      removeScratch(path)
      rmSync(`${path}${LOCK}`, { force: true })
      release()
    })
    return path
  }
}

/**
 * Removes the scratch repositories whose process is gone: what nobody holds the lock of. Anything
 * else there is not ours.
 */
function sweep(parent: string): void {
  const locks = readdirSync(parent).filter((name) => /^\d+-\d+-\d+\.lock$/.test(name))
  for (const name of locks) {
    const lock = join(parent, name)
    const release = lstatSync(lock, { throwIfNoEntry: false })?.isFile() ? takeLock(lock) : null
    if (!release) continue
    rmSync(lock.slice(0, -LOCK.length), { recursive: true, force: true })
    rmSync(lock, { force: true })
    release()
  }
}

/**
 * The upstream that a record names, where it is at hand. Never fetched: the record may be of
 * somebody else's making.
 */
export function recordedUpstream(upstream: string, context: CommandContext): string {
  if (!protocolOf(upstream)) return upstream
  const mirror = mirrorOf(upstream, mirrorsOf(context))
  if (existsSync(mirror)) return mirror
  throw new UserError(`${upstream} was not fetched here`, 'run "rebaseline try" with it, if you trust it')
}

function mirrorsOf({ cache }: CommandContext): string {
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

/**
 * Others can write beside it in /dev/shm: it must be a directory of ours, that nobody else may
 * enter.
 */
export function makePrivate(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  if (!isOursOrFree(directory)) {
    throw new UserError(`${directory} belongs to somebody else`, 'remove it, or have it removed')
  }
}

/** Whether nobody else has put something at a path. */
function isOursOrFree(directory: string): boolean {
  const stat = lstatSync(directory, { throwIfNoEntry: false })
  return stat === undefined || (stat.isDirectory() && (!process.getuid || stat.uid === process.getuid()))
}

export function removeScratch(path: string): void {
  stopGit()
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  } catch {
    // Never in place of what went wrong before; the next run sweeps.
  }
}
