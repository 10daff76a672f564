/** Patches that take a fix of the base back without saying so: they are the fix, turned around. Pure. */
import { lineKey } from '../model/audit.ts'
import { changesOf, type Patch } from '../model/patch.ts'
import type { IdentifiedPatch } from './identify.ts'
import type { ChangeId } from './lineage.ts'
import type { SecurityPlace } from './place.ts'

/** So much of a fix is taken back where it is. */
const OF_FIX = 0.9
/** A patch that does much else besides rewrites the code, and may fix it in another way. */
const OF_PATCH = 0.5

/** The patches that may take something back: those that are nothing of upstream's. */
export function ownPatches({ patches }: Pick<SecurityPlace, 'patches'>): IdentifiedPatch[] {
  return patches.filter(({ changes, takesBack, patch }) => {
    return changes.length + takesBack.length === 0 && patch.content.kind === 'readable'
  })
}

/** The fixes that the base has, as the commits by which it has them. */
export function fixesOfBase({ fixes, base, lineage }: SecurityPlace): Map<string, ChangeId> {
  const changes = new Set([...fixes.values()].flatMap((all) => [...all]).filter((change) => base.stands(change)))
  return new Map(
    [...changes].flatMap((change) => {
      const own = lineage.members(change).find(({ sha }) => base.hasCommit(sha))
      return own ? [[own.sha, change] as const] : []
    }),
  )
}

/** For each patch the fixes that it takes back. `fixes`: what each changes in the patches' files. */
export function undoneBy<Fix>(patches: readonly Patch[], fixes: ReadonlyMap<Fix, Patch>): Map<Patch, Fix[]> {
  const known = [...fixes].map(([fix, patch]) => ({ fix, lines: linesOf(patch, false) }))
  const holding = new Map<string, typeof known>()
  for (const one of known) for (const line of one.lines.keys()) holding.set(line, [...(holding.get(line) ?? []), one])
  return new Map(
    patches.map((patch) => {
      const taken = linesOf(patch, true)
      const common = new Map<(typeof known)[number], number>()
      for (const [line, times] of taken)
        for (const one of holding.get(line) ?? [])
          common.set(one, (common.get(one) ?? 0) + Math.min(times, one.lines.get(line) ?? 0))
      const undone = [...common].filter(([{ lines }, both]) => {
        return both >= OF_FIX * count(lines) && both >= OF_PATCH * count(taken)
      })
      return [patch, undone.map(([{ fix }]) => fix)]
    }),
  )
}

/** Changed lines and how often; turned around, what is added counts as removed. */
function linesOf(patch: Patch, isTurned: boolean): Map<string, number> {
  const lines = new Map<string, number>()
  for (const { body, newPath } of changesOf(patch)) {
    if (body.kind !== 'text' || newPath === null) continue
    for (const { kind, text } of body.hunks.flatMap((hunk) => hunk.lines)) {
      if (kind === 'context') continue
      const key = lineKey((kind === 'add') === isTurned ? '-' : '+', text)
      if (key !== '') lines.set(key, (lines.get(key) ?? 0) + 1)
    }
  }
  return lines
}

function count(lines: ReadonlyMap<string, number>): number {
  return [...lines.values()].reduce((sum, times) => sum + times, 0)
}
