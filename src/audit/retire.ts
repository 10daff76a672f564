/** "Retire-when": conditions under which a patch is to go, as its header or the config writes them. */
import type { ClaimedCommit, Retirement } from '../model/audit.ts'
import { toText } from '../model/bytes.ts'
import type { Config } from '../model/config.ts'
import type { Patch } from '../model/patch.ts'
import { compareVersions, toVersion } from '../model/version.ts'

export type Condition =
  | { kind: 'commit'; sha: string }
  | { kind: 'base'; version: string }
  | { kind: 'file'; path: string }
  | { kind: 'unread' }

/** What conditions are held against. */
export interface RetireFacts {
  /** The base's release as it is called. */
  base: string
  commits: ReadonlyMap<string, ClaimedCommit>
  /** Whether the upstream is a whole history. */
  knowsCommits: boolean
  /** Whether the target has a file. */
  hasFile: (path: string) => boolean
}

const FIELD = /^[ \t]*Retire-when:[ \t]*(\S.*)$/gim

/** The conditions of a patch, as written: in its header, then in the config under its name. */
export function conditionsOf({ name, header }: Pick<Patch, 'name' | 'header'>, config: Config['retire']): string[] {
  const own = [...toText(header.text).matchAll(FIELD)].map(([, condition = '']) => condition.trim())
  return [...own, ...(config.get(name)?.value ?? [])]
}

/** "upstream has 4a1fb2c", "base >= 4.19", "file tools/foo.c is gone". */
export function readCondition(words: string): Condition {
  const [, sha] = /^upstream has ([0-9a-f]{7,64})$/i.exec(words) ?? []
  if (sha !== undefined) return { kind: 'commit', sha: sha.toLowerCase() }
  const [, version] = /^base\s*>=\s*(\S+)$/i.exec(words) ?? []
  if (version !== undefined && toVersion(version)) return { kind: 'base', version }
  const [, path] = /^file (\S+) is gone$/i.exec(words) ?? []
  return path === undefined ? { kind: 'unread' } : { kind: 'file', path }
}

export function evaluate(words: string, facts: RetireFacts): Retirement {
  return { condition: words, ...answer(readCondition(words), facts) }
}

type Answer = Pick<Retirement, 'met' | 'because'>

const HOW_TO_WRITE = 'not read: write "upstream has COMMIT", "base >= RELEASE" or "file PATH is gone"'

function answer(condition: Condition, { base, commits, knowsCommits, hasFile }: RetireFacts): Answer {
  switch (condition.kind) {
    case 'unread':
      return { met: null, because: HOW_TO_WRITE }
    case 'file':
      return hasFile(condition.path)
        ? { met: false, because: 'the target has the file' }
        : { met: true, because: 'the target has no such file' }
    case 'base': {
      const [now, wanted] = [toVersion(base), toVersion(condition.version)]
      if (!now || !wanted) return { met: null, because: `the base, ${base}, is no release` }
      return { met: compareVersions(now, wanted) >= 0, because: `the base is ${base}` }
    }
    case 'commit': {
      const place = commits.get(condition.sha)?.place
      if (place === undefined && !knowsCommits) return { met: null, because: 'this upstream is no whole history' }
      const isThere = place === 'base' || place === 'target'
      return { met: isThere, because: isThere ? 'the target has it' : 'the target does not have it' }
    }
  }
}
