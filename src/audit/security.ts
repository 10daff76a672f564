/** The fixes that a queue carries, takes back and lacks, advisory by advisory. Pure. */
import { pathsOf } from '../model/patch.ts'
import type { CarriedFix, MissingFix, UndoneFix } from '../model/security.ts'
import type { IdentifiedPatch } from './identify.ts'
import type { ChangeId } from './lineage.ts'
import { carriedBy, copiesOf, faultOf, type Looks, type SecurityPlace } from './place.ts'

/** The advisories that each patch answers: by its own words, its name, or the commits that it is. */
function idsOfPatches({ patches, fixes }: SecurityPlace): Map<string, IdentifiedPatch[]> {
  const byChange = idsByChange(fixes)
  const found = new Map<string, IdentifiedPatch[]>()
  for (const patch of patches) {
    const undone = idsUndone(patch, byChange)
    const ofChanges = patch.changes.flatMap((change) => byChange.get(change) ?? [])
    for (const id of new Set([...(patch.notes?.fixes ?? []), ...patch.named, ...ofChanges]))
      if (!undone.has(id)) found.set(id, [...(found.get(id) ?? []), patch])
  }
  return found
}

function idsByChange(fixes: SecurityPlace['fixes']): Map<ChangeId, string[]> {
  const ids = new Map<ChangeId, string[]>()
  for (const [id, changes] of fixes) for (const change of changes) ids.set(change, [...(ids.get(change) ?? []), id])
  return ids
}

function idsUndone(patch: IdentifiedPatch, byChange: ReadonlyMap<ChangeId, string[]>): Set<string> {
  return new Set([...(patch.notes?.undoes ?? []), ...patch.takesBack.flatMap((change) => byChange.get(change) ?? [])])
}

export function undoneFixes({ patches, fixes }: SecurityPlace): UndoneFix[] {
  const byChange = idsByChange(fixes)
  const found = new Map<string, string[]>()
  for (const one of patches)
    for (const id of idsUndone(one, byChange)) found.set(id, [...(found.get(id) ?? []), one.patch.name])
  return joined([...found].map(([id, names]) => ({ id, aliases: [], patches: names })))
}

export function carriedFixes(place: SecurityPlace, looks: Looks): CarriedFix[] {
  const { lineage, fixes } = place
  const rows = [...idsOfPatches(place)].map(([id, patches]): CarriedFix => {
    const all = fixes.get(id) ?? new Set<ChangeId>()
    const own = new Set(patches.flatMap(({ changes }) => changes))
    const fixing = [...own].filter((change) => all.has(change))
    const commits = (fixing.length > 0 ? fixing : [...own]).flatMap((change) =>
      lineage.members(change).map(({ sha }) => sha),
    )
    return {
      ...{ id, aliases: [], patches: patches.map(({ patch }) => patch.name), commits },
      ...{ inTarget: areInTarget(place, patches), whole: isWhole(place, looks, { all, patches }) },
    }
  })
  return joined(rows)
}

function areInTarget(place: SecurityPlace, patches: readonly IdentifiedPatch[]): boolean | null {
  const states = patches.map((patch) => isInTarget(place, patch))
  if (states.includes(false)) return false
  return states.includes(null) ? null : true
}

/** `true` where the target's tree has it, or its history a commit of it that nobody took back. */
function isInTarget({ target, base, takenOut }: SecurityPlace, { finding, changes }: IdentifiedPatch): boolean | null {
  if (finding === null) return null
  if (finding.status === 'present') return true
  if (finding.status === 'reverted') return false
  const came = changes.filter((change) => target.has(change) && !base.stands(change))
  if (came.some((change) => !target.stands(change) || takenOut.has(change))) return false
  if (came.length > 0) return true
  const remains = finding.fates.length > 0 && finding.fates.every(({ fate }) => fate === 'remains')
  return remains && finding.status === 'absent' ? false : null
}

/** Every change of the fix is carried whole, is in the base, or mends what is not there. */
function isWhole(
  place: SecurityPlace,
  looks: Looks,
  { all, patches }: { all: ReadonlySet<ChangeId>; patches: readonly IdentifiedPatch[] },
): boolean | null {
  if (all.size === 0) return null
  return [...all].every((change) => {
    const carriers = patches.filter(({ changes }) => changes.includes(change))
    if (carriers.length > 0) return isCarriedWhole(place, looks, change, carriers)
    return place.base.stands(change) || !isLacking(place, looks, change)
  })
}

/** No file that a copy of it mends is left as it was by all patches that carry it. */
function isCarriedWhole(
  place: SecurityPlace,
  looks: Looks,
  change: ChangeId,
  carriers: readonly IdentifiedPatch[],
): boolean {
  const touched = new Set(carriers.flatMap(({ patch }) => pathsOf(patch)))
  const seen = copiesOf(place, change).flatMap(({ sha }) => looks.get(sha) ?? [])
  return seen.length === 0 || seen.some(({ untouched }) => untouched.every((path) => touched.has(path)))
}

