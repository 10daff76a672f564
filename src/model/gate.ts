/** Policy gates: what a queue's own people say must not be. */

/** What a gate asks for. */
export type GateRule =
  /** A section carries no more patches than at a revision of the queue. */
  | { kind: 'no-growth'; section: string; since: string }
  /** `age`: the days as they are written, "2 years". */
  | { kind: 'no-old-unowned'; days: number; age: string }
  /** Asked only where the target is a release. */
  | { kind: 'no-debug-at-release' }
  /** None is missing, and none of the base is taken back. */
  | { kind: 'no-fix-missing' }
  /** `unexplained`: upstream is said to have the patch, and nothing bears it out. */
  | { kind: 'no-claim'; what: readonly ('false' | 'unexplained')[] }

/** A sentence of `gates:` in rebaseline.yaml. */
export interface Gate {
  /** As it is written. */
  text: string
  /** Its line there, from 1. */
  line: number
  rule: GateRule
}

/** A patch, or a claim of one, for which a gate fails. */
export interface GateOffence {
  position: number
  name: string
  /** The line that lists it, "series:12"; null where none does. */
  listed: string | null
  /** What is wrong with it, in words, behind its name: "is for debugging". */
  because: string
}

/** What came of a gate. */
export interface JudgedGate {
  gate: Gate
  pass: boolean
  /** Whether it concerns this target at all; what does not holds. */
  isAsked: boolean
  /** Why, in one sentence. */
  because: string
  /** In the order of the queue; none where a gate fails for no single patch. */
  offences: GateOffence[]
}

/** What a queue's own people say must not be, and what came of it. */
export interface JudgedPolicy {
  /** The file that says it, by its absolute path, and the top of its repository. */
  file: string
  top: string
  /** The file or directory that the queue was read from. */
  queue: string
  /** The target, as it was named. */
  target: string
  /** In the order in which they are written. */
  gates: JudgedGate[]
}
