/** What a rebased queue is called. */
import type { RecordedAttempt } from '../model/attempt.ts'
import { queueName } from '../model/queue-name.ts'

/** Where a rebased queue may be written: beside where one stands, named by its target. */
export function besideOf({ queue, target }: Pick<RecordedAttempt, 'queue' | 'target'>): string {
  return `../${`${queueName(queue.source)}-${target.ref}`.replace(/[^\w.+-]+/g, '-')}`
}
