import { durationOf } from './duration.ts'

/** What one rebase took. */
export interface Effort {
  /** Releases as they were given: "3.4", "RELEASE-4.2.1". */
  from: string
  to: string
  /** Calendar time in days, whatever the number of hands. */
  days: number
  /** The time as a person typed it: "13 months"; null for an estimate. */
  typed: string | null
  /** People who worked on it. */
  hands: number
  /** `person`: somebody said so. `commits`: estimated from the times of the queue's own commits. */
  source: 'person' | 'commits'
  note: string
  /** When it was logged: ISO 8601, UTC. */
  at: string
}

/** As it was typed; an estimate in its largest unit. */
export function timeOf({ typed, days }: Effort): string {
  return typed ?? durationOf(days)
}
