/** `rebaseline history`: the life of a queue, release by release. */
import { type Command, Option } from 'commander'
import { UsageError } from '../errors.ts'
import { type LifeRequest, tellFlow, tellPatch, tellPeriods, untriedRebases } from '../jobs/history/history.ts'
import { importLife } from '../jobs/history/import-life.ts'
import { tryPast } from '../jobs/try/try-past.ts'
import { flowToJson, historyToJson, lineageToJson } from '../report/json/history.ts'
import { flowToText, lineageToText } from '../report/text/flow.ts'
import { historyToCsv, historyToText, importToText, importWarnings } from '../report/text/history.ts'
import type { CommandContext } from './context.ts'
import { locatorOf, type PlaceOptions, withPlaceOptions } from './place.ts'

interface Options extends PlaceOptions {
  json: boolean
  branch?: string[]
}

interface FlowOptions extends Options {
  all: boolean
  left?: 'unproven'
}

const EXAMPLE = `
Examples:
  $ rebaseline history import --repo ../xen.pg        read every past revision of the queue from its own git history
  $ rebaseline history                                its size, release by release
  $ rebaseline history --try-rebases                  and what each rebase left to mend, and which patches conflict again and again
  $ rebaseline history flow 4.13.5 4.17.3             what stayed, left and came in between
  $ rebaseline history patch fix-foo.patch            one patch through the years`

export function registerHistory(program: Command, context: CommandContext): void {
  const history = program
    .command('history')
    .summary('the life of a queue: its size release by release, what left and why')
    .description("Reads the queue's own git history, and follows its patches through refresh, rename, merge and split.")
    .addHelpText('after', EXAMPLE)
  const reading = (command: Command) =>
    withPlaceOptions(command)
      .option(
        '--branch <name...>',
        "branches of the queue, or a glob: those of releases follow each other (default: HEAD's)",
      )
      .option('--json', 'print one JSON document', false)
  reading(history.command('list', { isDefault: true }))
    .summary('the size of the queue, release by release (the default)')
    .option('--csv', 'print comma-separated values', false)
    .option('--try-rebases', 'first try each rebase with the queue of that day, on the upstream of its attempts', false)
    .action((options: ListOptions) => runList(options, context))
  reading(history.command('flow'))
    .summary('what stayed, left and came in between two revisions')
    .argument('<from>', 'release of the table, or commit of the queue')
    .argument('<to>', 'a later one')
    .option('--all', 'every patch by name', false)
    .addOption(new Option('--left <which>', 'only those that left without proof').choices(['unproven']))
    .action((from: string, to: string, options: FlowOptions) => runFlow(from, to, options, context))
  reading(history.command('patch'))
    .summary('one patch through the years: versions, age, why it left')
    .argument('<name>', 'a name that it has or had')
    .option('--diff <a..b>', 'what changed between two of its versions, by their numbers (default: the last two)')
    .action((name: string, options: Options & { diff?: string }) => runPatch(name, options, context))
  withPlaceOptions(history.command('import'))
    .summary("read the revisions from the queue's own repository; again, to add new ones")
    .option('--repo <repository>', 'the git repository that holds the queue (default: the one that it stands in)')
    .option('--branch <name...>', 'branches to read (default: all)')
    .option('--series <name>', 'file name of the series, in whatever directory (default: what the queue is tells it)')
    .option('--base <revision=release...>', 'the release that the queue sits on there, where its files do not say it')
    .action((options: ImportOptions) => runImport(options, context))
}

type ListOptions = Options & { csv: boolean; tryRebases: boolean }

function requestOf({ branch: branches = [], json: _, ...place }: Options): LifeRequest {
  return { ...place, branches }
}

interface ImportOptions extends PlaceOptions {
  repo?: string
  branch?: string[]
  series?: string
  base?: string[]
}

async function runImport(
  { repo, branch: branches = [], base: bases = [], ...options }: ImportOptions,
  context: CommandContext,
): Promise<void> {
  const imported = await importLife({ ...options, repository: repo ?? null, branches, bases }, context)
  for (const warning of importWarnings(imported)) context.warn(warning)
  context.write(importToText(imported, { ...context.output, locator: locatorOf(options) }))
}

async function runList(options: ListOptions, context: CommandContext): Promise<void> {
  if (options.csv && options.json) throw new UsageError('--csv and --json exclude each other', 'ask for one of them')
  const untried = options.tryRebases ? await untriedRebases(requestOf(options), context) : null
  if (untried) await tryPast({ ...options, ...untried }, context)
  const { story, ...told } = await tellPeriods(requestOf(options), context)
  const medium = { ...context.output, locator: locatorOf(options) }
  if (options.json) context.page(historyToJson(story, told))
  else if (options.csv) context.page(historyToCsv(told.periods))
  else context.page(historyToText(story, told, medium))
}

async function runFlow(from: string, to: string, options: FlowOptions, context: CommandContext): Promise<void> {
  const { all, left, ...request } = options
  if (all && left !== undefined) throw new UsageError('--all and --left exclude each other', 'ask for one of them')
  const told = await tellFlow(from, to, requestOf(request), context)
  const view = { ...context.output, locator: locatorOf(options), all, unproven: left === 'unproven' }
  context.page(options.json ? flowToJson({ from, to }, told) : flowToText({ from, to }, told, view))
}

async function runPatch(name: string, options: Options & { diff?: string }, context: CommandContext): Promise<void> {
  const { diff, ...request } = options
  const versions = diff === undefined ? {} : { versions: diff }
  const told = await tellPatch(name, { ...requestOf(request), ...versions }, context)
  context.page(options.json ? lineageToJson(told) : lineageToText(told, context.output))
}
