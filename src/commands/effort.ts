/** `rebaseline effort`: what rebases took, and what the next will take. */
import type { Command } from 'commander'
import { UsageError } from '../errors.ts'
import { forecastEffort, listEfforts, logEffort } from '../jobs/effort.ts'
import { tryPast } from '../jobs/try/try-past.ts'
import { daysOf } from '../model/duration.ts'
import type { Effort } from '../model/effort.ts'
import type { Medium } from '../report/layout.ts'
import {
  countedToText,
  effortsToJson,
  effortsToText,
  forecastToJson,
  forecastToText,
  takenToText,
} from '../report/text/effort.ts'
import type { CommandContext } from './context.ts'
import { ATTEMPT, attemptNumber, locatorOf, type PlaceOptions, withPlaceOptions } from './place.ts'

interface Options extends PlaceOptions {
  json: boolean
}

type ForecastOptions = Options & { attempt?: string; tryPast: boolean }

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
  $ rebaseline effort log --from 3.4 --to 4.1 --duration "13 months" --note "over a year"
  $ rebaseline effort log --from 4.1 --to 4.2 --duration "3 months"
  $ rebaseline effort log --from 4.2 --to 4.3 --duration "3 days"
  $ rebaseline effort log --from 4.13 --to 4.17 --from-commits    estimated from the queue's imported history
  $ rebaseline effort                                             all of it
  $ rebaseline effort forecast                                    for the newest attempt
  $ rebaseline effort forecast --try-past                         and first try the queue of past rebases that nobody tried then

A later entry for the same step corrects an earlier one, however it spells the releases; the old one stays in the record.
Durations are calendar time, whatever the number of hands: min, h, d, w, mo (30 days), y, and sums of them (1y2mo).
An estimate counts the commits that changed the queue, in the burst of work that ends with the queue on its new base;
where a person gave a time, that counts, and no number mixes the two.`

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
    .option('--duration <time>', 'how long it took: "3 days", 2w, "13 months"')
    .option('--from-commits', "estimate it from the times of the queue's imported commits", false)
    .option('--hands <count>', 'how many people', '1')
    .option('--note <words>', 'anything worth knowing', '')
    .action((options: LogOptions) => runLog(options, context))
  common(effort.command('forecast'))
    .summary('what the next rebase will take, for the newest attempt or the one named')
    .argument('[attempt]', 'an attempt: @2', attemptNumber)
    .option(ATTEMPT, 'the same', attemptNumber)
    .option('--try-past', 'try what the queue was before logged rebases that nobody tried, from its history', false)
    .action((attempt: string | undefined, options: ForecastOptions) => runForecast(attempt, options, context))
}

async function runList(options: Options, context: CommandContext): Promise<void> {
  print(await listEfforts(options, context), options, context)
}

function print(efforts: Effort[], options: Options, context: CommandContext): void {
  context.page(options.json ? effortsToJson(efforts, []) : effortsToText(efforts, mediumOf(options, context)))
}

function mediumOf(options: Options, context: CommandContext): Medium & { locator: string } {
  return { ...context.output, locator: locatorOf(options) }
}

async function runLog(options: LogOptions, context: CommandContext): Promise<void> {
  const { from, to, note, duration, fromCommits } = options
  if (!/^[1-9]\d{0,2}$/.test(options.hands))
    throw new UsageError(`--hands ${options.hands} is no number of people`, 'write --hands 2: from 1 to 999')
  if ((duration === undefined) !== fromCommits)
    throw new UsageError(
      'an entry needs a duration, or is estimated',
      'give --duration 3d, or --from-commits; not both',
    )
  const typed = duration === undefined ? null : toDuration(duration)
  const { efforts, counted, taken } = await logEffort(
    { from, to, typed, hands: Number(options.hands), note },
    options,
    context,
  )
  if (options.json) return context.page(effortsToJson(efforts, counted))
  context.page(
    `${takenToText(taken)}${countedToText(counted, context.output)}${effortsToText(efforts, mediumOf(options, context))}`,
  )
}

/** As it was typed, with single blanks. */
function toDuration(duration: string): string {
  if (daysOf(duration) !== null) return duration.trim().replace(/\s+/g, ' ')
  throw new UsageError(`"${duration}" is no duration`, 'write "3 days", "13 months", 1y2mo, 2w, 4h or 90min')
}

async function runForecast(
  attempt: string | undefined,
  options: ForecastOptions,
  context: CommandContext,
): Promise<void> {
  if (attempt !== undefined && options.attempt !== undefined)
    throw new UsageError(`attempt @${attempt}, or --attempt @${options.attempt}?`, 'name it once')
  const place = { ...options, ...(attempt === undefined ? {} : { attempt }) }
  const told = await forecastEffort(place, context)
  if (options.tryPast && told.untried) await tryPast({ ...options, ...told.untried }, context)
  const { next, found, untried } = options.tryPast ? await forecastEffort(place, context) : told
  const steps = untried?.steps ?? []
  const { locator } = mediumOf(options, context)
  context.page(
    options.json ? forecastToJson(next, found, steps) : forecastToText(next, found, { untried: steps, locator }),
  )
}
