/** `rebaseline effort`: what rebases took, and what the next will take. */
import type { Command } from 'commander'
import { UsageError } from '../errors.ts'
import { forecastEffort, listEfforts, logEffort } from '../jobs/effort.ts'
import type { Effort } from '../model/effort.ts'
import { effortsToJson, effortsToText, forecastToJson, forecastToText } from '../report/text/effort.ts'
import type { CommandContext } from './context.ts'
import { locatorOf, type PlaceOptions, withPlaceOptions } from './place.ts'

interface Options extends PlaceOptions {
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
  const common = (command: Command) => withPlaceOptions(command).option('--json', 'print one JSON document', false)
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
    .option('--attempt <number>', 'the same')
    .action((attempt: string | undefined, options: Options & { attempt?: string }) =>
      runForecast(attempt ?? options.attempt, options, context),
    )
}

async function runList(options: Options, context: CommandContext): Promise<void> {
  print(await listEfforts(options, context), options, context)
}

function print(efforts: Effort[], options: Options, context: CommandContext): void {
  const medium = { ...context.output, locator: locatorOf(options) }
  context.write(options.json ? effortsToJson(efforts) : effortsToText(efforts, medium))
}

async function runLog(options: LogOptions, context: CommandContext): Promise<void> {
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
  const days = duration === undefined ? null : toDays(duration)
  print(await logEffort({ from, to, days, hands, note }, options, context), options, context)
}

const UNITS: Record<string, number> = { h: 1 / 24, d: 1, w: 7, mo: 30, y: 365 }

function toDays(duration: string): number {
  const [, count, unit = ''] = /^(\d+(?:\.\d+)?)(h|d|w|mo|y)$/.exec(duration.trim()) ?? []
  const days = Number(count) * (UNITS[unit] ?? Number.NaN)
  if (days > 0) return days
  throw new UsageError(`"${duration}" is no duration`, 'write 4h, 3d, 2w, 13mo or 1y')
}

async function runForecast(attempt: string | undefined, options: Options, context: CommandContext): Promise<void> {
  const { next, found, alone } = await forecastEffort(
    { ...options, ...(attempt === undefined ? {} : { attempt }) },
    context,
  )
  context.write(options.json ? forecastToJson(next, found) : forecastToText(next, found, alone))
}
