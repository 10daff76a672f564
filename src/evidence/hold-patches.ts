/** Holds patches against the target: what stands of each of their changes at its own place. */
import pMap from 'p-map'
import type { ObjectReader } from '../git/object-reader.ts'
import type { ByteString } from '../model/bytes.ts'
import type { Hunk, Patch } from '../model/patch.ts'
import type { TargetTree } from '../model/tree.ts'
import { type HeldFile, holdFile } from '../patch/hold/held.ts'
import { ignoredAmong } from './ignored-files.ts'
import { type PatchStart, SideReader } from './read-sides.ts'

/** One patch, held against the target. */
export interface HeldPatch {
  patch: Patch
  start: PatchStart
  files: HeldFile[]
  /** For each file all the names under which upstream has it, or had it. */
  names: Set<ByteString>[]
  /**
   * Its hunks of which only a commit could tell whether what they take out lives on elsewhere; told
   * where only releases are known.
   */
  livingOn: ReadonlySet<Hunk>
  /** Its files that are in no tree, and that the upstream's own `.gitignore` names. */
  ignored: ReadonlySet<ByteString>
}

/** A file that was held against the target, and all its names upstream. */
export interface HeldUnder {
  file: HeldFile
  names: ReadonlySet<ByteString>
}

export async function holdAll(
  objects: ObjectReader,
  tree: TargetTree,
  patches: readonly Patch[],
  starts: readonly PatchStart[],
): Promise<{ reader: SideReader; held: HeldPatch[] }> {
  const reader = new SideReader(objects, tree)
  const formerNames = new Map<ByteString, ByteString[]>()
  for (const [from, to] of tree.renames) formerNames.set(to, [...(formerNames.get(to) ?? []), from])
  const hold = async (patch: Patch, at: number): Promise<HeldPatch> => {
    const start = starts[at] ?? null
    // What is compared is not kept: a long queue has gigabytes of it.
    const files = (await reader.sidesOf(patch, start)).map((sides) => withoutTexts(holdFile(sides, reader.keys)))
    const names = files.map(({ sides: { change, target } }) => {
      const own = [change.oldPath, change.newPath, target?.path].flatMap((path) => path ?? [])
      return new Set([...own, ...own.flatMap((path) => formerNames.get(path) ?? [])])
    })
    return { patch, start, files, names, livingOn: new Set(), ignored: await ignoredAmong(absentIn(files), reader) }
  }
  return { reader, held: await pMap(patches, hold, { concurrency: AT_ONCE }) }
}

/** While git reads for some patches, others are compared. */
export const AT_ONCE = 8

/** The files that a patch changes and that neither what it starts from nor the target has. */
function absentIn(files: readonly HeldFile[]): ByteString[] {
  return files.flatMap(({ sides: { change, before, base, target } }) =>
    change.operation === 'modify' && !before && !base && !target ? (change.newPath ?? []) : [],
  )
}

function withoutTexts(held: HeldFile): HeldFile {
  const { before, target } = held.sides
  const strip = (one: typeof before) => one && { ...one, text: { lines: [], keys: [] } }
  return { ...held, sides: { ...held.sides, before: strip(before), target: strip(target) } }
}
