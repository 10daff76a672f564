/** The options that say which queue and which record a command is about. */
import type { Command } from 'commander'
import { shellPath } from '../report/sanitize.ts'

export interface PlaceOptions {
  queue?: string
  db?: string
}

export const DB_OPTION = ['--db <file>', "the record (default: the user's own, of all queues)"] as const

/** The option that names an attempt, with the way it is written. */
export const ATTEMPT = '--attempt <@number>'

/** The number of an attempt; where nothing else can be meant, it may stand without its sign. */
export function attemptNumber(word: string): string {
  return word.replace(/^@/, '')
}

export function withPlaceOptions(command: Command): Command {
  return command
    .option(
      '--queue <path>',
      'the queue that it is about (default: the one that you stand in: with a series, or tried before)',
    )
    .option(...DB_OPTION)
}

/**
 * The options that make another command find the same queue and record, with a blank in front, as
 * one would type them in a shell.
 */
export function locatorOf({ db, queue }: PlaceOptions): string {
  const named = queue === undefined || queue === '.' ? '' : ` --queue ${shellPath(queue)}`
  return `${named}${db === undefined ? '' : ` --db ${shellPath(db)}`}`
}
