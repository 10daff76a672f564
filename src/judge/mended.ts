/** What is said of the patches of an attempt since a person mended some of them. Pure. */
import type { Landing, PatchResult, Verdict } from '../model/attempt.ts'
import { type Mending, type Outcome, type PatchStep, standingSteps } from '../model/resolve.ts'

/** The results of an attempt, with what was mended, dropped, and landed since. */
export function mendedResults(results: readonly PatchResult[], { steps, outcomes }: Mending): PatchResult[] {
  const standing = standingSteps(steps)
  return results.map((result) => {
    const { position } = result.patch
    const step = standing.get(position) ?? null
    const outcome = outcomes.get(position) ?? null
    const landing = outcome === null ? result.landing : landingOf(result.landing, outcome)
    const suggested = outcome === null ? result.suggested : outcome.patch
    return { ...result, landing, suggested, verdict: verdictOf(result, landing, step) }
  })
}

/** With the conflicts that the attempt found: where there are new ones, nothing is known of them. */
function landingOf(before: Landing, { landing, waitsFor }: Outcome): Landing {
  const conflicts = 'conflicts' in before ? before.conflicts : []
  switch (landing) {
    case 'conflict':
      return { kind: 'conflict', conflicts }
    case 'blocked':
      return { kind: 'blocked', conflicts, by: waitsFor }
    default:
      return { kind: landing }
  }
}

function verdictOf(before: PatchResult, landing: Landing, step: PatchStep | null): Verdict {
  const { verdict } = before
  const day = step?.at.slice(0, 10)
  if (step?.kind === 'dropped')
    return { kind: 'droppable', action: 'drop', reason: `dropped by ${step.by} on ${day}: ${step.reason}` }
  const isMended = step?.kind === 'resolved'
  switch (landing.kind) {
    case 'conflict':
      return verdict.kind === 'conflicting' ? verdict : { kind: 'conflicting', action: 'rework', reason: CHANGED }
    case 'blocked':
      return verdict.kind === 'blocked' ? verdict : { kind: 'blocked', action: 'wait', reason: null }
    case 'noop':
      return verdict.kind === 'blocked' || isMended ? { kind: 'applies', action: 'review', reason: NOTHING } : verdict
    case 'withheld':
    case 'unreadable':
      return verdict
    default: {
      if (isMended) return { kind: 'applies', action: 'refresh', reason: `mended by ${step.by} on ${day}` }
      const action = landing.kind === 'clean' ? 'keep' : 'refresh'
      if (verdict.kind !== 'applies') return { kind: 'applies', action, reason: null }
      return verdict.action === 'review' ? verdict : { ...verdict, action }
    }
  }
}

const CHANGED = 'it landed before others were mended'
const NOTHING = 'it changes nothing now that others are mended: look before dropping it'
