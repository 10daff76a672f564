/** How often a patch is in conflict at a rebase: by its own past, and by that of patches like it. Pure. */
import type { ConflictRate, Peers } from '../model/plan.ts'

/** A patch at a rebase. */
export interface Carry {
  hunks: number
  isConflict: boolean
}

/** Peers count as so many rebases beside a patch's own. */
const PEER_REBASES = 2
/** Of fewer peers nothing is told: all patches are taken. */
const LEAST_PEERS = 10
/** Peers have 1, 2 to 3, 4 to 7, 8 to 15 hunks, or more. */
const LAST_CLASS = 4

/** The rates of the patches of a queue, from what it carried to rebases. */
export class ConflictRates {
  readonly #classes: readonly Peers[]
  readonly #all: Peers

  constructor(carried: readonly Carry[]) {
    this.#classes = Array.from({ length: LAST_CLASS + 1 }, (_, at) => {
      const own = carried.filter(({ hunks }) => classOf(hunks) === at)
      return { least: 2 ** at, most: at === LAST_CLASS ? null : 2 ** (at + 1) - 1, ...countOf(own) }
    })
    this.#all = { least: 1, most: null, ...countOf(carried) }
  }

  /** Null where no rebase is known. */
  of({ hunks, tried, conflicts }: { hunks: number; tried: number; conflicts: number }): ConflictRate | null {
    const like = this.#classes[classOf(hunks)]
    const peers = like && like.tried >= LEAST_PEERS ? like : this.#all
    if (peers.tried === 0) return null
    const expected = (PEER_REBASES * peers.conflicts) / peers.tried
    return { tried, conflicts, peers, rate: (conflicts + expected) / (tried + PEER_REBASES) }
  }
}

function classOf(hunks: number): number {
  return Math.min(LAST_CLASS, Math.floor(Math.log2(Math.max(1, hunks))))
}

function countOf(carried: readonly Carry[]): Pick<Peers, 'tried' | 'conflicts'> {
  return { tried: carried.length, conflicts: carried.filter(({ isConflict }) => isConflict).length }
}
