import type { Progress } from './progress.ts'

/** What a job is handed instead of reaching for it: directories, time, signs of life. */
export interface JobContext {
  cwd: string
  /** A directory of the user's own for what can be made again (XDG_CACHE_HOME). */
  cache: string
  /** A directory of the system for what is gone after the job (TMPDIR). */
  temporary: string
  /** A directory of the user's own for what is kept for good (XDG_STATE_HOME). */
  state: string
  /** The record that the environment names (REBASELINE_DB); null where it names none. */
  record: string | null
  /** The PATH on which git is found. */
  path: string
  /** Milliseconds that git may say nothing while it is waited for. */
  gitPatience: number
  /** Ends the job: it fails with the signal's reason. */
  signal?: AbortSignal
  version: string
  /** Tells this build of the program from every other one. */
  build: string
  /** Who is at the keyboard. */
  user: string
  /** Shows where long work stands; does nothing where nobody watches. */
  progress: Progress
  /** Tells a person what should be known, whatever the output is. */
  warn: (message: string) => void
  /** Told of every git command that is begun, for bug reports; left out where nobody asked. */
  trace?: (command: string) => void
  /** Milliseconds since 1970. */
  now: () => number
  /** Has something called when the process ends, however it ends; what comes back calls that off. */
  onExit: (cleanUp: () => void) => () => void
}
