/** Paths that are one process's own while it lives, and are swept when it is gone. */
import { lstatSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { JobContext } from '../model/job.ts'
import { takeLock } from '../record/lock.ts'

const LOCK = '.lock'

/** A path at which nothing is yet; and what lets it go again. */
export interface Claim {
  path: string
  release: () => void
}

/**
 * A path below a directory that is ours until it is released: its lock is beside it, and is taken
 * before anything is made.
 */
export function claimPath(parent: string, { now }: Pick<JobContext, 'now'>): Claim {
  for (let attempt = 0; ; attempt++) {
    const path = join(parent, `${process.pid}-${now()}-${attempt}`)
    const unlock = takeLock(`${path}${LOCK}`)
    if (!unlock) continue
    const release = () => {
      rmSync(`${path}${LOCK}`, { force: true })
      unlock()
    }
    return { path, release }
  }
}

/**
 * Removes what processes that are gone have left there: what nobody holds the lock of. Anything
 * else there is not ours.
 */
export function sweep(parent: string): void {
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
