/** `rebaseline record`: the file that all is recorded in. */
import type { Command } from 'commander'
import { UsageError } from '../errors.ts'
import { vacuumRecord } from '../jobs/record.ts'
import { vacuumedToJson } from '../report/json/record.ts'
import { vacuumedToText } from '../report/text/record.ts'
import type { CommandContext } from './context.ts'
import { DB_OPTION, type PlaceOptions } from './place.ts'

const EXAMPLE = `
Example:
  $ rebaseline record vacuum

The record is one SQLite file for all queues; "rebaseline doctor" says where it is. Nothing that was recorded is ever taken out.
While it is written anew, it needs as much room again, beside it and among the temporary files; where there is not, it stays as it was.`

export function registerRecord(program: Command, context: CommandContext): void {
  const record = program
    .command('record')
    .summary('make the file small that all is recorded in')
    .description('Looks after the file that all attempts, answers and efforts are recorded in.')
    .addHelpText('after', EXAMPLE)
    .action(() => {
      throw new UsageError('what about the record?', 'say vacuum; see rebaseline record --help')
    })
  record
    .command('vacuum')
    .summary('write the record anew, without the room that nothing uses')
    .option(...DB_OPTION)
    .option('--json', 'print one JSON document', false)
    .action(async ({ json, ...place }: PlaceOptions & { json: boolean }) => {
      const vacuumed = await vacuumRecord(place, context)
      context.write(json ? vacuumedToJson(vacuumed) : vacuumedToText(vacuumed))
    })
}