/** The changes that the queue carries as fixes: whether it carries all of each is to be seen. */
export function carriedChanges({ patches, fixes }: SecurityPlace): ChangeId[] {
  const fixing = new Set([...fixes.values()].flatMap((changes) => [...changes]))
  return [...new Set(patches.flatMap(({ changes }) => changes.filter((change) => fixing.has(change))))]
}

/** What of a fix upstream has after the base, on the way to the target or on the base's own branch. */
function isLacking(place: SecurityPlace, looks: Looks, change: ChangeId): boolean {
  if (!place.target.stands(change) && !place.own.stands(change)) return false
  const fault = faultOf(place, looks, change)
  return fault !== 'mended' && affectedBy(place, change, fault).affects !== false
}

/** A fix that upstream has, before it is known whether its fault stands here. */
export interface SoughtFix {
  id: string
  changes: ChangeId[]
}

/** The changes of every advisory that neither the base nor the queue has. */
export function seekMissing(place: SecurityPlace): SoughtFix[] {
  const { base, own, target, fixes } = place
  const carried = carriedBy(place.patches)
  const isHere = (change: ChangeId) => base.stands(change) || carried.has(change)
  return [...fixes].flatMap(([id, all]) => {
    const changes = [...all].filter((change) => !isHere(change) && (own.stands(change) || target.stands(change)))
    return changes.length === 0 ? [] : [{ id, changes }]
  })
}

export function missingFixes(place: SecurityPlace, sought: readonly SoughtFix[], looks: Looks): MissingFix[] {
  const known = new Set([...idsOfPatches(place).keys()])
  const rows = sought.flatMap(({ id, changes }): MissingFix[] => {
    const faults = new Map(changes.map((change) => [change, faultOf(place, looks, change)]))
    const left = changes.filter((change) => faults.get(change) !== 'mended')
    if (left.length === 0) return []
    const states = left.map((change) => affectedBy(place, change, faults.get(change) ?? null))
    const affects = states.some((one) => one.affects === true)
      ? true
      : states.every((one) => one.affects === false)
        ? false
        : null
    const because = states.find((one) => one.affects === affects)?.because ?? ''
    const where = left.some((change) => place.own.stands(change)) ? 'base-stable' : 'target'
    const commits = left.flatMap((change) => place.lineage.members(change).map(({ sha }) => sha))
    return [
      { id, aliases: [], commits, where, affects, because: known.has(id) ? `a part is carried; ${because}` : because },
    ]
  })
  return joined(rows)
}

function affectedBy(
  place: SecurityPlace,
  change: ChangeId,
  fault: ReturnType<typeof faultOf>,
): Pick<MissingFix, 'affects' | 'because'> {
  if (affectsBase(place, change) === false)
    return { affects: false, because: 'it mends a commit that neither base nor queue has' }
  if (fault === 'no-file')
    return { affects: false, because: 'the files that it changes are neither in the base nor in the queue' }
  if (fault === 'stands') return { affects: true, because: 'the code that it mends stands there' }
  return { affects: null, because: 'what it changes cannot be held against the base' }
}

/** False where all that it says it mends is neither in the base nor in the queue. */
function affectsBase(place: SecurityPlace, change: ChangeId): false | null {
  const carried = carriedBy(place.patches)
  const mended = copiesOf(place, change)
    .flatMap(({ notes }) => notes?.mends ?? [])
    .filter(({ kind }) => kind !== 'follow-up')
    .map((mend) => place.lineage.named(mend))
  // Of one that upstream does not know nothing can be said.
  const isElsewhere = (one: ChangeId | null) => one !== null && !place.base.has(one) && !carried.has(one)
  return mended.length > 0 && mended.every(isElsewhere) ? false : null
}

/** One row for ids of which all else is the same; an upstream's own id names it. */
function joined<Row extends { id: string; aliases: string[] }>(rows: readonly Row[]): Row[] {
  const byContent = new Map<string, Row>()
  for (const row of [...rows].sort((one, other) => compareIds(one.id, other.id))) {
    const { id, aliases: _, ...rest } = row
    const key = JSON.stringify(rest)
    const known = byContent.get(key)
    if (known) known.aliases.push(id)
    else byContent.set(key, { ...row, aliases: [] })
  }
  return [...byContent.values()]
}

/** An upstream's own ids first, each kind by its numbers. */
function compareIds(one: string, other: string): number {
  const kinds = ['XSA', 'GHSA', 'CVE']
  const kindOf = (id: string) => kinds.indexOf(id.slice(0, id.indexOf('-')))
  return kindOf(one) - kindOf(other) || one.localeCompare(other, 'en', { numeric: true })
}
