/** Opens the scratch repository of a command, and sees to it that it goes away. */
import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { mirrorUpstream, protocolOf } from '../git/mirror.ts'
import { stopGit } from '../git/process.ts'
import { openScratch, type Scratch, sweepScratch } from '../git/scratch.ts'
import type { CommandContext } from './context.ts'

/** `directory`: the record's own; it is ours, and on a disk with room. `upstream`: a path or a URL. */
export async function makeScratch(directory: string, upstream: string, context: CommandContext): Promise<Scratch> {
  const parent = join(directory, 'scratch')
  sweepScratch(parent)
  const path = join(parent, `${process.pid}-${context.now()}`)
  context.onExit(() => removeScratch(path))
  try {
    const protocol = protocolOf(upstream)
    if (!protocol) return await openScratch(path, resolve(context.cwd, upstream), context.path)
    context.progress('fetching the upstream')
    return await openScratch(
      path,
      await mirrorUpstream(upstream, protocol, join(directory, 'upstreams'), context.path),
      context.path,
    )
  } catch (error) {
    removeScratch(path)
    throw error
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
