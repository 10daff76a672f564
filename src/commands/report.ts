/** `rebaseline report`: everything that the record knows of a queue, as one file. */
import { writeFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { UserError } from '../errors.ts'
import { makeOverview } from '../jobs/report.ts'
import type { RecordedAttempt } from '../model/attempt.ts'
import { attemptToGithub, attemptToJunit, attemptToSarif, type BuildView } from '../report/ci/report.ts'
import type { ReportView } from '../report/html/report.ts'
import { reportToJson } from '../report/json/report.ts'
import { reportToCsv, reportToMarkdown } from '../report/text/report.ts'
import type { CommandContext } from './context.ts'
import { ATTEMPT, attemptNumber, locatorOf, type PlaceOptions, withPlaceOptions } from './place.ts'

type Overview = Awaited<ReturnType<typeof makeOverview>>

const FORMATS: Record<string, (overview: Overview, view: ReportView) => string | Promise<string>> = {
  // It draws: who asks for nothing of it does not wait for that.
  html: async (...drawn) => (await import('../report/html/report.ts')).reportToHtml(...drawn),
  md: reportToMarkdown,
  csv: reportToCsv,
  json: reportToJson,
}

/** Of an attempt alone, at the lines that list its patches. */
const BUILD_FORMATS: Record<string, (attempt: RecordedAttempt, view: BuildView) => string | Promise<string>> = {
  sarif: attemptToSarif,
  junit: attemptToJunit,
  github: attemptToGithub,
}

interface Options extends PlaceOptions {
  branch?: string[]
  attempt?: string
  format: string
  output?: string
}

const EXAMPLE = `
Examples:
  $ rebaseline report --output queue.html         one file: the answer, what to do first, charts, all patches; it makes no request
  $ rebaseline report --format md > queue.md
  $ rebaseline report --format sarif              what needs a person, at the lines that list it, for code scanning; or junit, github

It holds the queue's life (see "history import"), what rebases took (see "effort"), and the newest attempt of the queue with all its evidence; attempts
of the same queue on several releases make a map of patch by release (see "try --onto").`

export function registerReport(program: Command, context: CommandContext): void {
  withPlaceOptions(program.command('report'))
    .summary('one self-contained HTML file with charts, or Markdown, CSV, JSON, SARIF, JUnit')
    .description('Draws what the record knows of the queue into one file.')
    .addOption(
      new Option('--format <format>', 'what to write')
        .choices(Object.keys({ ...FORMATS, ...BUILD_FORMATS }))
        .default('html'),
    )
    .option('--output <file>', 'where to write it (default: standard output)')
    .option('--branch <name...>', "branches of the queue's history, or a glob (default: HEAD's)")
    .option(ATTEMPT, 'the attempt that it is about (default: the newest of the queue)', attemptNumber)
    .addHelpText('after', EXAMPLE)
    .action((options: Options) => runReport(options, context))
}

async function runReport(options: Options, context: CommandContext): Promise<void> {
  const attempt = options.attempt === undefined ? '' : ` --attempt @${options.attempt}`
  const view = { version: context.version, commands: { locator: locatorOf(options), attempt } }
  const overview = await makeOverview({ ...options, branches: options.branch ?? [] }, context)
  const text = await (FORMATS[options.format]?.(overview, view) ?? toBuildFormat(overview, options.format, context))
  if (options.output === undefined) {
    context.page(text)
    return
  }
  const file = resolve(context.cwd, options.output)
  writeFileSync(file, text)
  context.write(`${file}\n`)
}

function toBuildFormat(overview: Overview, format: string, context: CommandContext): string | Promise<string> {
  const { latest } = overview
  if (latest === null) throw new UserError('no attempt of the queue is recorded', 'run "rebaseline try" first')
  const view = { version: context.version, nameOf: (path: string) => relative(context.cwd, path) }
  return BUILD_FORMATS[format]?.(latest, view) ?? ''
}
