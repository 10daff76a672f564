/** Keeps two scans of the same portfolio into one record apart. */
import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { UserError } from '../errors.ts'
import type { JobContext } from '../model/job.ts'
import { takeLock } from '../record/lock.ts'
import { type Place, recordPath } from './record.ts'

/**
 * Holds the lock beside the record while `use` runs; the system lets it go whatever ends the
 * process. @throws UserError where another scan holds it.
 */
export async function withScanLock<Result>(
  place: Pick<Place, 'db'>,
  portfolio: string,
  context: JobContext,
  use: () => Promise<Result>,
): Promise<Result> {
  const record = await recordPath(place, context)
  const name = createHash('sha256').update(portfolio).digest('hex').slice(0, 16)
  const lock = `${record}.scan-${name}.lock`
  const release = takeLock(lock)
  if (!release)
    throw new UserError(`another scan of ${portfolio} works on ${record}`, 'wait until it is done, or end it')
  try {
    return await use()
  } finally {
    rmSync(lock, { force: true })
    release()
  }
}
