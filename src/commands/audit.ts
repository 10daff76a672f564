/** `rebaseline audit`: why each patch is still carried, and whether its claims are true. */
import { type Command, Option } from 'commander'
import { auditQueue } from '../jobs/try/audit.ts'
import { FORMATS, type FormatName } from '../model/queue.ts'
import { auditToJson } from '../report/json/audit.ts'
import { auditToText } from '../report/text/audit.ts'
import type { CommandContext } from './context.ts'
import { type PlaceOptions, withPlaceOptions } from './place.ts'
import { UPSTREAM_OPTION, type UpstreamOptions, upstreamOf, upstreamTarballOption } from './upstream.ts'

interface Options extends UpstreamOptions, PlaceOptions {
  base?: string
  onto: string
  guard: string[]
  format?: FormatName
  json: boolean
}

const EXAMPLE = `
Example:
  $ rebaseline audit --queue ./patches/series --upstream ../xen --base RELEASE-4.13.0 --onto RELEASE-4.17.0

Classes: backport (upstream has it), sent, unsent, distro (upstream has no use for it), revert, debug, dead (it changes nothing that is still there).
A commit that a patch names is looked up, never believed; a claim that does not hold is listed below the table.
The queue is tried as by "try", and the attempt is recorded.`

export function registerAudit(program: Command, context: CommandContext): void {
  withPlaceOptions(program.command('audit'))
    .summary('say why each patch is still carried, and whether its claims are true')
    .description(
      'Tries the queue, looks up every commit that its patches name, and says of each patch what to do next.',
    )
    .option(...UPSTREAM_OPTION)
    .addOption(upstreamTarballOption())
    .option('--base <commit>', 'what the queue sits on now: tag, branch or commit; found where it is left out')
    .requiredOption('--onto <commit>', 'what its claims are held against: tag, branch or commit')
    .addOption(
      new Option('--format <name>', 'what the queue is, where its content does not tell').choices([...FORMATS]),
    )
    .option('--guard <tags...>', 'guards that hold, for series with "#+tag" (guilt) or "+tag" (SUSE)', [])
    .option('--json', 'print one JSON document', false)
    .addHelpText('after', EXAMPLE)
    .action((options: Options) => runAudit(options, context))
}

async function runAudit(options: Options, context: CommandContext): Promise<void> {
  const { base = null, format = null, guard: guards, onto: target } = options
  const request = { ...options, upstream: upstreamOf(options), base, guards, format, target }
  for (const audit of await auditQueue(request, context))
    context.write(options.json ? auditToJson(audit) : auditToText(audit, context.output))
}
