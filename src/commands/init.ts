/** `rebaseline init`: writes `rebaseline.yaml`, so that nothing is typed twice. */
import { realpathSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Command, Option } from 'commander'
import { UsageError } from '../errors.ts'
import { init, trust } from '../jobs/init/init.ts'
import { FORMATS, type FormatName } from '../model/queue.ts'
import { initToJson } from '../report/json/init.ts'
import { forTerminal } from '../report/sanitize.ts'
import { initToText } from '../report/text/init.ts'
import type { CommandContext } from './context.ts'
import { locatorOf } from './place.ts'
import { UPSTREAM_OPTION } from './upstream.ts'

interface Options {
  queue?: string
  name?: string
  upstream?: string
  base?: string
  format?: FormatName
  tags?: string
  force: boolean
  trust: boolean
  join: boolean
  json: boolean
}

const EXAMPLE = `
Examples:
  $ rebaseline init                          what it finds of the queue here, of its upstream near it, and of its base
  $ rebaseline init --upstream ../xen        with that upstream
  $ rebaseline init --trust                  the file came from somebody else: its paths may lead out of its own directory
  $ rebaseline init --trust --join           the queue was moved, or is in another checkout: its past is found by its name

The file is written where you stand, if that is above the queue, or beside the queue. Every command reads it from there on, and options of a command stand over it.
What it says outside of its own directory, and its name, count after "init" wrote it, or "init --trust"; an upstream that is fetched by https needs no trust.`

export function registerInit(program: Command, context: CommandContext): void {
  program
    .command('init')
    .summary('write rebaseline.yaml: queue, upstream, base and releases, found once')
    .description(
      'Looks for what the commands need to know, and writes it down with how it was found, as a file to be read and changed.',
    )
    .option('--queue <path>', 'the queue (default: where you stand, above it, or below it)')
    .option(...UPSTREAM_OPTION)
    .option('--base <commit>', 'what the queue sits on now (default: found)')
    .option('--tags <glob>', "the tags of the upstream that are releases: 'v*' (default: found by their names)")
    .addOption(
      new Option('--format <name>', 'what the queue is, where its content does not tell').choices([...FORMATS]),
    )
    .option('--name <name>', 'what the queue is called: with it, it is one queue in all its checkouts')
    .option('--force', 'write a file that is there already anew', false)
    .option('--trust', 'have the file that is there count: its paths and its name, as long as it names the same', false)
    .option('--join', 'the queue is the one of that name that the record has, moved or in another checkout', false)
    .option('--json', 'print one JSON document', false)
    .addHelpText('after', EXAMPLE)
    .action((options: Options) => runInit(options, context))
}

async function runInit(options: Options, context: CommandContext): Promise<void> {
  const { trust: isTrust, force: isForced, join: isJoining, json, ...request } = options
  if (isTrust) {
    const { queue, ...others } = request
    if (isForced || json || Object.keys(others).length > 0)
      throw new UsageError('--trust is about a file as it is', 'leave the other options out')
    const file = await trust({ ...(queue === undefined ? {} : { queue }), isJoining }, context)
    context.write(`${forTerminal(file)} is trusted, as long as it names the same\n`)
    return
  }
  const written = await init({ ...request, isForced, isJoining }, context)
  // Who stands in the file's directory need not name the queue.
  const isHere = realpathSync(context.cwd) === dirname(written.file)
  const medium = { ...context.output, locator: isHere ? '' : locatorOf(options) }
  context.write(json ? initToJson(written) : initToText(written, medium))
}
