/** What a rebased queue is called. */
import type { RecordedAttempt } from '../model/attempt.ts'

/** Where a rebased queue may be written: beside where one stands, named by its target. */
export function besideOf({ called, target }: Pick<RecordedAttempt, 'called' | 'target'>): string {
  return `../${`${called}-${target.ref}`.replace(/[^\w.+-]+/g, '-')}`
}
