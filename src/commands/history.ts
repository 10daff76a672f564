/** `rebaseline history`: the life of a queue, release by release. */
import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { UsageError, UserError } from '../errors.ts'
import { listBranches } from '../git/branches.ts'
import { reread } from '../jobs/compare-patch.ts'
import { importHistory } from '../jobs/import-history.ts'
import { type QueueLife, type QueueRevision, revisionsOf } from '../model/life.ts'
import { interdiff } from '../patch/compare/interdiff.ts'
import { loadOutcomes, loadPatch } from '../record/attempts.ts'
import { type Connection, openDatabase } from '../record/database.ts'
import { loadLife } from '../record/life.ts'
import { flowToJson, historyToJson, lineageToJson } from '../report/json/history.ts'
import { flowToText, historyToCsv, historyToText, lineageToText } from '../report/text/history.ts'
import { type Lineage, type Lineages, traceLineages } from '../trend/lineage.ts'
import { flowBetween, periodsOf } from '../trend/shrinkage.ts'
import type { CommandContext } from './context.ts'
import { locatorOf } from './default-database.ts'
import { findRecord, newestBranch, type RecordOptions, withRecordOptions } from './recorded.ts'
import { makeScratch, removeScratch } from './scratch.ts'

interface Options extends RecordOptions {
  json: boolean
  branch?: string
}

const EXAMPLE = `
Examples:
  $ rebaseline history import --repo ../xen.pg        read every past revision of the queue from its own git history
  $ rebaseline history                                its size, release by release
  $ rebaseline history flow 4.13.5 4.17.3             what stayed, left and came in between
  $ rebaseline history patch fix-foo.patch            one patch through the years`

export function registerHistory(program: Command, context: CommandContext): void {
  const history = program
    .command('history')
    .summary('the life of a queue: its size release by release, what left and why')
    .description("Reads the queue's own git history, and follows its patches through refresh, rename, merge and split.")
    .addHelpText('after', EXAMPLE)
  const reading = (command: Command) =>
    withRecordOptions(command)
      .option('--branch <name>', 'branch of the queue (default: the one with the newest revision)')
      .option('--json', 'print one JSON document', false)
  reading(history.command('list', { isDefault: true }))
    .summary('the size of the queue, release by release (the default)')
    .option('--csv', 'print comma-separated values', false)
    .action((options: Options & { csv: boolean }) => runList(options, context))
  reading(history.command('flow'))
    .summary('what stayed, left and came in between two revisions')
    .argument('<from>', 'release of the table, or commit of the queue')
    .argument('<to>', 'a later one')
    .action((from: string, to: string, options: Options) => runFlow(from, to, options, context))
  reading(history.command('patch'))
    .summary('one patch through the years: versions, age, why it left')
    .argument('<name>', 'a name that it has or had')
    .option('--diff <a..b>', 'what changed between two of its versions, by their numbers (default: the last two)')
    .action((name: string, options: Options & { diff?: string }) => runPatch(name, options, context))
  withRecordOptions(history.command('import'))
    .summary("read the revisions from the queue's own repository; again, to add new ones")
    .requiredOption('--repo <repository>', 'the git repository that holds the queue')
    .option('--branch <name...>', 'branches to read (default: all)')
    .option('--series <name>', 'file name of the series, in whatever directory', 'series')
    .action((options: ImportOptions) => runImport(options, context))
}

interface ImportOptions {
  repo: string
  branch?: string[]
  series: string
  queue: string
  db?: string
}

async function runImport(
  { repo, branch = [], series, ...options }: ImportOptions,
  context: CommandContext,
): Promise<void> {
  const record = findRecord(options, context.cwd)
  const scratch = await makeScratch(dirname(record), repo, false, context)
  const database = openDatabase(record, 'write')
  try {
    const heads = await listBranches(scratch, branch)
    const repository = resolve(context.cwd, repo)
    const imported = await importHistory(scratch, database, { repository, series }, heads, context.progress)
    context.write(
      `${imported.commits} revisions, ${imported.visits} patches listed, ${imported.blobs} different ones\nnext: rebaseline history${locatorOf(options)}\n`,
    )
  } finally {
    database.close()
    removeScratch(scratch.directory)
  }
}

interface Read {
  database: Connection
  life: QueueLife
  branch: string
  revisions: QueueRevision[]
  lineages: Lineages
}

