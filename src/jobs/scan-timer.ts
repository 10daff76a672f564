/** When a portfolio is to be scanned, and into which record. */
import { readPortfolio } from '../config/portfolio.ts'
import { UserError } from '../errors.ts'
import type { JobContext } from '../model/job.ts'
import { type Place, recordPath } from '../workspace/record.ts'

/** `portfolio`: an absolute path. @throws UserError where it has no schedule. */
export async function scanTimer(
  portfolio: string,
  place: Pick<Place, 'db'>,
  context: JobContext,
): Promise<{ schedule: string; record: string }> {
  const { schedule } = readPortfolio(portfolio)
  if (schedule === null)
    throw new UserError(
      `${portfolio} has no schedule`,
      'write one into it: "schedule: 30 4 * * *" is each night at half past four',
    )
  return { schedule, record: await recordPath(place, context) }
}
