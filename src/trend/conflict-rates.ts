/** How often a patch is in conflict at a rebase: by its own past, and by that of patches like it. Pure. */
import { elementAt } from '../model/elements.ts'
import type { ConflictRate, Peers } from '../model/plan.ts'

/** A patch at a rebase. */
export interface Carry {
  hunks: number
  isConflict: boolean
}

/** Peers count as so many rebases beside a patch's own. */
const PEER_REBASES = 2
/** Of fewer peers little is told: more are taken, if there are. */
const LEAST_PEERS = 10
/** Peers have 1, 2 to 3, 4 to 7, 8 to 15 hunks, or more. */
const LAST_CLASS = 4

/** The rates of the patches of a queue, by what it carried to rebases; and by what other queues did. */
export class ConflictRates {
  readonly #own: PeerTable
  readonly #wide: PeerTable

  /** `portfolio`: of all queues, this one with them; null where it stands alone. */
  constructor(own: readonly Carry[], portfolio: PeerTable | null = null) {
    this.#own = peerTable(own, 'queue')
    this.#wide = portfolio ?? this.#own
  }

  /** Null where no rebase is known. */
  of({ hunks, tried, conflicts }: { hunks: number; tried: number; conflicts: number }): ConflictRate | null {
    const at = classOf(hunks)
    const choices = [this.#own, this.#wide].flatMap(({ classes, all }) => [elementAt(classes, at), all])
    const peers = choices.find((one) => one.tried >= LEAST_PEERS) ?? this.#wide.all
    if (peers.tried === 0) return null
    // One more of each: a few cases say neither always nor never (Laplace's rule of succession).
    const expected = (PEER_REBASES * (peers.conflicts + 1)) / (peers.tried + 2)
    return { tried, conflicts, peers, rate: (conflicts + expected) / (tried + PEER_REBASES) }
  }
}

/** Peers by their hunks, and all of them. */
export interface PeerTable {
  classes: readonly Peers[]
  all: Peers
}

export function peerTable(carried: readonly Carry[], of: Peers['of']): PeerTable {
  return {
    classes: Array.from({ length: LAST_CLASS + 1 }, (_, at) => {
      const own = carried.filter(({ hunks }) => classOf(hunks) === at)
      return { of, least: 2 ** at, most: at === LAST_CLASS ? null : 2 ** (at + 1) - 1, ...countOf(own) }
    }),
    all: { of, least: 1, most: null, ...countOf(carried) },
  }
}

function classOf(hunks: number): number {
  return Math.min(LAST_CLASS, Math.floor(Math.log2(Math.max(1, hunks))))
}

function countOf(carried: readonly Carry[]): Pick<Peers, 'tried' | 'conflicts'> {
  return { tried: carried.length, conflicts: carried.filter(({ isConflict }) => isConflict).length }
}
