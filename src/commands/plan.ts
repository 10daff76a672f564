/** How a plan is printed, whichever command makes it. */
import type { ToldPlan } from '../model/plan.ts'
import { planToJson } from '../report/json/plan.ts'
import { planToText } from '../report/text/plan.ts'
import { planToMarkdown } from '../report/text/plan-markdown.ts'
import type { CommandContext } from './context.ts'

export interface PlanOptions {
  json: boolean
  markdown: boolean
  all: boolean
  /** The options that make another command find a queue. */
  locate: (source: string) => string
}

export function planToldAs(told: ToldPlan, options: PlanOptions, { output }: CommandContext): string {
  const { json, markdown, all: whole, locate } = options
  if (json) return planToJson(told)
  return markdown ? planToMarkdown(told) : planToText(told, { ...output, whole, locate })
}
