/** What a command is handed instead of reaching for it: what a job is, and the streams. */
import type { ByteString } from '../model/bytes.ts'
import type { JobContext } from '../model/job.ts'
import type { Medium } from '../report/layout.ts'

export interface CommandContext extends JobContext {
  /** How the standard output wants to be written. */
  output: Medium
  /** Lines of the terminal; null where the output goes somewhere else. */
  height: number | null
  write: (text: string) => void
  /** Writes a text that may be long: through a pager where it does not fit the terminal. */
  page: (text: string) => void
  /**
   * Writes a patch to be used: its very bytes, except to a terminal, where nothing of it may act.
   */
  writePatch: (patch: ByteString) => void
  /** All of the standard input. */
  readInput: () => Promise<Buffer>
  /** Sets the exit code of a job that was done all the same. */
  setExitCode: (code: number) => void
}
