/** `rebaseline find`: loose patches against the upstream. */
import type { Command } from 'commander'
import { UsageError } from '../errors.ts'
import { findPatches } from '../jobs/find-patches.ts'
import { findToJson } from '../report/json/attempt.ts'
import { findToText } from '../report/text/find.ts'
import type { CommandContext } from './context.ts'
import { UPSTREAM_OPTION, type UpstreamOptions, upstreamOf, upstreamTarballOption } from './upstream.ts'

interface Options extends UpstreamOptions {
  in?: string
  strip?: string
  db?: string
  json: boolean
}

const EXAMPLE = `
Example:
  $ rebaseline find --upstream ../xen --in RELEASE-4.13.0..RELEASE-4.17.0 fix-foo.patch more/*.patch

"drop": the target has it. "review": it may have it: look at the candidates. "keep": it has not, or only part of it, or took it back.
A drop promises that every change of the patch has a fate that loses nothing; not that the code compiles or behaves the same without it.`

export function registerFind(program: Command, context: CommandContext): void {
  program
    .command('find')
    .summary('say of loose patch files whether they are upstream, and as what')
    .description('Compares patches with every commit of a range, exactly and by likeness, and checks the target tree.')
    .argument('<patches...>', 'patch files')
    .option(...UPSTREAM_OPTION)
    .addOption(upstreamTarballOption())
    .option('--in <base..target>', "where to look; without it in all of the upstream's HEAD")
    .option('--strip <level>', 'strip level of the patches (default: 1, or 0 where that leaves nothing of a name)')
    .option('--db <file>', 'the record; nothing of it is needed')
    .option('--json', 'print one JSON document', false)
    .addHelpText('after', EXAMPLE)
    .action((patches: string[], options: Options) => runFind(patches, options, context))
}

async function runFind(files: string[], options: Options, context: CommandContext): Promise<void> {
  if (options.strip !== undefined && !/^\d$/.test(options.strip))
    throw new UsageError(`--strip ${options.strip} is no number`, 'it is 0 or 1, as for patch -p')
  const strip = options.strip === undefined ? null : Number(options.strip)
  const request = { files, strip, upstream: upstreamOf(options), ...readRange(options.in) }
  const { target, found } = await findPatches(request, context)
  context.page(options.json ? findToJson(target, found) : findToText(target, found, context.output))
}

function readRange(range: string | undefined): { from: string | null; to: string } {
  if (range === undefined) return { from: null, to: 'HEAD' }
  const [, from, to] = /^(.+?)\.\.(.+)$/.exec(range) ?? []
  if (from && to) return { from, to }
  throw new UsageError(`"${range}" is no range`, '--in takes base..target, such as RELEASE-4.13.0..RELEASE-4.17.0')
}
