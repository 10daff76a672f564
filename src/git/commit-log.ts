/**
 * Every commit of a repository's branches with the files that it changed, read in one go and
 * without a checkout.
 */
import { type ByteString, fromBytes, toText } from '../model/bytes.ts'
import { toTime } from '../model/history.ts'
import { SUBMODULE } from '../model/tree.ts'
import { type GitContext, runGit } from './process.ts'

export interface LoggedCommit {
  sha: string
  /** The first of its parents; null for a root. */
  parent: string | null
  /** Committer time, seconds since 1970. */
  time: number
  /** "Name <mail>". */
  author: string
  subject: string
  /** Against the first parent: the blob that a path got; null where it was deleted. */
  changes: { path: ByteString; blob: string | null }[]
}

/** `commits`: ids; a name might be taken for an option. Parents come before their children. */
export async function readCommitLog(context: GitContext, commits: readonly string[]): Promise<LoggedCommit[]> {
  const format = '%x01%H%x00%P%x00%ct%x00%an <%ae>%x00%s'
  const diff = ['--raw', '--no-renames', '--no-abbrev', '--root', '--diff-merges=first-parent', '-z']
  const args = ['log', '--reverse', '--topo-order', '--encoding=UTF-8', `--format=${format}`, ...diff, '--stdin']
  const { stdout } = await runGit(context, args, { input: `${commits.join('\n')}\n` })
  return parseLog(fromBytes(stdout).split('\0'))
}

const FIELDS = 5

/**
 * git-log(1) with --raw -z: the fields of the format, then pairs of a raw line and a path
 * (git-diff(1), "Raw output format").
 */
function parseLog(tokens: readonly ByteString[]): LoggedCommit[] {
  const commits: LoggedCommit[] = []
  let at = 0
  while (at < tokens.length) {
    const token = (tokens[at] ?? '').replace(/^\n/, '')
    const raw = /^:\d+ (\d+) [0-9a-f]+ ([0-9a-f]+) ([A-Z])/.exec(token)
    if (token.startsWith('\x01')) {
      const [sha = '', parents = '', time = '0', author = '', subject = ''] = [
        token.slice(1),
        ...tokens.slice(at + 1, at + FIELDS),
      ]
      const parent = parents.split(' ')[0] || null
      const words = subject.replace(/\n$/, '')
      commits.push({ sha, parent, time: toTime(time), author: toText(author), subject: toText(words), changes: [] })
      at += FIELDS
    } else if (raw) {
      const blob = raw[3] === 'D' || raw[1] === SUBMODULE ? null : (raw[2] ?? null)
      commits.at(-1)?.changes.push({ path: tokens[at + 1] ?? '', blob })
      at += 2
    } else at++
  }
  return commits
}
