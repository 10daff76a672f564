/** `rebaseline report`: everything that the record knows, as one file. */
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { UserError } from '../errors.ts'
import type { AttemptSummary } from '../model/attempt.ts'
import { revisionsOf } from '../model/life.ts'
import { listSummaries, loadAttempt } from '../record/attempts.ts'
import { type Connection, openDatabase } from '../record/database.ts'
import { loadEfforts } from '../record/effort.ts'
import { loadLife } from '../record/life.ts'
import { reportToHtml } from '../report/html/report.ts'
import { reportToCsv, reportToJson, reportToMarkdown } from '../report/text/report.ts'
import { traceLineages } from '../trend/lineage.ts'
import { type Overview, overviewOf } from '../trend/overview.ts'
import { compareVersions, toVersion } from '../upstream/releases.ts'
import type { CommandContext } from './context.ts'
import { findRecord, newestBranch, type RecordOptions, withRecordOptions } from './recorded.ts'

const FORMATS: Record<string, (overview: Overview) => string> = {
  html: reportToHtml,
  md: reportToMarkdown,
  csv: reportToCsv,
  json: reportToJson,
}

interface Options extends RecordOptions {
  branch?: string
  format: string
  output?: string
}

const EXAMPLE = `
Examples:
  $ rebaseline report --output queue.html         one file: charts, tables to sort and filter; it makes no request
  $ rebaseline report --format md > queue.md

It holds the queue's life (see "history import"), what rebases took (see "effort"), and the newest attempt with all its evidence; attempts
of the same queue on several releases make a map of patch by release (see "try --onto").`

export function registerReport(program: Command, context: CommandContext): void {
  withRecordOptions(program.command('report'))
    .summary('one self-contained HTML file with charts, or Markdown, CSV, JSON')
    .description('Draws what the record knows of the queue into one file.')
    .addOption(new Option('--format <format>', 'what to write').choices(Object.keys(FORMATS)).default('html'))
    .option('--output <file>', 'where to write it (default: standard output)')
    .option('--branch <name>', "branch of the queue's history (default: the one with the newest revision)")
    .addHelpText('after', EXAMPLE)
    .action((options: Options) => runReport(options, context))
}

function runReport(options: Options, context: CommandContext): void {
  const database = openDatabase(findRecord(options, context.cwd), 'read')
  try {
    const overview = read(database, options)
    if (!overview.life && !overview.latest)
      throw new UserError('there is nothing to report yet', 'run "rebaseline try" or "rebaseline history import" first')
    const text = FORMATS[options.format]?.(overview) ?? ''
    if (options.output === undefined) context.write(text)
    else {
      const file = resolve(context.cwd, options.output)
      writeFileSync(file, text)
      context.write(`${file}\n`)
    }
  } finally {
    database.close()
  }
}

function read(database: Connection, { branch: wanted }: Options): Overview {
  const life = loadLife(database, null)
  const branch = life && (wanted ?? newestBranch(life))
  if (life && branch && !life.branches.has(branch))
    throw new UserError(`there is no branch "${branch}"`, `it has ${[...life.branches.keys()].join(', ')}`)
  const revisions = life && branch ? revisionsOf(life, branch) : []
  const history = life && branch ? { life, branch, revisions, lineages: traceLineages(revisions, life.facts) } : null
  const attempts = comparable(listSummaries(database)).flatMap(({ id }) => loadAttempt(database, id) ?? [])
  return overviewOf(history, loadEfforts(database), attempts)
}

/**
 * The newest attempt on each target with the queue of the newest attempt, in the order of their
 * versions.
 */
function comparable(summaries: readonly AttemptSummary[]): AttemptSummary[] {
  const newest = summaries.at(-1)
  const byTarget = new Map<string, AttemptSummary>()
  for (const one of summaries)
    if (one.revision === newest?.revision && one.base.commit === newest.base.commit)
      byTarget.set(one.target.commit, one)
  return [...byTarget.values()].sort((one, other) => {
    const [left, right] = [toVersion(one.target.ref), toVersion(other.target.ref)]
    return left && right ? compareVersions(left, right) : one.id - other.id
  })
}
