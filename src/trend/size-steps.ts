/** How large a queue was from day to day, by kind of burden. Pure. */
import { BURDENS, type Burden, type QueueRevision } from '../model/life.ts'
import type { Story } from './story.ts'

/** A size that a queue had from one moment on. */
export interface SizeStep {
  /** Seconds since 1970. */
  time: number
  patches: number
  byBurden: Readonly<Record<Burden, number>>
}

/** Times, in seconds since 1970. */
export interface Span {
  since: number
  until: number
}

/** Settled sizes alone, each where it differs from the one before; of branches in a row, no step back in time. */
export function sizeSteps({ revisions, settled }: Pick<Story, 'revisions' | 'settled'>): SizeStep[] {
  const steps: SizeStep[] = []
  for (const [at, revision] of revisions.entries()) {
    const last = steps.at(-1)
    if (!settled[at] || (last && revision.time < last.time)) continue
    const step = sizeStepOf(revision)
    if (!last || BURDENS.some((burden) => step.byBurden[burden] !== last.byBurden[burden])) steps.push(step)
  }
  return steps
}

/** What a revision carries. */
export function sizeStepOf({ time, entries }: QueueRevision): SizeStep {
  const byBurden = { backport: 0, waiting: 0, debt: 0 }
  for (const { kind, disabled } of entries) if (!disabled) byBurden[kind]++
  return { time, byBurden, patches: byBurden.backport + byBurden.waiting + byBurden.debt }
}

/** When the queue was in the middle of a rebase. */
export function unsettledSpans({ revisions, settled }: Pick<Story, 'revisions' | 'settled'>): Span[] {
  const spans: Span[] = []
  for (const [at, { time }] of revisions.entries()) {
    const open = spans.at(-1)
    if (settled[at]) continue
    if (open && at > 0 && !settled[at - 1]) open.until = time
    else spans.push({ since: time, until: time })
  }
  return spans
}
