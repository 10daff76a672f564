/** What a plan says, in words for every medium. */
import type { HygieneFault } from '../model/audit.ts'
import type { ConflictRate, OtherKind, Peers, PlanCheck, QueuePlan, SharedPatch, ToldPlan } from '../model/plan.ts'
import { capital, percent, plural } from './layout.ts'

/** "0.62": conflicts, or days; "-" where nothing is known. */
export function roughly(number: number | null): string {
  if (number === null) return '-'
  return number < 10 ? number.toFixed(number < 0.1 ? 2 : 1) : String(Math.round(number))
}

/** Why a patch stands where it does: one sentence. */
export function reasonOf(patch: SharedPatch, base: string): string {
  const { saves, heat, age, alsoIn } = patch
  const clauses = [
    saves === null ? 'no rebase of its queue is known, nor what it would save' : savingWords(patch, saves),
    ...(heat === null ? [] : [heatWords(heat, base)]),
    ...(age === null ? [] : [`it has been carried for ${age.isAtLeast ? 'at least ' : ''}${timeWords(age.days)}`]),
    ...(alsoIn.length === 0 ? [] : [othersWords(patch)]),
  ]
  return `${capital(clauses.join('; '))}.`
}

function othersWords({ alsoIn, savesInAll }: SharedPatch): string {
  const all = savesInAll === null ? '' : `, ${roughly(savesInAll)} conflicts in all`
  return `${plural(alsoIn.length, 'other queue carries', 'other queues carry')} it, too${all}`
}

function savingWords({ days }: SharedPatch, { tried, conflicts, peers, rate }: ConflictRate): string {
  const own =
    tried === 0
      ? 'no rebase that is known had it'
      : `it was in conflict at ${conflicts} of ${plural(tried, 'rebase')} that had it`
  const like = `${peerWords(peers)} ${shareWords(peers)}`
  const time = days === null ? '' : `, ${roughly(days)} days of work`
  return `${own}, and ${like}: upstream, it would save about ${roughly(rate)} conflicts a rebase${time}`
}

function heatWords(heat: number, base: string): string {
  return heat === 0
    ? `upstream left its files alone since ${base}`
    : `upstream changed its files ${plural(heat, 'time')} since ${base}`
}

const DAYS_IN_YEAR = 365.25
const DAYS_IN_MONTH = DAYS_IN_YEAR / 12

function timeWords(days: number): string {
  if (days >= 2 * DAYS_IN_YEAR) return plural(Math.floor(days / DAYS_IN_YEAR), 'year')
  return days >= 2 * DAYS_IN_MONTH ? plural(Math.floor(days / DAYS_IN_MONTH), 'month') : plural(days, 'day')
}

function peerWords({ of, least, most }: Peers): string {
  const whose = of === 'queue' ? '' : ' of the portfolio'
  if (most === null)
    return least === 1
      ? `patches of ${of === 'queue' ? 'its queue' : 'the portfolio'}`
      : `patches${whose} of ${least} hunks and more`
  return `patches${whose} of ${least === most ? plural(least, 'hunk') : `${least} to ${most} hunks`}`
}

/** Of few the numbers tell more than a share. */
function shareWords({ tried, conflicts }: Peers): string {
  return tried < FEW ? `${conflicts} of ${tried} times` : `${percent(conflicts / tried)} of the times`
}

const FEW = 10

const LACKS: Partial<Record<HygieneFault, string>> = {
  'no-description': 'a description',
  'no-author': 'an author',
  'no-sign-off': 'a sign-off',
}
/** So many names are told. */
const NAMED = 3

/** What there is to do to send it, and who waits for it. */
export function costOf({ class: kind, isConflicting, lacks, along, bears }: SharedPatch): string {
  const lacking = lacks.flatMap((fault) => LACKS[fault] ?? [])
  const toDo = [
    ...(kind === 'sent' ? ['ask what became of it, it was sent already'] : []),
    ...(isConflicting ? ['mend its conflict'] : []),
    ...(lacking.length === 0 ? [] : [`add ${listed(lacking)}`]),
    ...(along.length === 0 ? [] : [`send ${along.length} with it (${namesOf(along)})`]),
  ]
  const alone = along.length === 0 && bears.length === 0 ? ['it stands alone'] : []
  const bearing = bears.length === 0 ? [] : [`${bears.length} ${bears.length === 1 ? 'stands' : 'stand'} on it`]
  return `To send it: ${[toDo.length === 0 ? 'nothing more' : toDo.join(', '), ...alone, ...bearing].join('; ')}.`
}

/** "a description, an author and a sign-off" */
function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

function namesOf(names: readonly string[]): string {
  const more = names.length > NAMED ? `, and ${names.length - NAMED} more` : ''
  return `${names.slice(0, NAMED).join(', ')}${more}`
}

/** How many patches are to be sent, and what the rates rest on: sentences. */
export function planHeadline({ plans, patches }: ToldPlan): string[] {
  const others = new Map<OtherKind, number>()
  for (const [kind, count] of plans.flatMap((plan) => plan.others)) others.set(kind, (others.get(kind) ?? 0) + count)
  const rest = [...others].map(([kind, count]) => `${count} ${kind}`)
  const sent = patches.length
  const who = plans.length === 1 ? '' : ` of ${plans.length} queues`
  return [
    `${plural(sent, 'patch', 'patches')}${who} ${sent === 1 ? 'is' : 'are'} for upstream to take${rest.length === 0 ? '' : `; the others that stay: ${rest.join(', ')}`}.`,
    ...foundations(plans),
  ]
}

function foundations(plans: readonly QueuePlan[]): string[] {
  const [plan, ...others] = plans
  if (!plan) return []
  if (others.length > 0) {
    const known = plans.reduce((sum, { rebases }) => sum + rebases, 0)
    return [`What is saved rests on ${plural(known, 'rebase')} of these queues.`]
  }
  const { rebases, daysPerConflict, checks } = plan
  return [
    rebases === 0
      ? 'No rebase is known: hunks alone give the order.'
      : `What is saved rests on ${plural(rebases, 'rebase')} to new releases.`,
    ...(daysPerConflict === null
      ? ['No effort is logged that tells how long a conflict takes.']
      : [
          `A conflict took ${roughly(daysPerConflict.days)} days at past rebases (${roughly(daysPerConflict.low)} to ${roughly(daysPerConflict.high)}).`,
        ]),
    ...(checks.length === 0 ? [] : [checkWords(checks)]),
  ]
}

/** How well such plans would have done. */
function checkWords(checks: readonly PlanCheck[]): string {
  const sum = (part: 'planned' | 'longest' | 'oldest' | 'first' | 'patches' | 'conflicts') =>
    checks.reduce((all, check) => all + check[part], 0)
  const [first] = checks
  const share = (part: 'planned' | 'longest' | 'oldest') => percent(sum(part) / sum('first'))
  const count = first?.first ?? 0
  const others = `of the ${count} longest patches ${share('longest')}, of the ${count} oldest ${share('oldest')}`
  const all = percent(sum('conflicts') / sum('patches'))
  return `Of the first ${count} of such plans for ${plural(checks.length, 'past rebase')} ${share('planned')} were in conflict there; ${others}, of all ${all}.`
}

/** What each queue sits on, by its name. */
export function basesOf(plans: readonly QueuePlan[]): ReadonlyMap<string, string> {
  return new Map(plans.map(({ queue, base }) => [queue, base.ref]))
}
