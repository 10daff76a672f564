import { type CommandResult, runWarm } from './warm-command.ts'

export type { CommandResult }

/** Runs the command as a user would, in an environment that is the same everywhere. */
export function rebaseline(cwd: string, args: string[], environment: Record<string, string> = {}): CommandResult {
  const standard = { PATH: process.env.PATH ?? '', HOME: cwd, COLUMNS: '80' }
  return runWarm({ cwd, args, environment: { ...standard, ...environment } })
}
