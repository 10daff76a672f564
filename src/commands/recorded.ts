/** Finds what other commands recorded: the record, and a patch in an attempt. */
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Command } from 'commander'
import { UserError } from '../errors.ts'
import type { PatchResult, RecordedAttempt } from '../model/attempt.ts'
import type { QueueLife } from '../model/life.ts'
import { defaultDatabase, isOwn } from './default-database.ts'

/** Where the record is: named, beside the queue, or further up, as git finds its repository. */
export function findRecord({ db, queue }: RecordOptions, cwd: string): string {
  if (db) return resolve(cwd, db)
  if (!existsSync(resolve(cwd, queue)))
    throw new UserError(
      `no such file or directory: ${resolve(cwd, queue)}`,
      'name the series file or the directory of the queue with --queue, or the record with --db',
    )
  const beside = defaultDatabase(resolve(cwd, queue))
  for (let directory = resolve(cwd, queue); directory !== dirname(directory); directory = dirname(directory)) {
    const place = join(directory, '.rebaseline')
    const above = join(place, 'rebaseline.db')
    if (isOwn(place) && existsSync(above)) return above
  }
  return beside
}

/** The options that say where the record is. */
export interface RecordOptions {
  queue: string
  db?: string
}

export function withRecordOptions(command: Command): Command {
  return command
    .option('--queue <path>', 'the queue beside which the record is', '.')
    .option('--db <file>', 'the record (default: .rebaseline/rebaseline.db beside the queue, or above here)')
}

/**
 * By position, name, or part of a name that fits one patch only. @throws UserError where it fits
 * none, or several.
 */
export function findPatch(attempt: RecordedAttempt, wanted: string): PatchResult {
  const matches = attempt.results.filter(({ patch }) => patch.name === wanted || String(patch.position) === wanted)
  const partly = matches.length > 0 ? matches : attempt.results.filter(({ patch }) => patch.name.includes(wanted))
  const [result] = partly
  if (result && partly.length === 1) return result
  if (!result)
    throw new UserError(
      `attempt ${attempt.id} has no patch "${wanted}"`,
      `"rebaseline show ${attempt.id}" lists them all`,
    )
  const names = partly.slice(0, 5).map(({ patch }) => patch.name)
  throw new UserError(
    `"${wanted}" fits ${partly.length} patches: ${names.join(', ')}`,
    'give more of the name, or the position',
  )
}

/** The branch of a queue's history whose last revision is the newest. */
export function newestBranch({ branches, revisions }: QueueLife): string {
  const timeOf = (sha: string) => revisions.get(sha)?.time ?? 0
  const [newest] = [...branches].sort((one, other) => timeOf(other[1]) - timeOf(one[1]))
  return newest?.[0] ?? ''
}
