/** Which patches to send upstream first, in Markdown, to paste into an issue or a mail. */
import type { ToldPlan } from '../../model/plan.ts'
import { markdownCell, markdownTable } from '../markdown.ts'
import { basesOf, costOf, planHeadline, reasonOf, roughly } from '../plan-rows.ts'

const HEADS = ['patch', 'queue', 'owner', 'saves', 'days', 'why', 'cost']

export function planToMarkdown(told: ToldPlan): string {
  const bases = basesOf(told.plans)
  const rows = told.patches.map((patch) => [
    ...[patch.name, patch.queue, patch.owner ?? '', roughly(patch.savesInAll), roughly(patch.days)],
    ...[reasonOf(patch, bases.get(patch.queue) ?? ''), costOf(patch)],
  ])
  const parts = [
    '# What to send upstream first',
    markdownCell(planHeadline(told).join(' ')),
    markdownTable(HEADS, rows),
  ]
  return `${parts.join('\n\n')}\n`
}
