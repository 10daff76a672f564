/** `rebaseline export`: the end of a rebase. */
import type { Command } from 'commander'
import { UsageError } from '../errors.ts'
import { checkRebase } from '../jobs/try/check.ts'
import { checkToJson } from '../report/json/check.ts'
import { checkToText } from '../report/text/check.ts'
import type { CommandContext } from './context.ts'
import { DB_OPTION } from './place.ts'

interface Options {
  check?: string[]
  upstream?: string
  base?: string
  onto?: string
  json: boolean
}

const EXAMPLE = `
Example:
  $ rebaseline export --check patches.4.13 patches --upstream ../xen --base RELEASE-4.13.5 --onto RELEASE-4.17.3

Exit codes: 0 nothing is missing; 1 wrong usage; 2 it could not be done; 3 a change is missing, or the new queue cannot be used.`

export function registerExport(program: Command, context: CommandContext): void {
  program
    .command('export')
    .summary('prove that a rebased queue lost nothing')
    .description(
      'Holds a queue against its rebase, whoever made it: every change of the old one is as it was, moved, changed, upstream by a named commit,\n' +
        'left out for a reason that the new series tells, or missing. Says what a changed hunk lost, what headers lost, and what came in besides.',
    )
    .option('--check <queues...>', 'the queue before the rebase, and the rebased one')
    .option('--upstream <repository>', 'clone of the upstream project (work tree or bare), or its URL')
    .option('--base <commit>', 'what the old queue sits on; found where it is left out')
    .option('--onto <commit>', 'what the new queue sits on')
    .option(...DB_OPTION)
    .option('--json', 'print one JSON document', false)
    .addHelpText('after', EXAMPLE)
    .action((options: Options) => runExport(options, context))
}

async function runExport(options: Options, context: CommandContext): Promise<void> {
  const { check = [], upstream, base = null, onto, json } = options
  const [old, now, ...others] = check
  if (old === undefined || now === undefined || others.length > 0)
    throw new UsageError('--check takes two queues', 'write: export --check OLD NEW --upstream … --onto …')
  if (upstream === undefined || onto === undefined)
    throw new UsageError('--check needs the upstream and the release', 'give --upstream and --onto')
  const checked = await checkRebase({ old, now, upstream, base, onto }, context)
  context.write(json ? checkToJson(checked) : checkToText(checked, context.output))
  if (!checked.isWhole) context.setExitCode(3)
}
