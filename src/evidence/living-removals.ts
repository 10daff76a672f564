/**
 * What a commit would tell of lines that are gone, where only releases are known: whether they
 * stand elsewhere now.
 */
import type { Scratch } from '../git/scratch.ts'
import { allOf } from '../git/together.ts'
import { type Removal, removalsIn } from '../match/removal.ts'
import type { ByteString } from '../model/bytes.ts'
import type { Hunk } from '../model/patch.ts'
import { filesWith } from '../upstream/grep.ts'
import type { UpstreamRange } from '../upstream/history.ts'
import type { HeldPatch } from './hold-patches.ts'
import type { SideReader } from './read-sides.ts'

/** The hunks that take out lines which may live on elsewhere in the target, or in other words. */
export async function findLivingRemovals(
  held: readonly HeldPatch[],
  reader: SideReader,
  { scratch, range: { base, target } }: { scratch: Scratch; range: UpstreamRange },
): Promise<Set<Hunk>> {
  const removals: Removal[] = []
  for (const { files, start } of held)
    for (const { kind, sides } of files)
      if (kind === 'texts') removals.push(...removalsIn(await reader.sidesOfFile(sides.change, start)))
  const lines = [...new Set(removals.flatMap((one) => (one.mayLiveOn ? [] : one.lines)))]
  const [now, former] = await allOf([
    filesWith(scratch, target, lines),
    base === null ? new Map<ByteString, ReadonlySet<ByteString>>() : filesWith(scratch, base, lines),
  ])
  const isNew = (line: ByteString) => [...(now.get(line) ?? [])].some((path) => !former.get(line)?.has(path))
  const living = removals.filter((one) => one.mayLiveOn || one.lines.some(isNew))
  return new Set(living.map(({ hunk }) => hunk))
}
