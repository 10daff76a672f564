/** Why a person is asked about a patch of a rebased queue, in one sentence. Pure. */
import { type AccountedPatch, type CarriedChange, isAsked } from '../model/account.ts'
import { toText } from '../model/bytes.ts'
import type { ChangeFate } from '../model/fate.ts'

/** What is known of the patch in the target. */
export interface AskedPatch extends Pick<AccountedPatch, 'in' | 'fates'> {
  /** What became of its changes in the target, in their order. */
  upstream: readonly ChangeFate[]
  /** What an attempt says of it; null: nothing. */
  reason: string | null
}

/** Null where nothing is asked. */
export function questionOf(patch: AskedPatch): string | null {
  const { fates } = patch
  const missing = fates.flatMap((change, at) => (change.fate === 'missing' ? [patch.upstream[at] ?? null] : []))
  const changed = fates.filter((change) => change.fate === 'changed' && isAsked(change))
  const parts = [
    ...(missing.length > 0 ? [ofMissing(patch, missing)] : []),
    ...(changed.length > 0 ? [ofChanged(changed)] : []),
  ]
  return parts.length === 0 ? null : parts.join('; and ')
}

function ofMissing({ in: carriers, fates, reason }: AskedPatch, missing: readonly (ChangeFate | null)[]): string {
  const left = fates.length - missing.length
  if (carriers.length > 0)
    return `carried without ${missing.length} of its ${fates.length} changes: ${evidence(missing)}`
  if (left === 0) return `left out whole: ${reason ?? 'no commit upstream is known to do it'}`
  const commits = [
    ...new Set(fates.flatMap(({ fate, by }) => (fate === 'upstream' && by !== null ? [by.slice(0, 12)] : []))),
  ]
  const [first] = commits
  const more = commits.length > 1 ? ' and others' : ''
  const upstream = first === undefined ? '' : `, the rest upstream as ${first}${more}`
  return `left out: ${missing.length} of its ${fates.length} changes ${missing.length === 1 ? 'is' : 'are'} nowhere${upstream}; ${evidence(missing)}`
}

/** What the target has where changes are missing. */
function evidence(missing: readonly (ChangeFate | null)[]): string {
  const known = missing.flatMap((fate) => fate ?? [])
  const later = known.find(({ by, changedBy }) => by !== null && changedBy !== null)
  if (later) return `${later.by?.slice(0, 12)} did it, and ${later.changedBy?.slice(0, 12)} made something else of it`
  const unsure = known.find(({ fate, by }) => fate === 'not-known' && by !== null)
  if (unsure) return `${unsure.by?.slice(0, 12)} does the like, but not all of it is certain`
  const gone = known.find(({ changedBy }) => changedBy !== null)
  if (gone) return `${gone.changedBy?.slice(0, 12)} took their file away`
  if (known.length > 0 && known.every(({ at }) => at === null)) return 'what was to be changed is no longer there'
  return 'the target does not have that'
}

/** So many names tell a reader what to look for. */
const SHOWN = 3

function ofChanged(changed: readonly CarriedChange[]): string {
  const lost = changed.flatMap((change) => change.lost.filter((line) => line.isAsked))
  const contrary = lost.filter(({ became }) => became !== null).length
  if (contrary === lost.length)
    return `${count(contrary, 'line')} of it now ${contrary === 1 ? 'says' : 'say'} the contrary`
  const words = [...new Set(lost.flatMap(({ unsaid }) => unsaid))]
    .filter((word) => /^[A-Za-z_]\w{3,}$/.test(word))
    .sort((one, other) => other.length - one.length)
  const names = words.slice(0, SHOWN).map(toText).join(', ')
  const said = names === '' ? '' : `, and nothing there says ${names}${words.length > SHOWN ? ', …' : ''}`
  return `${count(lost.length, 'line')} of it ${lost.length === 1 ? 'is' : 'are'} in no new patch${said}`
}

function count(number: number, one: string): string {
  return `${number} ${one}${number === 1 ? '' : 's'}`
}
