/** `rebaseline scan`: many queues at once. */
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { UsageError } from '../errors.ts'
import { leaveNotices } from '../jobs/leave-notices.ts'
import { planPortfolio } from '../jobs/plan/plan.ts'
import { scanTimer } from '../jobs/scan-timer.ts'
import { CHANGE_KINDS, type ChangeKind, type Scanned, type Shard } from '../model/scan.ts'
import { scanToJson } from '../report/json/scan.ts'
import { noticesOf } from '../report/notices/notices.ts'
import { scanToText } from '../report/text/scan.ts'
import { scanToMarkdown } from '../report/text/scan-markdown.ts'
import { timerToText } from '../report/text/timer.ts'
import { scanOnTime } from '../scan/engine-times.ts'
import { type ScanContext, scan, workOnEngine, workOnLeases } from '../scan/scan.ts'
import type { CommandContext } from './context.ts'
import { DB_OPTION, locatorOf } from './place.ts'
import { type PlanOptions, planToldAs } from './plan.ts'

interface Options {
  debianSources?: string
  db?: string
  jobs: number
  engine?: string
  shard: Shard | null
  retry: boolean
  json: boolean
  markdown: boolean
  failOn: ChangeKind[]
  printTimer: boolean
  onSchedule: boolean
}

const EXAMPLE = `
A portfolio is a YAML file; its paths start where it is:
  upstreams:
    xen:
      repository: ../xen                # or a URL, or a directory of release tarballs
      onto: ['RELEASE-4.1?.0', master]  # tags, branches, commits, globs of tags
  queues:
    - name: xen-4.13
      queue: xen.pg/series
      upstream: xen                     # or a repository
      base: RELEASE-4.13.0              # may be left out; so may format, guards, and an onto of its own
  schedule: 30 4 * * *                  # as crontab(5) has it: --print-timer prints the line
  notifications:                        # what no scan told before; files beside the portfolio, written anew each time
    mbox: news.mbox                     # a mail to each owner, for formail or the like to send on
    json: news.json
    feed: news.atom
    from: Rebases <rebases@example.org>
    to: packagers@example.org           # where no owner has an address
    owners: {ann: Ann <ann@example.org>, xen-4.13: xen@example.org}   # by what a series says, or by queue

Examples:
  $ rebaseline scan portfolio.yaml                    tries what changed since the last time
  $ rebaseline scan portfolio.yaml --jobs 8           by eight processes
  $ rebaseline scan portfolio.yaml --shard 2/5 --db shard-2.db
                                                      one fifth of it, on a machine of its own; then there
                                                      rebaseline attempt export --all --db shard-2.db, and import
  $ rebaseline scan portfolio.yaml --engine redis://127.0.0.1:6379
                                                      by "rebaseline scan worker --engine …" wherever that runs
  $ rebaseline scan portfolio.yaml --fail-on broke    exits with 3 where upstream broke a patch since the last scan
  $ rebaseline scan plan portfolio.yaml               what of all these queues to send upstream first
  $ rebaseline scan --debian-sources sources          what "apt-get source --download-only" left there, of two releases

Whatever is killed, the same command goes on where it stopped. What cannot be tried is tried again twice, then set
aside until it changes.

Exit codes: 0 done, whatever the verdicts; 1 wrong usage; 2 some queue could not be tried: it is named; 3 --fail-on found
a change that no scan told before.`

export function registerScan(program: Command, context: CommandContext & ScanContext): void {
  const command = program
    .command('scan')
    .summary('try many queues: all that changed of a portfolio')
    .description(
      'Finds which queues of a portfolio changed, and which releases are new, and tries only these.\n' +
        'Each attempt is recorded once, together with the fact that it is done.',
    )
    .argument('[portfolio]', 'YAML file that lists queues, upstreams, and what to try them on')
    .option(
      '--debian-sources <directory>',
      'in place of a portfolio: downloaded source packages (.dsc and their tarballs) of two releases or more',
    )
    .option(...DB_OPTION)
    .option('--jobs <number>', 'processes that work at once', toCount, availableParallelism())
    .option('--engine <url>', `have workers elsewhere do it: ${ENGINE}`)
    .addOption(
      new Option('--shard <i/n>', 'only the i-th of n parts of the queues, by their names')
        .argParser(toShard)
        .default(null),
    )
    .option('--retry', 'try again what was set aside', false)
    .option('--json', 'print the sums as one JSON document', false)
    .option('--markdown', 'print Markdown', false)
    .addOption(
      new Option(
        '--fail-on <changes>',
        `exit with 3 if a patch did one of: ${CHANGE_KINDS.join(', ')}, since the last scan`,
      )
        .argParser(toKinds)
        .default([]),
    )
    .option('--print-timer', "print the line of a crontab for the portfolio's schedule, and do nothing else", false)
    .option(
      '--on-schedule',
      "with --engine: scan now and at the portfolio's times, which the engine keeps, until it is ended",
      false,
    )
    .addHelpText('after', EXAMPLE)
    .action((portfolio: string | undefined, options: Options) => runScan(portfolio, options, context))
  registerParts(command, context)
}

