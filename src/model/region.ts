import type { ByteString } from './bytes.ts'

/** One place where a merge needs a person: the lines as each side has them. */
export interface ConflictRegion {
  /** Where it begins in the target's file, from 1. */
  line: number
  ours: ByteString[]
  base: ByteString[]
  theirs: ByteString[]
  /** Numbers of the patch's hunks that it is about, from 1. */
  hunks: number[]
  /** Where the lines that the patch wants to change are now, if upstream took them elsewhere. */
  wentTo: { path: ByteString; line: number } | null
  /** Ids of the upstream commits that changed those lines, the most telling first. */
  culprits: string[]
}

/** Lines that are told of regions, by `keyOfRegion`. */
export type RegionLines = ReadonlyMap<string, readonly ByteString[]>

/** `rank`: the region's place among those of its file, from 0. */
export function keyOfRegion(path: ByteString, rank: number): string {
  return `${rank} ${path}`
}
