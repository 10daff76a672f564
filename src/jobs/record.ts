/** Makes the record small. */
import { readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { JobContext } from '../model/job.ts'
import type { VacuumedRecord } from '../model/record.ts'
import { vacuum } from '../record/vacuum.ts'
import { type Place, withRecord } from '../workspace/record.ts'

export function vacuumRecord(place: Place, context: JobContext): Promise<VacuumedRecord> {
  return withRecord(place, 'amend', context, async (database) => ({
    record: database.name,
    ...(await vacuum(database)),
    copies: copiesOf(database.name),
  }))
}

/** "record.db.before-6" and its like beside it. */
function copiesOf(record: string): VacuumedRecord['copies'] {
  const directory = dirname(record)
  return readdirSync(directory)
    .filter((name) => name.startsWith(`${basename(record)}.before-`))
    .sort()
    .map((name) => ({ file: join(directory, name), bytes: statSync(join(directory, name)).size }))
}
