/** `rebaseline effort`: what rebases took, and what the next will take. */
import type { Command } from 'commander'
import { UsageError, UserError } from '../errors.ts'
import type { AttemptSummary } from '../model/attempt.ts'
import { isOfRelease } from '../model/effort.ts'
import { type QueueRevision, revisionsOf } from '../model/life.ts'
import { listSummaries } from '../record/attempts.ts'
import { type Connection, openDatabase } from '../record/database.ts'
import { loadEfforts, saveEffort } from '../record/effort.ts'
import { loadLife } from '../record/life.ts'
import { effortsToJson, effortsToText, forecastToJson, forecastToText } from '../report/text/effort.ts'
import { activeDays } from '../trend/active-days.ts'
import { forecast, type Hardship, withoutAttempt } from '../trend/forecast.ts'
import type { CommandContext } from './context.ts'
import { locatorOf } from './default-database.ts'
import { findRecord, type RecordOptions, withRecordOptions } from './recorded.ts'

interface Options extends RecordOptions {
  json: boolean
}

type LogOptions = Options & {
  from: string
  to: string
  duration?: string
  fromCommits: boolean
  hands: string
  note: string
}

const EXAMPLE = `
Examples (XenServer's own figures):
  $ rebaseline effort log --from 3.4 --to 4.1 --duration 13mo --note "over a year"
  $ rebaseline effort log --from 4.1 --to 4.2 --duration 3mo
  $ rebaseline effort log --from 4.2 --to 4.3 --duration 3d
  $ rebaseline effort log --from 4.13 --to 4.17 --from-commits    estimated from the queue's imported history
  $ rebaseline effort                                             all of it
  $ rebaseline effort forecast                                    for the newest attempt

A later entry for the same step corrects an earlier one. Durations are calendar time: h, d, w, mo (30 days), y.`

export function registerEffort(program: Command, context: CommandContext): void {
  const effort = program
    .command('effort')
    .summary('log, list and forecast what rebases cost')
    .description(
      'Keeps what each rebase took, and says what the next will take from that and the conflicts of its attempt.',
    )
    .addHelpText('after', EXAMPLE)
  const common = (command: Command) => withRecordOptions(command).option('--json', 'print one JSON document', false)
  common(effort.command('list', { isDefault: true }))
    .summary('all steps (the default)')
    .action((options: Options) => runList(options, context))
  common(effort.command('log'))
    .summary('record what a rebase took')
    .requiredOption('--from <release>', 'the release that the queue sat on')
    .requiredOption('--to <release>', 'the release that it was carried to')
    .option('--duration <time>', 'how long it took: 3d, 2w, 13mo')
    .option('--from-commits', "estimate it from the times of the queue's imported commits", false)
    .option('--hands <count>', 'how many people', '1')
    .option('--note <words>', 'anything worth knowing', '')
    .action((options: LogOptions) => runLog(options, context))
  common(effort.command('forecast'))
    .summary('what the next rebase will take, for the newest attempt or the one named')
    .argument('[attempt]', 'number of an attempt')
    .action((attempt: string | undefined, options: Options) => runForecast(attempt, options, context))
}

function withRecord(
  options: Options,
  access: 'read' | 'write',
  context: CommandContext,
  use: (database: Connection) => void,
): void {
  const database = openDatabase(findRecord(options, context.cwd), access)
  try {
    use(database)
  } finally {
    database.close()
  }
}

function runList(options: Options, context: CommandContext): void {
  withRecord(options, 'read', context, (database) => print(database, options, context))
}

function print(database: Connection, options: Options, context: CommandContext): void {
  const efforts = loadEfforts(database)
  const medium = { ...context.output, locator: locatorOf(options) }
  context.write(options.json ? effortsToJson(efforts) : effortsToText(efforts, medium))
}

function runLog(options: LogOptions, context: CommandContext): void {
  const { from, to, note, duration, fromCommits } = options
  const hands = Number(options.hands)
  if (!Number.isInteger(hands) || hands < 1)
    throw new UsageError(`--hands ${options.hands} is no number of people`, 'say 1 or more')
  if (from === to) throw new UsageError(`from ${from} to ${to} is no step`, 'name two releases')
  if ((duration === undefined) !== fromCommits)
    throw new UsageError(
      'an entry needs a duration, or is estimated',
      'give --duration 3d, or --from-commits; not both',
    )
  withRecord(options, 'write', context, (database) => {
    const days = duration === undefined ? estimate(database, from, to) : toDays(duration)
    const at = new Date(context.now()).toISOString()
    saveEffort(database, { from, to, days, hands, source: fromCommits ? 'commits' : 'person', note, at })
    print(database, options, context)
  })
}

const UNITS: Record<string, number> = { h: 1 / 24, d: 1, w: 7, mo: 30, y: 365 }

function toDays(duration: string): number {
  const [, count, unit = ''] = /^(\d+(?:\.\d+)?)(h|d|w|mo|y)$/.exec(duration.trim()) ?? []
  const days = Number(count) * (UNITS[unit] ?? Number.NaN)
  if (days > 0) return days
  throw new UsageError(`"${duration}" is no duration`, 'write 4h, 3d, 2w, 13mo or 1y')
}

/** From the branch of the queue's history that has both releases. */
function estimate(database: Connection, from: string, to: string): number {
  const life = loadLife(database, null)
  if (!life) throw new UserError('no history is recorded to estimate from', 'run "rebaseline history import" first')
  const has = (revisions: readonly QueueRevision[], release: string) =>
    revisions.some(({ base }) => base !== null && isOfRelease(base, release))
  for (const branch of life.branches.keys()) {
    const revisions = revisionsOf(life, branch)
    if (has(revisions, from) && has(revisions, to)) return activeDays(revisions, from, to)
  }
  throw new UserError(
    `no branch of the queue's history sits on ${from} and then on ${to}`,
    'name releases as "rebaseline history" lists them',
  )
}

function runForecast(wanted: string | undefined, options: Options, context: CommandContext): void {
  withRecord(options, 'read', context, (database) => {
    const attempts = listSummaries(database).map(toHardship)
    const next = wanted === undefined ? attempts.at(-1) : attempts.find(({ id }) => String(id) === wanted)
    if (!next)
      throw new UserError(
        wanted === undefined ? 'no attempt is recorded yet' : `there is no attempt ${wanted}`,
        wanted === undefined ? 'run "rebaseline try" first' : '"rebaseline show" lists them',
      )
    const efforts = loadEfforts(database)
    const found = forecast(efforts, attempts, next)
    const alone = withoutAttempt(efforts, attempts)
    context.write(options.json ? forecastToJson(next, found) : forecastToText(next, found, alone))
  })
}

function toHardship({ id, base, target, summary }: AttemptSummary): Hardship & { id: number } {
  return { id, base: base.ref, target: target.ref, conflicts: summary.conflicting + summary.invalid }
}
