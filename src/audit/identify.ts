/** Which of upstream's changes the patches of a queue are, and which they take back. Pure. */
import { toText } from '../model/bytes.ts'
import type { UpstreamFinding } from '../model/finding.ts'
import type { Patch } from '../model/patch.ts'
import type { MessageNotes } from '../model/upstream-notes.ts'
import type { ChangeId, Lineage } from './lineage.ts'
import { changedLines } from './same-change.ts'

/** A patch, what was found of it, and what it says itself. */
export interface PatchFacts {
  patch: Patch
  /** Null where it was not looked for. */
  finding: UpstreamFinding | null
  notes: MessageNotes | null
  /** The advisories in its file name. */
  named: string[]
}

/** A patch, and upstream's changes that it is. */
export interface IdentifiedPatch extends PatchFacts {
  changes: ChangeId[]
  /** The changes that it says it takes back. */
  takesBack: ChangeId[]
}

const REVERT_NAME = /(?:^|[/_-])revert/i

/** The changed lines of a commit, as `lineKey` writes them. */
export type LinesOf = (sha: string) => readonly string[]

/**
 * What is tied by its title alone has to have a line in common with it: a plain subject is given to
 * many commits.
 */
export function identifyPatches(patches: readonly PatchFacts[], lineage: Lineage, linesOf: LinesOf): IdentifiedPatch[] {
  return patches.map((facts) => {
    const takesBack = takenBackBy(facts, lineage)
    const lines = new Set(changedLines(facts.patch))
    const isAlike = (change: ChangeId) =>
      lineage.members(change).some(({ sha }) => linesOf(sha).some((line) => lines.has(line)))
    const titled = titledAs(facts, lineage).filter(isAlike)
    const changes = new Set([...tied(facts, lineage), ...titled])
    return { ...facts, changes: [...changes].filter((change) => !takesBack.includes(change)), takesBack }
  })
}

/** The commits of which the lines are needed: those that only a title ties to a patch. */
export function commitsToCompare(patches: readonly PatchFacts[], lineage: Lineage): string[] {
  const changes = patches.flatMap((facts) => {
    const known = tied(facts, lineage)
    return titledAs(facts, lineage).filter((change) => !known.includes(change))
  })
  return [...new Set(changes)].flatMap((change) => lineage.members(change).map(({ sha }) => sha))
}

function tied(facts: PatchFacts, lineage: Lineage): ChangeId[] {
  return [...referredTo(facts, lineage), ...foundAs(facts, lineage)]
}

function takenBackBy({ patch, notes }: PatchFacts, lineage: Lineage): ChangeId[] {
  const said = (notes?.mends ?? []).filter(({ kind }) => kind === 'revert')
  const named = REVERT_NAME.test(patch.name)
    ? patch.header.references.filter(({ from }) => from === 'name').map(({ sha }) => ({ sha, subject: null }))
    : []
  return [...said, ...named].flatMap((one) => lineage.named(one) ?? [])
}

/** A commit that a patch names as its own is looked up, not believed: there must be one. */
function referredTo({ patch: { header } }: PatchFacts, lineage: Lineage): ChangeId[] {
  const claimed = header.claims.flatMap(({ form, commit }) =>
    form === 'backport' || form === 'applied' ? (commit ?? []) : [],
  )
  return [...header.references.map(({ sha }) => sha), ...claimed].flatMap(
    (sha) => lineage.named({ sha, subject: null }) ?? [],
  )
}

/** The commits that make the answer together, where it is more than a likeness. */
function foundAs({ finding }: PatchFacts, lineage: Lineage): ChangeId[] {
  if (finding === null) return []
  const sure = finding.commits
    .slice(0, finding.parts)
    .filter(
      ({ signals }) =>
        finding.status === 'present' || signals.some((signal) => signal !== 'similar' && signal !== 'content'),
    )
  return sure.flatMap(({ sha }) => lineage.changeOf(sha) ?? [])
}

/** Of embargoed fixes that reached a branch by themselves only subject and author are the same. */
function titledAs({ patch }: PatchFacts, lineage: Lineage): ChangeId[] {
  const { subject, author } = patch.header
  if (subject === null) return []
  const titled = lineage.titled(subject.replace(/\s+/g, ' ').trim())
  const own = titled.filter((change) => lineage.members(change).some((one) => isSamePerson(one.author, author)))
  return own.length === 1 ? own : []
}

function isSamePerson(one: string, other: string | null): boolean {
  if (other === null) return false
  const [left, right] = [partsOf(one), partsOf(toText(other))]
  return (left.mail !== '' && left.mail === right.mail) || (left.name !== '' && left.name === right.name)
}

/** "Name <mail>" in small letters. */
function partsOf(author: string): { name: string; mail: string } {
  const [, name = author, mail = ''] = /^([^<]*)<([^>]*)>/.exec(author) ?? []
  return { name: name.replace(/["']/g, '').trim().toLowerCase(), mail: mail.trim().toLowerCase() }
}
