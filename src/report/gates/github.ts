/** Gates as annotations of GitHub Actions (docs.github.com, "Workflow commands"). */
import type { JudgedPolicy } from '../../model/gate.ts'
import { toAnnotation } from '../ci/annotation.ts'
import { failuresOf } from './places.ts'

export function gatesToGithub(policy: JudgedPolicy): string {
  const failures = failuresOf(policy).map(({ message, file, line, gate: { gate } }) => {
    return toAnnotation({ level: 'error', file, line, title: gate.text, message })
  })
  const held = policy.gates.filter(({ pass }) => pass).length
  return `${[...failures, `gates that hold: ${held} of ${policy.gates.length}`].join('\n')}\n`
}
