import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { queueRepository } from '../../src/git/queue-repository.ts'
import { openScratch } from '../../src/git/scratch.ts'
import type { PatchQueue } from '../../src/model/queue.ts'
import { readQueue } from '../../src/queue/read-queue.ts'
import { gitSetting } from './git-setting.ts'

/** Reads a queue that is in a repository, beside an upstream, as a job does. */
export async function readBeside(upstream: string, named: string): Promise<PatchQueue> {
  const home = mkdtempSync(join(tmpdir(), 'rebaseline-beside-'))
  const setting = gitSetting()
  try {
    const other = await openScratch(join(home, 'upstream'), upstream, setting)
    return await readQueue(named, {
      guards: new Set(),
      format: null,
      inRepository: async (directory, use) => {
        const fork = await openScratch(join(home, 'fork'), directory, setting)
        return await use(await queueRepository(fork, other))
      },
    })
  } finally {
    await setting.processes.stopped()
    rmSync(home, { recursive: true, force: true })
  }
}
