/** What people answer to what is asked of a rebased queue. */
import { UserError } from '../errors.ts'
import { type AccountedPatch, type CarriedChange, isAsked, withAnswers } from '../model/account.ts'
import { toText } from '../model/bytes.ts'
import type { JobContext } from '../model/job.ts'
import { loadAnswers, saveAnswers } from '../record/accounts.ts'
import type { Connection } from '../record/database.ts'

/** An answer that is given now; `onPurpose` is empty where none is. */
export interface Answer {
  /** What is gone on purpose: "PATCH", "PATCH:FILE", "PATCH:FILE:HUNK". */
  onPurpose: readonly string[]
  because: string
  by: string
}

/** With the answers that are known, and the one that is given now. @throws UserError where it answers nothing. */
export async function withPeople<Account extends { patches: AccountedPatch[] }>(
  database: Connection,
  account: Account,
  { onPurpose, because, by }: Answer,
  { now }: JobContext,
): Promise<Account> {
  const known = loadAnswers(database)
  if (onPurpose.length === 0) return withAnswers(account, known)
  const meant = account.patches.flatMap(({ name, fates }) =>
    fates.filter((change) => isAsked(change) && onPurpose.some((words) => isMeant(words, name, change))),
  )
  if (meant.length === 0)
    throw new UserError(
      `nothing is asked about ${onPurpose.join(', ')}`,
      'name a patch of the old queue, a file of it with PATCH:FILE, or a hunk with PATCH:FILE:NUMBER',
    )
  const at = new Date(now()).toISOString()
  const given = meant.flatMap(({ digest }) => (known.has(digest) ? [] : [{ digest, reason: because, by, at }]))
  await saveAnswers(database, given)
  return withAnswers(account, new Map([...known, ...given.map((answer) => [answer.digest, answer] as const)]))
}

/** "PATCH", "PATCH:FILE", "PATCH:FILE:HUNK". */
function isMeant(words: string, name: string, { path, hunk }: CarriedChange): boolean {
  const names = [name, `${name}:${toText(path)}`, `${name}:${toText(path)}:${hunk ?? 0}`]
  return names.includes(words)
}
