/**
 * simple-git, for questions outside of hot loops, and for what takes long and shows progress. Exit
 * codes, bytes and processes that stay are the matter of `process.ts`.
 */
import { type SimpleGit, type SimpleGitProgressEvent, simpleGit } from 'simple-git'
import type { GitProcesses } from './process.ts'

/** What git is called with in one job. */
export interface GitSetting {
  /** The PATH on which it is found. */
  path: string
  processes: GitProcesses
  /** Ends the job. */
  signal?: AbortSignal
}

/** Our own fixed environment is the whole environment; simple-git is told which of it may pass. */
export function plainGit(
  directory: string,
  { processes, signal }: GitSetting,
  env: Record<string, string>,
  { progress, config = [] }: { progress?: (event: SimpleGitProgressEvent) => void; config?: string[] } = {},
): SimpleGit {
  processes.check()
  return simpleGit({
    baseDir: directory,
    config,
    allowEnvironment: Object.keys(env),
    // For what the job itself sets: none of it comes from an input.
    unsafe: {
      allowUnsafeConfigPaths: true,
      allowUnsafeAskPass: true,
      allowUnsafeEditor: true,
      allowUnsafeTemplateDir: true,
      allowUnsafeProtocolOverride: true,
    },
    timeout: { block: processes.patience },
    ...(signal ? { abort: signal } : {}),
    ...(progress ? { progress } : {}),
  }).env(env)
}
