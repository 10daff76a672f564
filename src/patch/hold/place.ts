import type { ByteString } from '../../model/bytes.ts'
import type { HunkLine } from '../../model/patch.ts'

/**
 * `whole`: its result, as it says. `before`: some part of it as it was before the patch. `shifted`:
 * all it adds, but in another order among its surroundings, or far from them. `switched-off`: its
 * result, under a condition, in a block or in a comment that the patch does not know. `other`: neither the one
 * nor the other.
 */
export type StandingState = 'whole' | 'before' | 'shifted' | 'switched-off' | 'other'

export interface Standing {
  state: StandingState
  /** Lines of the text, from an index up to another, that are its place. */
  from: number
  to: number
  /** The index of the first line that stands; null where none does. */
  at: number | null
  /** Changed lines of the hunk that say something, and how many of them stand. */
  lines: number
  standing: number
  /** Share of the lines around it, 0..1, that stand there. */
  surroundings: number
  /**
   * Lines that it adds and that have no counterpart there, and lines that it removes and that have
   * one.
   */
  gone: ByteString[]
  back: ByteString[]
  /** Lines that it removes and that stand there more often than in its result. */
  kept: number
}

/** A line of what the patch knows there. */
export interface Element {
  kind: HunkLine['kind']
  line: string
  key: number
}

/** An expression that ends so goes on in the next line. */
export const GOES_ON = /(?:\|\||&&|[,(+?=])$/

/** The indexes of the changed elements that follow each other. */
export function groupsOf(elements: readonly Element[]): number[][] {
  const groups: number[][] = [[]]
  elements.forEach(({ kind }, at) => {
    if (kind !== 'context') groups.at(-1)?.push(at)
    else if (groups.at(-1)?.length) groups.push([])
  })
  return groups.filter((group) => group.length > 0)
}
