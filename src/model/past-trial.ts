/** A rebase of the past: the last revision of the queue on its base, and where it went. */
export interface PastStep {
  /** The revision of the queue's repository. */
  sha: string
  /** Releases as the upstream has them. */
  base: string
  target: string
}

/** How that went, as this tool says of the queue of that day. */
export interface PastTrial extends PastStep {
  patches: number
  /** The patches that needed a person, as the revision names them. */
  names: string[]
}
