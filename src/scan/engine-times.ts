/** Has an engine say when a portfolio is to be scanned: its own scheduler keeps the times. */
import { createHash, randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { engineAt, opened } from './engine.ts'
import { ifMine, insist, type Warn } from './engine-queue.ts'
import { LEASE } from './work-queue.ts'

/** When what is scanned. */
export interface ScanTimes {
  /** An absolute path. */
  portfolio: string
  /** As crontab(5) has it. */
  schedule: string
}

/** Milliseconds between two looks whether it is time. */
const PAUSE = 1000

/**
 * Scans now, and whenever it is time; of several processes that wait one does. What a scan throws is
 * told, and the next one comes.
 */
export async function scanOnTime(
  url: string,
  { portfolio, schedule }: ScanTimes,
  scan: () => Promise<void>,
  warn: Warn,
): Promise<never> {
  const name = `rebaseline-times-${createHash('sha256').update(portfolio).digest('hex').slice(0, 16)}`
  const engine = await engineAt<string, string>(url, name)
  const queue = await opened(engine.queue)
  const job = { name: 'scan', data: portfolio, opts: { removeOnComplete: true, removeOnFail: true } }
  await insist(warn, () => queue.upsertJobScheduler('scan', { pattern: schedule, immediately: true }, job))
  const worker = await opened(engine.worker)
  const token = randomUUID()
  await insist(warn, () => worker.startStalledCheckTimer())
  for (;;) {
    const due = await insist(warn, () => worker.getNextJob(token))
    if (!due) {
      await setTimeout(PAUSE)
      continue
    }
    const beat = setInterval(() => due.extendLock(token, LEASE).catch(() => {}), LEASE / 4)
    try {
      await scan()
    } catch (error) {
      warn((error as Error).message)
    } finally {
      clearInterval(beat)
    }
    await ifMine(insist(warn, () => due.moveToCompleted('', token, false)))
  }
}
