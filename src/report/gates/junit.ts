/** Gates as JUnit's XML, which build servers show as tests: a gate is a test. */
import type { Builder } from 'junit-report-builder'
import type { JudgedPolicy } from '../../model/gate.ts'
import { forTerminal } from '../sanitize.ts'
import { policyFile } from './places.ts'

export async function gatesToJunit(policy: JudgedPolicy): Promise<string> {
  // It is large: who asks for nothing of it does not wait for it. Its types have it a level too deep.
  const { default: builder } = await import('junit-report-builder')
  const report = (builder as unknown as Builder).newBuilder()
  const file = forTerminal(policyFile(policy))
  const suite = report.testSuite().name(`rebaseline audit, ${forTerminal(policy.target)}`)
  for (const { gate, pass, isAsked, because, offences } of policy.gates) {
    const test = suite.testCase().className(file).name(forTerminal(gate.text)).file(`${file}:${gate.line}`)
    if (!isAsked) test.skipped()
    if (pass) continue
    test.failure(forTerminal(because), gate.rule.kind)
    test.stacktrace(offences.map(({ name, because: why }) => forTerminal(`${name}: ${why}`)).join('\n'))
  }
  return `${report.build().trimEnd()}\n`
}
