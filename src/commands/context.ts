/** What a command is handed instead of reaching for it: streams, directories, time. */
import type { ByteString } from '../model/bytes.ts'
import type { Medium } from '../report/layout.ts'

export interface CommandContext {
  cwd: string
  /**
   * A directory of the user's own for what can be made again; no queue and no upstream comes with
   * it.
   */
  cache: string
  /** The PATH on which git is found. */
  path: string
  version: string
  /** How the standard output wants to be written. */
  output: Medium
  write: (text: string) => void
  /** Writes a note where it gets into no output that is read by a program. */
  warn: (message: string) => void
  /**
   * Writes a patch to be used: its very bytes, except to a terminal, where nothing of it may act.
   */
  writePatch: (patch: ByteString) => void
  /** Who is at the keyboard. */
  user: string
  /** Shows where long work stands; does nothing where nobody watches. */
  progress: (step: string, done?: number, total?: number) => void
  /** Milliseconds since 1970. */
  now: () => number
  /** Sets the exit code of a job that was done all the same. */
  setExitCode: (code: number) => void
  /** Called when the process ends, however it ends. */
  onExit: (cleanUp: () => void) => void
}
