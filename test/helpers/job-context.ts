import { join } from 'node:path'
import type { JobContext } from '../../src/model/job.ts'

/** What a job is handed in a test: everything is below `directory`, and nobody watches. */
export function jobContext(directory: string, record: string, signal?: AbortSignal): JobContext {
  return {
    cwd: directory,
    cache: join(directory, 'cache'),
    temporary: directory,
    state: join(directory, 'state'),
    record,
    path: process.env.PATH ?? '',
    gitPatience: 60_000,
    version: '0',
    build: '0',
    user: 'ann',
    progress: () => {},
    warn: () => {},
    now: () => Date.now(),
    onExit: (cleanUp) => {
      process.once('exit', cleanUp)
      return () => process.off('exit', cleanUp)
    },
    ...(signal ? { signal } : {}),
  }
}
