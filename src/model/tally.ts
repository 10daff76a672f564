/** What an attempt comes to: every patch counted once, by what is to be done with it. Pure. */
import type { PatchResult } from './attempt.ts'

/**
 * `mend`: needs a person's hands, whether something is to be decided, too. `repair`: cannot be read.
 * `decide`: lands, and only a person can tell whether it may go. `wait`: for patches to mend.
 * `refresh`: moved. `keep`: stays as it is. `leave`: is not carried on.
 */
export const PARTS = ['mend', 'repair', 'decide', 'wait', 'refresh', 'keep', 'leave'] as const
/** One of them. */
export type Part = (typeof PARTS)[number]

/** The one part that a patch is counted in. */
export function partOf({ verdict: { kind, action } }: Pick<PatchResult, 'verdict'>): Part {
  if (action === 'drop') return 'leave'
  if (kind === 'conflicting') return 'mend'
  if (kind === 'invalid') return 'repair'
  if (action === 'review') return 'decide'
  if (kind === 'blocked') return 'wait'
  return action === 'refresh' ? 'refresh' : 'keep'
}

/** How many patches are in each part, and in all. */
export type Tally = Readonly<Record<Part | 'patches', number>>

/** Counts the patches of an attempt; the parts add up to all of them. */
export function tallyOf(results: readonly Pick<PatchResult, 'verdict'>[]): Tally {
  const tally = { patches: results.length, mend: 0, repair: 0, decide: 0, wait: 0, refresh: 0, keep: 0, leave: 0 }
  for (const result of results) tally[partOf(result)]++
  return tally
}

/** What is to be done next with a queue, the most urgent first. */
export const NEXTS = ['mend', 'decide', 'export', 'nothing'] as const
export type Next = (typeof NEXTS)[number]

/** The next action on an attempt, and for how many patches; 0: for all. */
export function nextOf({ mend, repair, decide, refresh, leave }: Tally): { next: Next; count: number } {
  if (mend + repair > 0) return { next: 'mend', count: mend + repair }
  if (decide > 0) return { next: 'decide', count: decide }
  return { next: refresh + leave > 0 ? 'export' : 'nothing', count: 0 }
}
