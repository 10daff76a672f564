/**
 * A person's answer to whether one content of a patch is still needed; it stands over any finding.
 */
export interface Overrule {
  id: number
  /** SHA-256 of the patch: a patch of any other content is not meant. */
  digest: string
  answer: 'drop' | 'keep'
  /**
   * The upstream commit that makes the patch unnecessary: such an answer counts only for targets
   * that hold it.
   */
  commit: string | null
  reason: string
  by: string
  /** ISO 8601, UTC. */
  at: string
}

/** An answer, and what the patches of its content are called. */
export interface NamedOverrule extends Overrule {
  names: string[]
}

/** An answer outside the record that counts it. */
export type NumberlessOverrule = Omit<Overrule, 'id'>
