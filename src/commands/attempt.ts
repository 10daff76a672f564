/** `rebaseline attempt`: attempts as documents, and those that were made by mistake. */
import type { Command } from 'commander'
import { UsageError } from '../errors.ts'
import { exportAttempts, restore, withdraw } from '../jobs/attempt.ts'
import { type Imported, importAttempts } from '../jobs/import-attempts.ts'
import type { Medium } from '../report/layout.ts'
import { escapeUnsafe, forTerminal } from '../report/sanitize.ts'
import { overruleLines } from '../report/text/overrules.ts'
import type { CommandContext } from './context.ts'
import { attemptNumber, DB_OPTION, locatorOf, type PlaceOptions, withPlaceOptions } from './place.ts'

const EXAMPLE = `
Examples:
  $ rebaseline attempt export > attempt.json                  the newest attempt of the queue, as one line of JSON
  $ rebaseline attempt export --all | gzip > attempts.gz      all attempts of all queues, a line each
  $ rebaseline attempt import attempt.json                    into this record; a second time changes nothing
  $ rebaseline attempt withdraw @12 --reason "wrong base"      it stays recorded, and counts no more
  $ rebaseline attempt restore @12                            it counts again`

export function registerAttempt(program: Command, context: CommandContext): void {
  const attempt = program
    .command('attempt')
    .summary('write attempts as documents, read them back, withdraw or restore one')
    .description('Carries attempts from one record to another. A document is known by the hash of what it says.')
    .addHelpText('after', EXAMPLE)
    .action(() => {
      throw new UsageError(
        'what about attempts?',
        'say export, import, withdraw or restore; see rebaseline attempt --help',
      )
    })
  withPlaceOptions(attempt.command('export'))
    .summary('write attempts to the standard output, one JSON document a line')
    .argument('[attempt]', 'an attempt: @12 (default: the newest of the queue)', attemptNumber)
    .option('--all', 'all attempts of all queues', false)
    .option('--all-of-queue', 'all attempts of the queue', false)
    .action((number: string | undefined, options: ExportOptions) => runExport(number, options, context))
  attempt
    .command('import')
    .summary('read documents that "export" wrote: all of them, or none')
    .argument('<sources...>', 'files, directories of *.json, or "-" for the standard input')
    .option(...DB_OPTION)
    .action(async (sources: string[], options: PlaceOptions) => {
      context.write(importedToText(await importAttempts(sources, context.readInput, options, context), context.output))
    })
  withPlaceOptions(attempt.command('withdraw'))
    .summary('say that an attempt was made by mistake')
    .argument('<attempt>', 'the attempt: @12', attemptNumber)
    .requiredOption('--reason <words>', 'why')
    .option('--by <name>', 'whose word it is (default: the user)')
    .action(async (number: string, options: WithdrawOptions) => {
      const { by = context.user, reason } = options
      if (!/[\p{L}\p{N}]/u.test(reason))
        throw new UsageError('a withdrawal needs a reason', 'give one with --reason "…"')
      const id = await withdraw({ ...options, attempt: number, by, reason }, context)
      context.write(
        `attempt @${id} is withdrawn: it stays recorded, and counts no more\n\nnext  rebaseline attempt restore${locatorOf(options)} @${id}   takes that back\n`,
      )
    })
  withPlaceOptions(attempt.command('restore'))
    .summary('take a withdrawal back')
    .argument('<attempt>', 'the attempt: @12', attemptNumber)
    .option('--by <name>', 'whose word it is (default: the user)')
    .action(async (number: string, options: PlaceOptions & { by?: string }) => {
      const { by = context.user } = options
      const id = await restore({ ...options, attempt: number, by }, context)
      context.write(`attempt @${id} counts again\n`)
    })
}

interface ExportOptions extends PlaceOptions {
  all: boolean
  allOfQueue: boolean
}

interface WithdrawOptions extends PlaceOptions {
  reason: string
  by?: string
}

async function runExport(number: string | undefined, options: ExportOptions, context: CommandContext): Promise<void> {
  const { all, allOfQueue, ...place } = options
  if ([all, allOfQueue, number !== undefined].filter(Boolean).length > 1)
    throw new UsageError('one attempt, --all-of-queue or --all?', 'ask for one of them')
  const which = all ? 'all' : allOfQueue ? 'queue' : 'one'
  const named = number === undefined ? {} : { attempt: number }
  await exportAttempts({ ...place, ...named, which }, context, (line) => context.write(escapeUnsafe(line)))
}

function importedToText({ attempts, answers }: Imported, medium: Medium): string {
  if (attempts.length === 0) return 'no attempt is in the standard input\n'
  const lines = attempts.map(({ id, isKnown, isWithdrawn, queue, target }) => {
    const withdrawn = isWithdrawn
      ? `, and withdrawn: it counts no more; "rebaseline attempt restore @${id}" takes that back`
      : ''
    const known = isKnown ? `  (known already${withdrawn})` : ''
    return `attempt @${id}  ${forTerminal(queue)} on ${forTerminal(target)}${known}\n`
  })
  if (answers.length > 0)
    lines.push('answers of people that came with them, and count from now on:\n', ...overruleLines(answers, medium))
  return lines.join('')
}
