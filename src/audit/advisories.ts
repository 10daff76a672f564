/** A list of advisories against what git says: the two are joined, and where they differ it is said. Pure. */
import type { ListedAdvisory } from '../model/advisories.ts'
import type { AdvisoryNotes } from '../model/security.ts'
import type { ChangeId, Lineage } from './lineage.ts'

/** What fixes each advisory, and what list and history do not agree on. */
export interface JoinedAdvisories {
  fixes: Map<string, Set<ChangeId>>
  disputed: AdvisoryNotes['disputed']
}

/** An advisory of the list and its aliases are one. */
export function joinAdvisories(lineage: Lineage, listed: readonly ListedAdvisory[]): JoinedAdvisories {
  const fixes = fixesInHistory(lineage)
  const disputed = listed.flatMap((one) => disputesOf(one, lineage, fixes))
  for (const { id, aliases, commits, isWithdrawn } of listed) {
    if (isWithdrawn) continue
    const named = commits.flatMap((sha) => lineage.named({ sha, subject: null }) ?? [])
    const ids = [id, ...aliases]
    const known = ids.flatMap((one) => [...(fixes.get(one) ?? [])])
    const all = new Set([...named, ...known])
    if (all.size > 0) for (const one of ids) fixes.set(one, new Set([...(fixes.get(one) ?? []), ...all]))
  }
  return { fixes, disputed }
}

/** What messages say that they fix, in whichever copy of a commit. */
function fixesInHistory(lineage: Lineage): Map<string, Set<ChangeId>> {
  const fixes = new Map<string, Set<ChangeId>>()
  for (const { sha, notes } of lineage.commits)
    for (const id of notes?.fixes ?? []) {
      const change = lineage.changeOf(sha)
      if (change !== null) fixes.set(id, (fixes.get(id) ?? new Set()).add(change))
    }
  return fixes
}

function disputesOf(
  { id, aliases, commits, isWithdrawn }: ListedAdvisory,
  lineage: Lineage,
  fixes: ReadonlyMap<string, ReadonlySet<ChangeId>>,
): AdvisoryNotes['disputed'] {
  const ids = [id, ...aliases]
  const said = new Set(ids.flatMap((one) => [...(fixes.get(one) ?? [])]))
  if (isWithdrawn)
    return said.size > 0
      ? [{ id, why: 'the list has it withdrawn, and upstream has a commit that says it fixes it' }]
      : []
  const unknown = commits.filter((sha) => lineage.named({ sha, subject: null }) === null)
  const named = commits.flatMap((sha) => lineage.named({ sha, subject: null }) ?? [])
  const others = named.flatMap((change) => otherIds(lineage, change, ids))
  return [
    ...unknown.map((sha) => ({
      id,
      why: `the list names the commit ${sha.slice(0, 12)}, and upstream has none of that id`,
    })),
    ...[...new Set(others)].map((other) => ({ id, why: `a commit that the list names says that it fixes ${other}` })),
    ...(named.length > 0 && said.size > 0 && !named.some((change) => said.has(change))
      ? [{ id, why: 'the list names other commits than those that say they fix it' }]
      : []),
  ]
}

/** The ids that a commit says it fixes, where none of them is the one that it is listed for. */
function otherIds(lineage: Lineage, change: ChangeId, ids: readonly string[]): string[] {
  const own = lineage.members(change).flatMap(({ notes }) => notes?.fixes ?? [])
  const kindOf = (id: string) => id.slice(0, id.indexOf('-'))
  const kinds = new Set(ids.map(kindOf))
  const same = own.filter((id) => kinds.has(kindOf(id)))
  return same.some((id) => ids.includes(id)) ? [] : same
}
