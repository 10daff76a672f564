/** `rebaseline overrule`: a person's answer, which stands over any finding. */
import { Argument, type Command } from 'commander'
import { UsageError } from '../errors.ts'
import { answer as give, listAnswers } from '../jobs/overrule.ts'
import { overrulesToJson } from '../report/json/attempt.ts'
import { overrulesToText } from '../report/text/overrules.ts'
import type { CommandContext } from './context.ts'
import { ATTEMPT, attemptNumber, type PlaceOptions, withPlaceOptions } from './place.ts'

interface Options extends PlaceOptions {
  json: boolean
  reason?: string
  commit?: string
  by?: string
  attempt?: string
}

const EXAMPLE = `
Examples:
  $ rebaseline overrule                                          the answers that count now on patches of the queue
  $ rebaseline overrule 44 drop --commit 4a1fb2c --reason "the same, split in two"
  $ rebaseline overrule fix-foo.patch keep --reason "upstream's version misses the ARM half"
  $ rebaseline overrule 44 withdraw                              let the evidence decide again

An answer is remembered for this content of the patch: a refreshed patch is judged anew. With --commit it counts only for targets that
hold that commit; "drop" then says "upstreamed", and "droppable" without.`

export function registerOverrule(program: Command, context: CommandContext): void {
  withPlaceOptions(program.command('overrule'))
    .summary("record a person's answer on a patch, for later attempts")
    .description(
      'Says whether a patch of the latest attempt is still needed, whatever the evidence says. Lists the answers on patches of the queue without arguments.',
    )
    .argument('[patch]', 'position or name of a patch in the latest attempt')
    .addArgument(new Argument('[answer]', 'what to do with it').choices(['drop', 'keep', 'withdraw']))
    .option('--reason <words>', 'why')
    .option('--commit <commit>', 'the upstream commit that makes the patch unnecessary')
    .option('--by <name>', 'whose answer it is (default: the user)')
    .option(ATTEMPT, 'the attempt that the patch is of (default: the latest of the queue)', attemptNumber)
    .option('--json', 'print one JSON document', false)
    .addHelpText('after', EXAMPLE)
    .action((patch: string | undefined, answer: Answer | undefined, options: Options) =>
      runOverrule(patch, answer, options, context),
    )
}

type Answer = 'drop' | 'keep' | 'withdraw'

async function runOverrule(
  patch: string | undefined,
  answer: Answer | undefined,
  options: Options,
  context: CommandContext,
): Promise<void> {
  if (patch !== undefined && !answer) throw new UsageError(`what about ${patch}?`, 'answer with drop, keep or withdraw')
  const { reason = '', commit = null, by = context.user } = options
  const overrules =
    patch !== undefined && answer
      ? await give({ ...options, patch, answer, reason, commit, by }, context)
      : await listAnswers(options, context)
  context.page(options.json ? overrulesToJson(overrules) : overrulesToText(overrules, context.output))
}
