/** Opens the scratch repository of a command, and sees to it that it goes away. */
import { accessSync, constants, existsSync, lstatSync, mkdirSync, rmSync, statfsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UserError } from '../errors.ts'
import { mirrorOf, mirrorUpstream, protocolOf } from '../git/mirror.ts'
import { stopGit } from '../git/process.ts'
import { openScratch, type Scratch, sweepScratch } from '../git/scratch.ts'
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
  const parent =
    isKept || !hasRoom(MEMORY) ? join(directory, 'scratch') : join(MEMORY, `rebaseline-${process.getuid?.() ?? 0}`)
  makePrivate(parent)
  sweepScratch(parent)
  const path = join(parent, `${process.pid}-${context.now()}`)
  context.onExit(() => removeScratch(path))
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
  const stat = lstatSync(directory)
  if (!stat.isDirectory() || (process.getuid && stat.uid !== process.getuid())) {
    throw new UserError(`${directory} belongs to somebody else`, 'remove it, or have it removed')
  }
}

export function removeScratch(path: string): void {
  stopGit()
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  } catch {
    // Never in place of what went wrong before; the next run sweeps.
  }
}
