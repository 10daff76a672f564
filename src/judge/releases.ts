/**
 * What releases alone can prove, where no commit is known. A drop needs what the target holds, as
 * everywhere; what merely says that upstream has a patch makes a question of its conflict. Pure.
 */
import type { Landing } from '../model/attempt.ts'
import { toText } from '../model/bytes.ts'
import type { UpstreamFinding } from '../model/finding.ts'
import type { CommitReference, Patch } from '../model/patch.ts'
import { MOSTLY_STANDS } from './policy.ts'

/** What is known of a patch that does not land by itself. */
export interface ReleaseFacts {
  patch: Pick<Patch, 'name' | 'header'>
  landing: Landing
  finding: UpstreamFinding
  /** The target's name. */
  target: string
  /** When the newest files of base and target were made, seconds since 1970. */
  times: { base: number; target: number }
  /** Where the target's release notes name the patch, and by what; null where they do not. */
  noted: { path: string; line: number; by: string } | null
}

/**
 * Why a patch in conflict is likely to be in the target already, in words; null where nothing
 * speaks for that, and for any other patch.
 */
export function likelyGone(facts: ReleaseFacts): string | null {
  const { landing, finding, noted, target } = facts
  if (landing.kind !== 'conflict' && landing.kind !== 'blocked') return null
  const stands = finding.survival >= MOSTLY_STANDS ? 'most of it stands there' : null
  const notes = noted && `${toText(noted.path)}:${noted.line} names ${noted.by}`
  const reasons = [notes, stands, claimOf(facts)].filter((reason) => reason !== null)
  return reasons.length === 0 ? null : `may be in ${target}, the commit is not known: ${reasons.join('; ')}`
}

/**
 * What the patch itself says of where it comes from. What was made after the target's newest file
 * cannot be in it, and what is much older than the base would be in that.
 */
function claimOf({ patch: { name, header }, times }: ReleaseFacts): string | null {
  const made = Date.parse(header.date ?? '') / 1000
  if (made > times.target || made < times.base - BRANCHED) return null
  const claim = header.claims.find(({ form }) => form === 'backport' || form === 'applied')
  if (claim) return `its header says "${claim.field}: ${claim.text}"`
  const named = header.references.find((reference) => speaks(reference, made))
  if (named) return named.from === 'mail' ? 'it is a commit' : `it names commit ${named.sha.slice(0, 12)}`
  const folder = /^(?:.*\/)?(upstream|(?:upstream-)?backports?|cherry-picks?)\//i.exec(name)?.[1]
  return folder === undefined ? null : `it lies in the folder ${folder}/`
}

/** A release branch may lack what was made for so many seconds before it: a year. */
const BRANCHED = 365 * 86_400

/** A mail's own commit may be the packager's: it counts where it is known to be older. */
function speaks({ from }: CommitReference, made: number): boolean {
  return from !== 'mail' || !Number.isNaN(made)
}
