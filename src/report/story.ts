/** What a report begins with: sentences that hold for every number below them. */
import { type Tally, tallyOf } from '../model/tally.ts'
import { isNewLine } from '../model/version.ts'
import type { LifeOverview, Overview } from '../trend/overview.ts'
import { releaseOf } from '../trend/settled.ts'
import { count, plural } from './layout.ts'
import { dateOf } from './period-cells.ts'

/** A release as people say it: "4.17.3" of RELEASE-4.17.3, the first digits of a commit. */
export function releaseName(ref: string): string {
  return /^[0-9a-f]{40,64}$/.test(ref) ? ref.slice(0, 12) : releaseOf({ base: ref, time: 0 })
}

/** The answer in one sentence. */
export function headline({ queue, life, latest, steps }: Overview): string {
  if (latest) return attemptSentence(tallyOf(latest.results), releaseName(latest.target.ref))
  const now = life?.sizes.at(-1)
  if (!life || !now) return `${plural(steps.length, 'rebase', 'rebases')} of ${queue} on record.`
  const last = life.rebases.at(-1)
  const size = `${queue} carries ${plural(now.patches, 'patch', 'patches')}`
  if (!last) return `${size}.`
  const { to, before, after } = last
  return `${size}; the rebase to ${to} took it from ${count(before)} to ${count(after)}${shareOf(before, after)}.`
}

function attemptSentence(tally: Tally, target: string): string {
  const { patches, leave } = tally
  const rest = patches - leave
  const [mend, decide] = [tally.mend + tally.repair, tally.decide]
  if (patches === 0) return `There is nothing to move to ${target}: the queue is empty.`
  if (rest === 0) return `Moving to ${target} takes the whole queue away: ${plural(patches, 'patch', 'patches')}.`
  const needs = (some: number, what: string) => `${count(some)} of ${rest === 1 ? 'it' : 'those'} ${what}`
  const work =
    mend > 0
      ? needs(mend, mend === 1 ? 'needs a person' : 'need a person')
      : decide > 0
        ? needs(decide, decide === 1 ? 'is to be decided' : 'are to be decided')
        : 'none needs a person'
  const size =
    leave === 0
      ? `keeps ${patches === 1 ? 'the one patch' : `all ${count(patches)} patches`} of the queue`
      : `takes the queue from ${plural(patches, 'patch', 'patches')} to ${count(rest)}${shareOf(patches, rest)}`
  return `Moving to ${target} ${size}; ${work}.`
}

/** ", down 76 %": never all of what is not all, nor nothing of what is something. */
function shareOf(before: number, after: number): string {
  if (before === 0 || before === after) return ''
  const share = Math.round((Math.abs(after - before) / before) * 100)
  const shown = after === 0 ? 100 : Math.max(1, after < before ? Math.min(99, share) : share)
  return `, ${after < before ? 'down' : 'up'} ${shown} %`
}

/** What bears the answer out, a sentence each. */
export function leadSentences({ life, latest, patches }: Overview): string[] {
  const sentences: string[] = []
  const { leave } = tallyOf(latest?.results ?? [])
  if (leave > 0) {
    const held = patches.filter(({ result }) => result.verdict.kind === 'upstreamed').length
    const needless = leave - held
    const why = [
      ...(held > 0 ? [`upstream has ${held < leave ? held : leave === 1 ? 'it' : 'all of them'}`] : []),
      ...(needless > 0 ? [`${needless} ${needless === 1 ? 'is' : 'are'} no longer needed`] : []),
    ]
    sentences.push(`${leave} ${leave === 1 ? 'leaves' : 'leave'}: ${why.join(', ')}.`)
  }
  const rest = patches.filter(({ part }) => part !== 'leave')
  const debt = rest.filter(({ kind }) => kind === 'debt').length
  if (rest.length > 0 && patches.some(({ kind }) => kind !== 'debt')) sentences.push(debtSentence(debt, rest.length))
  if (life) sentences.push(...lifeSentences(life))
  return sentences
}

function debtSentence(debt: number, rest: number): string {
  if (debt === 0) return 'Nothing of what remains is debt.'
  return debt === rest
    ? 'All that remains is debt.'
    : `Of what remains ${debt} of ${rest} ${debt === 1 ? 'is' : 'are'} debt.`
}

/** Whether rebases to point releases are left out. */
export function areNewLines(large: LifeOverview['large']): boolean {
  return large.every(({ rebase: { from, to } }) => isNewLine(from, to))
}

/** What the rebases of the past made of the queue: true of each of them. */
export function lifeSentences({ large }: LifeOverview): string[] {
  const [first, last] = [large[0], large.at(-1)]
  if (!first || !last || first === last) return []
  const after = large.map(({ rebase }) => rebase.after)
  const debts = large.map((one) => one.after.byBurden.debt)
  const [least, most] = [Math.min(...debts), Math.max(...debts)]
  const year = dateOf(first.rebase.time).slice(0, 4)
  const lines = areNewLines(large) ? 'rebases to a new line of releases' : 'rebases'
  const now = last.after.byBurden.debt
  const place = now === least && least < most ? ', the least after any of them' : ''
  return [
    `After each of ${large.length} ${lines} since ${year} the queue had between ${Math.min(...after)} and ${Math.max(...after)} patches.`,
    least === most ? `Debt among them was ${least} each time.` : `Debt among them was ${now} after the last${place}.`,
  ]
}
