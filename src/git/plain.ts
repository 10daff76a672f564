/**
 * simple-git, for questions outside of hot loops, and for what takes long and shows progress. Exit
 * codes, bytes and processes that stay are the matter of `process.ts`.
 */
import { GitPluginError, type SimpleGit, type SimpleGitProgressEvent, simpleGit } from 'simple-git'
import { type GitProcesses, silenceOf } from './process.ts'

/** What git is called with in one job. */
export interface GitSetting {
  /** The PATH on which it is found. */
  path: string
  processes: GitProcesses
  /** Ends the job. */
  signal?: AbortSignal
}

/** Where a question is asked, and how. */
export interface PlainPlace {
  directory: string
  setting: GitSetting
  /** The whole environment; simple-git is told which of it may pass. */
  env: Record<string, string>
  config?: string[]
  progress?: (event: SimpleGitProgressEvent) => void
}

/** Returns the answer. @throws UserError where git says nothing for too long. */
export async function askGit<Answer>(
  { directory, setting: { processes, signal }, env, config = [], progress }: PlainPlace,
  ask: (git: SimpleGit) => PromiseLike<Answer>,
): Promise<Answer> {
  processes.check()
  const git = simpleGit({
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
  git.outputHandler((_command, _output, _errors, args) => processes.tell(args, directory))
  try {
    return await ask(git)
  } catch (error) {
    throw error instanceof GitPluginError && error.plugin === 'timeout' ? silenceOf(processes.patience) : error
  }
}