function registerParts(command: Command, context: CommandContext & ScanContext): void {
  command
    .command('worker')
    .summary('try what scans hand to an engine, until it is ended')
    .option('--engine <url>', ENGINE)
    .action(async (_: unknown, worker: Command) => {
      // The options of "scan" are taken for its own, wherever they stand.
      const { engine } = worker.optsWithGlobals<{ engine?: string }>()
      if (engine === undefined) throw new UsageError('a worker needs an engine', `name it with --engine: ${ENGINE}`)
      await workOnEngine(engine, context)
    })
  command
    .command('plan')
    .summary('which patches of the scanned queues to send upstream first, and what that saves')
    .argument('<portfolio>', 'the portfolio that was scanned, or the directory of Debian source packages')
    .option('--all', 'show all patches, not only the first', false)
    .option('--markdown', 'print Markdown', false)
    .action((portfolio: string, _: unknown, plan: Command) => runPlan(portfolio, plan.optsWithGlobals(), context))
  command
    .command('lease-worker', { hidden: true })
    .requiredOption('--record <file>')
    .requiredOption('--portfolio <file>')
    .requiredOption('--as <name>')
    .action(({ record, portfolio, as }: Record<'record' | 'portfolio' | 'as', string>) =>
      workOnLeases({ db: record, portfolio, worker: as }, context),
    )
}

const ENGINE = 'redis://HOST:PORT or postgres://USER@HOST:PORT/DATABASE'

function toCount(value: string): number {
  const count = Number(value)
  if (Number.isInteger(count) && count > 0 && count <= MOST_JOBS) return count
  throw new UsageError(`--jobs ${value} is no number of processes`, `give 1 to ${MOST_JOBS}`)
}

const MOST_JOBS = 256

function toKinds(value: string): ChangeKind[] {
  return value.split(',').map((word) => {
    const kind = CHANGE_KINDS.find((one) => one === word.trim())
    if (kind) return kind
    throw new UsageError(`"${word}" is no change`, `--fail-on takes, separated by commas: ${CHANGE_KINDS.join(', ')}`)
  })
}

function toShard(value: string): Shard {
  const [, index = 0, count = 0] = /^(\d{1,6})\/(\d{1,6})$/.exec(value)?.map(Number) ?? []
  if (index >= 1 && index <= count) return { index, count }
  throw new UsageError(`--shard ${value} names no part`, 'give the number of the part and of all parts: --shard 2/5')
}

async function runScan(
  portfolio: string | undefined,
  options: Options,
  context: CommandContext & ScanContext,
): Promise<void> {
  const named = portfolio ?? options.debianSources
  if (named === undefined || (portfolio !== undefined && options.debianSources !== undefined))
    throw new UsageError('a portfolio, or --debian-sources?', 'name one of them; see rebaseline scan --help')
  const path = resolve(context.cwd, named)
  if (options.printTimer) return context.write(await timerOf(path, options, context))
  const isDebian = portfolio === undefined
  if (!options.onSchedule) return await scanOnce(path, isDebian, options, context)
  if (options.engine === undefined)
    throw new UsageError(
      '--on-schedule needs an engine',
      'name it with --engine; --print-timer makes the line of a crontab',
    )
  const { schedule } = await scanTimer(path, options, context)
  await scanOnTime(
    options.engine,
    { portfolio: path, schedule },
    () => scanOnce(path, isDebian, options, context),
    context.warn,
  )
}

async function scanOnce(
  portfolio: string,
  isDebian: boolean,
  options: Options,
  context: CommandContext & ScanContext,
): Promise<void> {
  const { db, jobs, engine = null, shard, retry: isRetried } = options
  const request = { portfolio, isDebian, jobs, engine, shard, isRetried, ...(db === undefined ? {} : { db }) }
  const scanned = await scan(request, context, (told, wanted) => {
    if (wanted) leaveNotices(told.portfolio, noticesOf(told, wanted, context.now()))
  })
  context.write(textOf(scanned, options, context))
  const hasChanged = scanned.changes.some(({ isNew, kind }) => isNew && options.failOn.includes(kind))
  if (hasChanged) context.setExitCode(3)
  else if (scanned.problems.length > 0) context.setExitCode(2)
}

function textOf(scanned: Scanned, { db, json, markdown }: Options, { output }: CommandContext): string {
  if (json) return scanToJson(scanned)
  if (markdown) return scanToMarkdown(scanned)
  const locate = (queue: string) => locatorOf({ queue, ...(db === undefined ? {} : { db }) })
  return scanToText(scanned, { ...output, locate })
}

/** The scan as it was typed, whole, for the times that the portfolio names. */
async function timerOf(
  portfolio: string,
  { db, engine }: Options,
  context: CommandContext & ScanContext,
): Promise<string> {
  const { schedule, record } = await scanTimer(portfolio, db === undefined ? {} : { db }, context)
  const engineWords = engine === undefined ? [] : ['--engine', engine]
  const words = [...context.program, 'scan', portfolio, '--db', record, ...engineWords, '--quiet']
  return timerToText(schedule, words)
}

async function runPlan(
  portfolio: string,
  { db, ...options }: Pick<Options, 'db' | 'json'> & Omit<PlanOptions, 'locate'>,
  context: CommandContext,
): Promise<void> {
  const record = db === undefined ? {} : { db }
  const told = await planPortfolio(resolve(context.cwd, portfolio), record, context)
  context.page(planToldAs(told, { ...options, locate: (queue) => locatorOf({ queue, ...record }) }, context))
}
