/** An attempt for what runs builds: SARIF, JUnit's XML, annotations of GitHub Actions. */
import type { Builder } from 'junit-report-builder'
import type { ReportingDescriptor, Result } from 'sarif'
import type { RecordedAttempt } from '../../model/attempt.ts'
import { forTerminal } from '../sanitize.ts'
import { toAnnotation } from './annotation.ts'
import { locationAt, toSarif } from './sarif.ts'
import { TASK_RULES, type Task, type TaskRule, tasksOf } from './tasks.ts'

/** How the reader names a file by its absolute path, and who writes. */
export interface BuildView {
  nameOf: (path: string) => string
  version: string
}

const RULES = Object.keys(TASK_RULES) as TaskRule[]
const SARIF_LEVELS = { error: 'error', warning: 'warning', notice: 'note' } as const

export function attemptToSarif(attempt: RecordedAttempt, { nameOf, version }: BuildView): string {
  const rules = RULES.map((id): ReportingDescriptor => {
    const { level, text } = TASK_RULES[id]
    return { id, shortDescription: { text }, defaultConfiguration: { level: SARIF_LEVELS[level] } }
  })
  const results = tasksOf(attempt, nameOf).map(({ rule, level, message, file, line }): Result => {
    return {
      ...{ ruleId: rule, ruleIndex: RULES.indexOf(rule), level: SARIF_LEVELS[level] },
      ...{ message: { text: message }, locations: [locationAt(file, line)] },
    }
  })
  return toSarif(rules, results, version)
}

/** A patch is a test: one that needs a person fails. */
export async function attemptToJunit(attempt: RecordedAttempt, { nameOf }: BuildView): Promise<string> {
  // It is large: who asks for nothing of it does not wait for it. Its types have it a level too deep.
  const { default: builder } = await import('junit-report-builder')
  const report = (builder as unknown as Builder).newBuilder()
  const suite = report.testSuite().name(`rebaseline try, ${forTerminal(attempt.target.ref)}`)
  const tasks = new Map(tasksOf(attempt, nameOf).map((task) => [task.position, task]))
  for (const { patch, verdict } of attempt.results) {
    const task = tasks.get(patch.position)
    const test = suite.testCase().className(verdict.kind).name(forTerminal(patch.name))
    if (task) test.file(forTerminal(`${task.file}:${task.line}`))
    if (task && isFailing(task)) test.failure(forTerminal(task.message), task.rule)
    else if (task?.rule === 'blocked') test.skipped()
  }
  return `${report.build().trimEnd()}\n`
}

function isFailing({ level, rule }: Task): boolean {
  return level === 'error' || rule === 'review'
}

export function attemptToGithub(attempt: RecordedAttempt, { nameOf }: BuildView): string {
  const tasks = tasksOf(attempt, nameOf)
  const lines = tasks.map(({ level, file, line, message, rule }) =>
    toAnnotation({ level, file, line, message, title: TASK_RULES[rule].text }),
  )
  const failing = tasks.filter(isFailing).length
  const told = `${attempt.results.length} patches on ${forTerminal(attempt.target.ref)}, ${failing} need a person`
  return `${[...lines, told].join('\n')}\n`
}
