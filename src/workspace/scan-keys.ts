/** Hashes by which the work of scans is told apart and shared out. */
import { createHash } from 'node:crypto'
import type { Shard } from '../model/scan.ts'

/** SHA-256 over what decides the result of an item. */
export function keyOf(decisive: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(decisive)).digest('hex')
}

/** By its name alone: whatever else is in the portfolio, a queue stays in the same shard. */
export function isInShard(name: string, shard: Shard | null): boolean {
  if (shard === null) return true
  return createHash('sha256').update(name).digest().readUInt32BE() % shard.count === shard.index - 1
}