/** Opens the record, follows the patches of one branch, and closes it again when `use` is done. */
function withLife(options: Options, context: CommandContext, use: (read: Read) => void): void {
  const database = openDatabase(findRecord(options, context.cwd), 'read')
  try {
    const life = loadLife(database, null)
    if (!life)
      throw new UserError('no history is recorded', 'run "rebaseline history import --repo <repository>" first')
    const branch = options.branch ?? newestBranch(life)
    if (!life.branches.has(branch))
      throw new UserError(`there is no branch "${branch}"`, `it has ${[...life.branches.keys()].join(', ')}`)
    const revisions = revisionsOf(life, branch)
    use({ database, life, branch, revisions, lineages: traceLineages(revisions, life.facts) })
  } finally {
    database.close()
  }
}

function runList(options: Options & { csv: boolean }, context: CommandContext): void {
  if (options.csv && options.json) throw new UsageError('--csv and --json exclude each other', 'ask for one of them')
  withLife(options, context, ({ life, branch, revisions, lineages }) => {
    const periods = periodsOf(revisions, life.facts, lineages)
    if (options.json) context.write(historyToJson(life, branch, periods))
    else if (options.csv) context.write(historyToCsv(periods))
    else
      context.write(historyToText(life.repository, branch, periods, { ...context.output, locator: locatorOf(options) }))
  })
}

function runFlow(from: string, to: string, options: Options, context: CommandContext): void {
  withLife(options, context, ({ database, life, revisions, lineages }) => {
    const periods = periodsOf(revisions, life.facts, lineages)
    const find = (wanted: string) => {
      const sha = periods.findLast(({ name, base }) => name === wanted || base === wanted)?.revision.sha ?? wanted
      const at = revisions.findIndex((one) => /^[0-9a-f]{4,}$/.test(sha) && one.sha.startsWith(sha))
      if (at >= 0) return at
      throw new UserError(
        `this branch has no revision "${wanted}"`,
        'name a release of "rebaseline history", or a commit',
      )
    }
    const [first, last] = [find(from), find(to)]
    if (first >= last) throw new UsageError(`${from} does not come before ${to}`, 'name the earlier one first')
    const flow = flowBetween(lineages, first, last)
    const outcomes = loadOutcomes(database)
    context.write(
      options.json ? flowToJson(from, to, flow, outcomes) : flowToText(from, to, flow, outcomes, context.output),
    )
  })
}

function runPatch(name: string, options: Options & { diff?: string }, context: CommandContext): void {
  withLife(options, context, ({ database, lineages }) => {
    const lineage = findLineage(lineages.lineages, name)
    const outcomes = loadOutcomes(database)
    if (options.json) context.write(lineageToJson(lineage, outcomes))
    else context.write(lineageToText(lineage, outcomes, changeBetween(database, lineage, options.diff), context.output))
  })
}

function findLineage(lineages: readonly Lineage[], name: string): Lineage {
  const fits = (test: (own: string) => boolean) =>
    lineages.filter(({ versions }) => versions.some((one) => test(one.name)))
  const exact = fits((own) => own === name)
  const found = exact.length > 0 ? exact : fits((own) => own.includes(name))
  const [lineage] = found
  if (!lineage)
    throw new UserError(`no patch was ever called "${name}" on this branch`, 'try part of the name, or --branch')
  if (found.length === 1 || exact.length > 0) return found.at(-1) ?? lineage
  const names = found.slice(0, 5).map(({ listing }) => listing.name)
  throw new UserError(`"${name}" fits ${found.length} patches: ${names.join(', ')}`, 'give more of the name')
}

/**
 * Between the versions of those numbers, counted from 1; between the last two where none are named.
 */
function changeBetween(database: Connection, { versions }: Lineage, wanted: string | undefined): string[] {
  const [, from, to] = /^(\d+)\.\.(\d+)$/.exec(wanted ?? `${versions.length - 1}..${versions.length}`) ?? []
  const pair = [versions[Number(from) - 1], versions[Number(to) - 1]]
  if (wanted !== undefined && pair.includes(undefined))
    throw new UsageError(
      `"${wanted}" names no two versions`,
      `it has ${versions.length}: write --diff 1..${versions.length}`,
    )
  const [before, after] = pair.map((version) => {
    const bytes = version?.digest ? loadPatch(database, version.digest) : null
    return version && bytes ? reread({ ...plain, name: version.name }, bytes) : null
  })
  return before && after ? interdiff(before, after) : []
}

const plain = {
  ...{ position: 1, section: '', owner: null, comment: null, strip: 1, reversed: false },
  ...{ digest: '', subject: null, author: null, added: 0, removed: 0, files: 0 },
}
