/** What an audit says of security, the most dangerous first: undone, missing, follow-ups, carried. */
import type { QueueComparison } from '../../model/queue-comparison.ts'
import type { AdvisoryFix, Candidate, CarriedFix, FollowUp, MissingFix, SecurityReport } from '../../model/security.ts'
import { cut, cutMiddle, type Medium, pad, plural, type Style, styleFor } from '../layout.ts'
import { forTerminal } from '../sanitize.ts'

/** Commits are told by so many digits. */
const DIGITS = 10
/** A patch's name has so much room beside others. */
const NAME = 40

/** Groups of lines; one with nothing in it is left out. */
export function securityParts(report: SecurityReport, target: string, medium: Medium): string[][] {
  const { security, followUps, candidates, against } = report
  const style = styleFor(medium)
  const open = followUps.filter(({ state }) => state === 'open')
  const missing = security.missing.filter(({ affects }) => affects !== false)
  return [
    [headline(report, forTerminal(target))],
    group(style.red('UNDONE'), security.undone.length, 'fixes of the base that the queue takes back', [
      ...security.undone.map((fix) => row([idsOf(fix), patchesOf(fix.patches)], medium)),
    ]),
    group(style.red('MISSING'), missing.length, 'fixed upstream, and in neither base nor queue', [
      ...missing.flatMap((fix) => missingRows(fix, medium)),
    ]),
    group(style.bold('FOLLOW-UPS'), open.length, 'mend what the queue carries, and are not in it', [
      ...open.flatMap((one) => followUpRows(one, medium)),
    ]),
    group(style.bold('CARRIED'), security.carried.length, 'fixes', [
      ...security.carried.map((fix) => carriedRow(fix, forTerminal(target), medium)),
    ]),
    candidateRows(candidates, style, medium),
    advisoryRows(report),
    against ? againstRows(against, style) : [],
  ].filter((lines) => lines.length > 0)
}

function headline({ security: { carried, undone, missing }, followUps }: SecurityReport, target: string): string {
  const leaving = carried.filter(({ inTarget }) => inTarget === true).length
  const lacking = missing.filter(({ affects }) => affects !== false).length
  const open = followUps.filter(({ state }) => state === 'open').length
  const has =
    carried.length === 0
      ? 'no fix is carried'
      : `${plural(carried.length, 'fix', 'fixes')} carried, ${target} has ${leaving === 0 ? 'none' : leaving === carried.length ? 'all' : leaving}`
  const lack = lacking === 0 ? 'none found missing' : `${lacking} missing`
  const back = undone.length === 0 ? '' : `; ${undone.length} taken back`
  return `SECURITY  ${has}; ${lack}${back}; ${open === 0 ? 'no follow-up' : plural(open, 'follow-up')} missed.`
}

/** Nothing of a group with nothing in it. */
function group(title: string, count: number, what: string, rows: readonly string[]): string[] {
  return count === 0 ? [] : [`${title} ${count}  ${what}`, ...rows]
}

/** The last cell takes what is left of the line. */
function row(cells: readonly string[], { width }: Medium): string {
  return `  ${cut(cells.join('  '), Math.max(NAME, width - 2))}`
}

function idsOf({ id, aliases }: AdvisoryFix): string {
  return forTerminal([id, ...aliases].join(' '))
}

function patchesOf([first = '', ...rest]: readonly string[]): string {
  return `${cutMiddle(forTerminal(first), NAME)}${rest.length === 0 ? '' : ` +${rest.length}`}`
}

function missingRows({ commits: [commit = ''], where, because, ...fix }: MissingFix, medium: Medium): string[] {
  const place = where === 'base-stable' ? "on the base's own branch" : 'on the way to the target'
  return [row([idsOf(fix)], medium), row([`  ${commit.slice(0, DIGITS)}`, `${place}; ${because}`], medium)]
}

function followUpRows({ commit, subject, names, patch, kind, applies }: FollowUp, medium: Medium): string[] {
  const what = { fixes: 'mends', revert: 'takes back', 'follow-up': 'goes on from' }[kind]
  const how = applies === 'conflict' ? 'conflicts' : `applies (${applies})`
  const of = cutMiddle(forTerminal(patch), NAME)
  return [
    row([commit.slice(0, DIGITS), forTerminal(subject)], medium),
    row([`  ${what} ${names.slice(0, DIGITS)}`, of, how], medium),
  ]
}

function carriedRow({ patches, inTarget, whole, ...fix }: CarriedFix, target: string, medium: Medium): string {
  const there = inTarget === null ? `not known of ${target}` : `${inTarget ? '' : 'not '}in ${target}`
  const part = whole === false ? 'in part, ' : ''
  return row([pad(idsOf(fix), 24), `${part}${there}`, patchesOf(patches)], medium)
}

/** Those that other branches have are many, and only counted. */
function candidateRows(candidates: readonly Candidate[], style: Style, medium: Medium): string[] {
  const told = candidates.filter(({ kind }) => kind !== 'branches')
  const others = candidates.length - told.length
  const rows = told.map(({ commit, subject, because }) =>
    row([commit.slice(0, DIGITS), `${forTerminal(subject)} (${forTerminal(because)})`], medium),
  )
  const rest = others === 0 ? [] : [`  … ${others} more that other branches have: --json`]
  return group(style.bold('CANDIDATES'), candidates.length, 'could be backported to this base', [...rows, ...rest])
}

function advisoryRows({ security: { advisories } }: SecurityReport): string[] {
  const { problems, disputed } = advisories
  return [
    ...problems.map(({ file, why }) => `ADVISORY ${forTerminal(file)} is left out: ${forTerminal(why)}`),
    ...disputed.map(({ id, why }) => `DISPUTED ${forTerminal(id)}: ${forTerminal(why)}`),
  ]
}

function againstRows({ same, differ, split, ...alone }: QueueComparison, style: Style): string[] {
  const counts = `${same.length} the same, ${differ.length} differ, ${split.length} split`
  const apart = `${alone.onlyHere.length} only here, ${alone.onlyThere.length} only there`
  const bases = `${alone.inBaseThere.length} in the other's base, ${alone.inBaseHere.length} in ours`
  const names = (one: string | string[]) => forTerminal([one].flat().join(' + '))
  return [
    `${style.bold('AGAINST')}  ${counts}; ${apart}; ${bases}`,
    ...differ.map(([here, there, how]) => `  differ  ${names(here)} | ${names(there)}: ${how}`),
    ...split.map(([here, there]) => `  split   ${names(here)} | ${names(there)}`),
    ...alone.onlyHere.map((name) => `  here    ${names(name)}`),
    ...alone.onlyThere.map((name) => `  there   ${names(name)}`),
  ]
}
