/** A recorded account as a table: what a person should look at. */
import { CARRIED_FATES, type RecordedAccount } from '../model/account.ts'
import { toText } from '../model/bytes.ts'
import { plural } from './layout.ts'

/** When it was checked, and how many changes have each fate. */
export function accountHeadline({ target, checkedAt, isWhole, changes }: RecordedAccount): string {
  const counts = CARRIED_FATES.flatMap((fate) => {
    const count = changes.filter((change) => change.fate === fate).length
    return count === 0 ? [] : [`${count} ${fate}`]
  })
  const found = isWhole ? 'nothing is missing' : 'it is not whole'
  return `Checked ${checkedAt.slice(0, 10)} onto ${target}: ${plural(changes.length, 'change')}, ${counts.join(', ')}; ${found}.`
}

/** Patch, place, fate, and why: of all changes that are missing, changed, or dropped; in this order. */
export function accountRows({ changes }: RecordedAccount): [string, string, string, string][] {
  return (['missing', 'changed', 'dropped'] as const).flatMap((fate) =>
    changes
      .filter((change) => change.fate === fate)
      .map(({ patch, path, kind, hunk, by, because, lost }): [string, string, string, string] => {
        const lines = lost.map((line) => `lost: ${toText(line).trim()}`)
        const why = [...(because === null ? [] : [because]), ...(by === null ? [] : [by.slice(0, 12)]), ...lines]
        return [patch, `${toText(path)}, ${hunk === null ? kind : `hunk ${hunk}`}`, fate, why.join('; ')]
      }),
  )
}
