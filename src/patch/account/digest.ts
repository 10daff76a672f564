/** Knows a change, and what became of it, again. Pure. */
import { createHash } from 'node:crypto'
import type { CarriedChange } from '../../model/account.ts'
import type { PatchChange } from '../../model/fate.ts'

/** SHA-256: the same for the same lines of a file with the same fate and the same lines lost and gained. */
export function digestOf(
  { path, kind, hunk, file }: PatchChange,
  { fate, lost, gained }: Pick<CarriedChange, 'fate' | 'lost' | 'gained'>,
): string {
  const source = file.body.kind === 'text' && hunk !== null ? file.body.hunks[hunk - 1] : undefined
  const lines = source?.lines.flatMap((line) => (line.kind === 'context' ? [] : [[line.kind, line.text]])) ?? null
  return createHash('sha256')
    .update(JSON.stringify([path, kind, lines, fate, lost, gained]))
    .digest('hex')
}
