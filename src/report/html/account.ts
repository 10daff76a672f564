/** What became of the old queue, in the HTML report. */
import type { RecordedAccount } from '../../model/account.ts'
import { accountHeadline, accountRows } from '../account-rows.ts'
import { forHtml } from '../sanitize.ts'
import { type Cell, table } from './table.ts'

export function accountSection(account: RecordedAccount): string {
  const heads = ['patch', 'where', 'fate', 'why, by which commit, or what is lost'].map((name) => ({ name }))
  const rows = accountRows(account).map(([patch, where, fate, why]): Cell[] => [
    { text: patch, isLong: true },
    { text: where, isLong: true },
    { text: fate },
    { text: why, isLong: true },
  ])
  const told = `<h2>What became of the old queue</h2><p>${forHtml(accountHeadline(account))}</p>`
  return rows.length === 0 ? told : `${told}${table(heads, rows)}`
}
