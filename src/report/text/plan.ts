/** Which patches to send upstream first, on a terminal. */
import type { ToldPlan } from '../../model/plan.ts'
import { cut, cutMiddle, fold, type Medium, type NextCommand, nextLines, pad, styleFor } from '../layout.ts'
import { basesOf, costOf, planHeadline, reasonOf, roughly } from '../plan-rows.ts'
import { forTerminal } from '../sanitize.ts'

export interface PlanMedium extends Medium {
  /** Whether all rows are shown. */
  whole: boolean
  /** The options that make another command find a queue. */
  locate: (source: string) => string
}

/** So many rows are shown first. */
const FIRST = 12
const INDENT = '     '

export function planToText(told: ToldPlan, medium: PlanMedium): string {
  const { plans } = told
  const [plan, ...others] = plans
  const head = others.length === 0 && plan ? `${plan.source}: @${plan.attempt} on ${plan.target.ref}` : ''
  const parts = [
    [
      ...(head === '' ? [] : [forTerminal(head), '']),
      ...planHeadline(told).flatMap((line) => fold(forTerminal(line), medium.width, '')),
    ],
    tableOf(told, medium),
    nextCommands(told, medium),
  ]
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

function tableOf({ plans, patches }: ToldPlan, medium: PlanMedium): string[] {
  if (patches.length === 0) return []
  const style = styleFor(medium)
  const isMany = plans.length > 1
  const bases = basesOf(plans)
  const room = Math.max(20, Math.min(60, medium.width - (isMany ? 44 : 20)))
  const line = ([place = '', name = '', saves = '', days = '', queue = '']: readonly string[]) => {
    const row = `${place.padStart(4)} ${pad(cutMiddle(name, room), room)} ${saves.padStart(6)} ${days.padStart(5)}`
    return cut(isMany ? `${row}  ${queue}` : row, medium.width).trimEnd()
  }
  const shown = medium.whole ? patches : patches.slice(0, FIRST)
  const rows = shown.flatMap((patch) => [
    line(
      [`${patch.position}`, patch.name, roughly(patch.savesInAll), roughly(patch.days), patch.queue].map(forTerminal),
    ),
    ...fold(forTerminal(reasonOf(patch, bases.get(patch.queue) ?? '')), medium.width, INDENT).map(style.dim),
    ...fold(forTerminal(costOf(patch)), medium.width, INDENT).map(style.dim),
  ])
  const left = patches.length - shown.length
  return [
    style.bold(line(['#', 'patch', 'saves', 'days', 'queue'])),
    ...rows,
    ...(left > 0 ? [`   … ${left} more: --all`] : []),
  ]
}

/** The first that can be sent as it is; and what a plan of one queue could rest on beside. */
function nextCommands({ plans, patches }: ToldPlan, medium: PlanMedium): string[] {
  const first = patches.find(({ isConflicting, along }) => !isConflicting && along.length === 0)
  const sends = plans.flatMap(({ queue, source, attempt }): NextCommand[] => {
    if (queue !== first?.queue) return []
    const command = `rebaseline show${medium.locate(source)} @${attempt} ${first.position} --upstreamable`
    return [[command, 'ready for git send-email']]
  })
  const tries = plans.flatMap(({ source, rebases }): NextCommand[] => {
    if (plans.length > 1 || rebases >= FEW_REBASES) return []
    return [[`rebaseline history --try-rebases${medium.locate(source)}`, 'finds the conflicts of past rebases']]
  })
  return nextLines([...sends, ...tries], medium)
}

const FEW_REBASES = 2
