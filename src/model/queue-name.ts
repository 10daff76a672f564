/** What a queue is called where it is named in a line. Pure. */

/** Folders and lists that are called so in many queues, and tell nothing. */
const COMMON = /^(?:series(?:[.-].*)?|\.?patches|debian|SOURCES|SPECS|\.git)$/

/** By the last part of its path that tells it from others: "xen.pg" of /src/xen.pg/series. */
export function queueName(source: string): string {
  const parts = source.split('/').filter((part) => part !== '')
  return parts.findLast((part) => !COMMON.test(part)) ?? source
}
