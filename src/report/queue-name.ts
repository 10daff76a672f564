/** What a queue is called where it is named in a line, or in a command. */
import type { RecordedAttempt } from '../model/attempt.ts'

/** Folders and lists that are called so in many queues, and tell nothing. */
const COMMON = /^(?:series(?:[.-].*)?|\.?patches|debian|SOURCES|SPECS|\.git)$/

/** By the last part of its path that tells it from others: "xen.pg" of /src/xen.pg/series. */
export function queueName(source: string): string {
  const parts = source.split('/').filter((part) => part !== '')
  return parts.findLast((part) => !COMMON.test(part)) ?? source
}

/** Where a rebased queue may be written: beside the directory that one stands in, named by its target. */
export function besideOf({ queue, target }: Pick<RecordedAttempt, 'queue' | 'target'>): string {
  return `../${`${queueName(queue.source)}-${target.ref}`.replace(/[^\w.+-]+/g, '-')}`
}
