/** When a portfolio is scanned, as the line of a crontab. */
import { shellWord } from '../sanitize.ts'

/** crontab(5): a per cent sign would end the command. */
export function timerToText(schedule: string, command: readonly string[]): string {
  return `${schedule} ${command.map(shellWord).join(' ').replaceAll('%', '\\%')}\n`
}
