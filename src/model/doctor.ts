/** What `doctor` says of one thing that a job needs. */

/**
 * `ok`. `missing`: what only some jobs need, or what is not there yet. `broken`: nothing works, or
 * not what the queue's config names.
 */
export const CHECK_STATES = ['ok', 'missing', 'broken'] as const
export type CheckState = (typeof CHECK_STATES)[number]

export interface Check {
  /** What is looked at: "git". */
  name: string
  state: CheckState
  /** What was seen. */
  said: string
  /** How to get it, or mend it; null where nothing is to be done. */
  way: string | null
}
