/** What StGit writes down of a stack: its names in their order, and a commit for each. */
import { UserError } from '../../errors.ts'
import { type ByteString, fromText, toText } from '../../model/bytes.ts'

export interface Stack {
  applied: ByteString[]
  unapplied: ByteString[]
  hidden: ByteString[]
  commits: ReadonlyMap<ByteString, string>
  /** What says so, as a person finds it. */
  told: string
}

/**
 * Version 5: stack.json (StGit, src/stack/serde.rs).
 *
 * @throws UserError where it is not of that form: half of it would be another queue.
 */
export function stackInJson(json: ByteString, told: string, source: string): Stack {
  const state = parsed(json)
  const [applied, unapplied, hidden] = ['applied', 'unapplied', 'hidden'].map((key) => namesIn(state?.[key]))
  const commits = commitsIn(state?.patches)
  if (applied && unapplied && hidden && commits) return { applied, unapplied, hidden, commits, told }
  throw new UserError(`${told} of ${source} is no state of a StGit stack`, '"stg repair" there may mend it')
}

function parsed(json: ByteString): Record<string, unknown> | null {
  try {
    return recordIn(JSON.parse(toText(json)))
  } catch {
    return null
  }
}

function recordIn(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
}

function namesIn(value: unknown): ByteString[] | null {
  const isNames = (list: unknown): list is string[] =>
    Array.isArray(list) && list.every((name) => typeof name === 'string')
  return isNames(value) ? value.map(fromText) : null
}

function commitsIn(value: unknown): Map<ByteString, string> | null {
  const patches = recordIn(value)
  if (!patches) return null
  const commits = Object.entries(patches).map(([name, patch]) => [fromText(name), recordIn(patch)?.oid] as const)
  const isWhole = (entry: readonly [ByteString, unknown]): entry is [ByteString, string] =>
    typeof entry[1] === 'string' && /^[0-9a-f]{40,64}$/.test(entry[1])
  return commits.every(isWhole) ? new Map(commits) : null
}

/** Version 4: lists of "  name: commit". Null of another version: then files tell the stack. */
export function stackInMeta(meta: ByteString, told: string): Stack | null {
  const lines = meta.split('\n')
  if (lines[0] !== 'Version: 4') return null
  const lists = { Applied: [] as ByteString[], Unapplied: [] as ByteString[], Hidden: [] as ByteString[] }
  const commits = new Map<ByteString, string>()
  let list: ByteString[] | undefined
  for (const line of lines) {
    const [, name, commit] = /^ +(.+): *([0-9a-f]{40,64}) *$/.exec(line) ?? []
    if (name !== undefined && commit !== undefined) {
      list?.push(name)
      commits.set(name, commit)
    } else if (!line.startsWith(' ')) list = lists[line.replace(/:.*$/s, '') as keyof typeof lists]
  }
  return { applied: lists.Applied, unapplied: lists.Unapplied, hidden: lists.Hidden, commits, told }
}
