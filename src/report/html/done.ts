/** What the maintainers did beside what the attempt said, and what became of the queue's changes. */
import type { Overview } from '../../trend/overview.ts'
import { accountHeadline, accountRows } from '../account-rows.ts'
import { plural } from '../layout.ts'
import { dateOf } from '../period-cells.ts'
import { fold, mark } from './marks.ts'
import { type Html, html } from './markup.ts'
import type { Section } from './page.ts'

/** Said and done, by what the attempt said; none where the history does not reach there. */
export function doneSection({ life }: Overview): Section[] {
  const done = life?.done
  if (!done) return []
  const { rebase, rows } = done
  const leave = rows.find(({ part }) => part === 'leave')
  const all = leave
    ? leave.carried === 0
      ? ` ${leave.dropped === 1 ? 'The one patch' : `All ${leave.dropped}`} that the attempt says ${leave.dropped === 1 ? 'leaves' : 'leave'} ${leave.dropped === 1 ? 'was' : 'were'} dropped.`
      : ` Of the ${leave.carried + leave.dropped} that the attempt says leave they dropped ${leave.dropped}.`
    : ''
  const body = html`<p>The queue's history has the rebase to ${rebase.to} that its maintainers made on ${dateOf(rebase.time)}: what they did with each patch is known.${all}</p>
<table class="slim"><thead><tr><th scope="col">the attempt says</th><th scope="col" class="num">patches</th><th scope="col" class="num">dropped</th><th scope="col" class="num">carried on</th></tr></thead><tbody>${rows.map(
    ({ part, carried, dropped }) =>
      html`<tr><th scope="row">${mark(part)}</th><td class="num">${carried + dropped}</td><td class="num">${dropped}</td><td class="num">${carried}</td></tr>\n`,
  )}</tbody></table>`
  return [{ id: 'done', contents: 'Said and done', heading: 'Said and done', body }]
}

/** The account of the rebase that was checked last; none where none was. */
export function accountSection({ account }: Overview): Section[] {
  if (!account) return []
  const rows = accountRows(account).map(
    ([patch, where, fate, why]) =>
      html`<tr><th scope="row" class="n">${patch}</th><td>${where}</td><td>${fate}</td><td>${why}</td></tr>\n`,
  )
  const table: Html = html`<table class="plain"><thead><tr><th scope="col">patch</th><th scope="col">where</th><th scope="col">fate</th><th scope="col">why, by which commit, or what is lost</th></tr></thead><tbody>${rows}</tbody></table>`
  const title = plural(rows.length, 'change that is to be looked at', 'changes that are to be looked at')
  const body = html`<p>${accountHeadline(account)}</p>
${rows.length === 0 ? null : fold(title, '(missing, changed or dropped)', table)}`
  return [{ id: 'account', contents: 'Old queue', heading: 'What became of the old queue', body }]
}
