/** What an attempt leaves a person to do, each at the line that lists the patch. */
import type { PatchResult, RecordedAttempt, VerdictKind } from '../../model/attempt.ts'
import { toText } from '../../model/bytes.ts'
import { plural } from '../layout.ts'

export interface Task {
  position: number
  level: 'error' | 'warning' | 'notice'
  /** Its verdict; "review" where only a person can tell. */
  rule: TaskRule
  /** In words, whole by themselves. */
  message: string
  /** From where the reader stands, "/" between. */
  file: string
  line: number
}

export type TaskRule = VerdictKind | 'review'

/** What each rule says, and how grave it is. */
export const TASK_RULES: Readonly<Record<TaskRule, { level: Task['level']; text: string }>> = {
  conflicting: { level: 'error', text: 'A patch that is still needed does not land' },
  invalid: { level: 'error', text: 'A patch that cannot be read' },
  blocked: { level: 'warning', text: 'A patch that waits for another one' },
  review: { level: 'warning', text: 'A patch that the target may have: only a person can tell' },
  upstreamed: { level: 'notice', text: 'A patch that the target has: drop it' },
  droppable: { level: 'notice', text: 'A patch that is not needed any more: drop it' },
  applies: { level: 'notice', text: 'A patch that landed elsewhere: refresh it' },
}

/** `nameOf`: how the reader names a file by its absolute path. None for what is to be kept as it is. */
export function tasksOf(attempt: RecordedAttempt, nameOf: (path: string) => string): Task[] {
  return attempt.results
    .filter(({ verdict }) => verdict.action !== 'keep')
    .map((result): Task => {
      const { patch, verdict } = result
      const rule = verdict.action === 'review' ? 'review' : verdict.kind
      const message = `${patch.name} on ${attempt.target.ref}: ${wordsOf(result)}`
      return {
        position: patch.position,
        level: TASK_RULES[rule].level,
        rule,
        message,
        ...placeOf(result, attempt, nameOf),
      }
    })
}

/** The line that lists it, or the first of the patch where none does. */
function placeOf(
  { patch: { listed, name } }: PatchResult,
  { queue: { source } }: RecordedAttempt,
  nameOf: (path: string) => string,
): { file: string; line: number } {
  const directory = source.replace(/[^/]*$/, '')
  const [, list, line] = /^(.*):(\d+)$/s.exec(listed ?? '') ?? []
  if (list === undefined) return { file: nameOf(`${directory}${name}`), line: 1 }
  return { file: nameOf(`${directory}${list}`), line: Number(line) }
}

function wordsOf({ verdict, landing, upstream }: PatchResult): string {
  const why = verdict.reason === null ? '' : ` (${verdict.reason})`
  const said = `${verdict.kind}${why}, ${verdict.action}`
  if (landing.kind === 'conflict') {
    const places = landing.conflicts.map(({ path, hunksFailed, hunks, culprits: [culprit] }) => {
      const by = culprit ? `, by ${culprit.sha.slice(0, 12)} "${culprit.subject}"` : ''
      return `${toText(path)}: ${hunksFailed} of ${plural(hunks, 'hunk')}${by}`
    })
    return [said, ...places].join('; ')
  }
  const [commit] = upstream.commits
  return verdict.action === 'drop' && commit ? `${said}: ${commit.sha.slice(0, 12)} "${commit.subject}"` : said
}
