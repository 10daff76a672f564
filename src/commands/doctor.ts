/** `rebaseline doctor`: what is there, what is missing, and how to get it. */
import type { Command } from 'commander'
import { examine } from '../jobs/doctor.ts'
import { doctorToJson } from '../report/json/doctor.ts'
import { doctorToText } from '../report/text/doctor.ts'
import type { CommandContext } from './context.ts'
import { type PlaceOptions, withPlaceOptions } from './place.ts'

const EXAMPLE = `
Example:
  $ rebaseline doctor

Looks at git, at the programs that unpack patches and tarballs, at the cache, the record, rebaseline.yaml, the queue, and the upstream that the file names.
Nothing is fetched, and nothing is mended. Exit codes: 0 all that is needed is there; 1 wrong usage; 2 something is broken.`

export function registerDoctor(program: Command, context: CommandContext): void {
  withPlaceOptions(program.command('doctor'))
    .summary('say what is there, what is missing, and how to get it')
    .description('Looks at everything that the other commands need, here and for this queue.')
    .option('--json', 'print one JSON document', false)
    .addHelpText('after', EXAMPLE)
    .action((options: PlaceOptions & { json: boolean }) => runDoctor(options, context))
}

async function runDoctor({ json, ...place }: PlaceOptions & { json: boolean }, context: CommandContext): Promise<void> {
  const checks = await examine(place, context)
  context.write(json ? doctorToJson(checks, context.version) : doctorToText(checks, context.output))
  if (checks.some(({ state }) => state === 'broken')) context.setExitCode(2)
}
