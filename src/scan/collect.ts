/** Collects into the record what others made of the items of a scan. */
import { setTimeout } from 'node:timers/promises'
import { UserError } from '../errors.ts'
import { readDocument } from '../record/attempt-document.ts'
import type { Connection } from '../record/database.ts'
import { type CollectedItem, collectItems, countItems, waitingItems } from '../record/scan-items.ts'
import type { EngineQueue, Returned } from './engine-queue.ts'

/** Milliseconds between two looks. */
const PAUSE = 100
/** So many looks in vain, and all that waits is handed over again: an engine may lose what it had. */
const LOOKS = 300

/** Hands over what waits, and returns when all of it came back. */
export async function collect(queue: EngineQueue, portfolio: string, database: Connection): Promise<void> {
  for (let looks = 0; countItems(database, portfolio).waiting > 0; looks++) {
    if (looks % LOOKS === 0) await queue.add(waitingItems(database, portfolio))
    const returned = await queue.returned()
    await collectItems(database, returned.map(toCollected))
    for (const { forget } of returned) await forget()
    if (returned.length === 0) await setTimeout(PAUSE)
    else looks = 0
  }
}

/** What a worker handed in is looked at as closely as any document. */
function toCollected({ item: { key, name }, result }: Returned): CollectedItem {
  if (!('document' in result)) return { key, ...result }
  try {
    const { hash, ...document } = readDocument(result.document, `what a worker returned of ${name}`)
    return { key, saved: { ...document, document: hash } }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { key, message: error.message, hint: 'is another version of rebaseline at work there?' }
  }
}
