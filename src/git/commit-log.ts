/** Every commit of a repository's branches, read in one go. */
import { fromBytes, toText } from '../model/bytes.ts'
import { toTime } from '../model/history.ts'
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
}

/**
 * Parents come before their children. `commits`: ids; a name might be taken for an option. `below`:
 * a directory, and then only commits that change something there, each with its next of kin as
 * parent (git-log(1), history simplification); '' for all.
 */
export async function readCommitLog(
  context: GitContext,
  commits: readonly string[],
  below: string,
): Promise<LoggedCommit[]> {
  const format = '--format=%H%x00%P%x00%ct%x00%an <%ae>%x00%s'
  const args = ['log', '-z', '--reverse', '--topo-order', '--encoding=UTF-8', format, '--parents', '--stdin']
  const { stdout } = await runGit(context, args, { input: `${[...commits, '--', ...literal(below)].join('\n')}\n` })
  const fields = fromBytes(stdout).split('\0')
  const log: LoggedCommit[] = []
  for (let at = 0; at + FIELDS <= fields.length; at += FIELDS) {
    const [sha = '', parents = '', time = '0', author = '', subject = ''] = fields.slice(at, at + FIELDS)
    const parent = parents.split(' ')[0] || null
    log.push({ sha, parent, time: toTime(time), author: toText(author), subject: toText(subject) })
  }
  return log
}

const FIELDS = 5

/** The newest commit of a branch that changes something below a directory; null where none does. */
export async function newestThat(context: GitContext, branch: string, below: string): Promise<string | null> {
  const input = `${[branch, '--', ...literal(below)].join('\n')}\n`
  const { stdout } = await runGit(context, ['rev-list', '--max-count=1', '--stdin'], { input })
  return stdout.toString('latin1').trim() || null
}

/** gitglossary(7), pathspec: a name is no pattern. */
function literal(below: string): string[] {
  return below === '' ? [] : [`:(top,literal)${below}`]
}
