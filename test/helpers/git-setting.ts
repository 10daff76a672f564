import type { GitSetting } from '../../src/git/plain.ts'
import { GitProcesses } from '../../src/git/process.ts'

/** As a job has it: with a minute of patience. */
export function gitSetting(): GitSetting {
  return { path: process.env.PATH ?? '', processes: new GitProcesses(60_000) }
}
