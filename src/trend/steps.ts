/** The steps from release to release of which somebody logged what they took. Pure. */
import type { Effort } from '../model/effort.ts'
import { compareReleases, releaseKey } from '../model/version.ts'

/** One step, with what counts of all that was logged for it. */
export interface Step {
  from: string
  to: string
  /** The newest that a person said; null where nobody did. */
  person: Effort | null
  /** The newest estimate from commits; null where there is none. The two are never mixed. */
  commits: Effort | null
  /** Shorter steps that it reaches over: their time is in its own. */
  covers: Step[]
}

/** `logged`: oldest first. A later entry corrects an earlier one, however it spells the releases. */
export function stepsOf(logged: readonly Effort[]): Step[] {
  const steps = new Map<string, Step>()
  for (const effort of logged) {
    const key = `${releaseKey(effort.from)} ${releaseKey(effort.to)}`
    const known = steps.get(key) ?? { from: effort.from, to: effort.to, person: null, commits: null, covers: [] }
    steps.set(key, { ...known, [effort.source]: effort })
  }
  const ordered = [...steps.values()].sort((one, other) => {
    return compareReleases(one.from, other.from) || compareReleases(one.to, other.to)
  })
  return ordered.map((step) => ({ ...step, covers: ordered.filter((other) => isInside(other, step)) }))
}

/** What a step took: what a person said, else the estimate. */
export function effortOf({ person, commits, from, to }: Step): Effort {
  const effort = person ?? commits
  if (effort) return effort
  throw new Error(`nothing is logged from ${from} to ${to}`)
}

/** What a person said of a step, and what its commits suggest. */
export function entriesOf({ person, commits }: Step): Effort[] {
  return [person, commits].filter((effort) => effort !== null)
}

function isInside(inner: Step, outer: Step): boolean {
  if (inner === outer) return false
  const [starts, ends] = [compareReleases(outer.from, inner.from), compareReleases(inner.to, outer.to)]
  return starts <= 0 && ends <= 0 && (starts < 0 || ends < 0)
}
