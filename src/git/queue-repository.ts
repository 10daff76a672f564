/** Asks a repository for the commits that are a queue, with the upstream's objects at hand. */
import { randomBytes } from 'node:crypto'
import { UserError } from '../errors.ts'
import { type ByteString, fromBytes } from '../model/bytes.ts'
import type { CommitNode, CommitText, MergeText, QueueRepository } from '../model/repository.ts'
import { type GitContext, HOW_TO_GET_OBJECTS, runGit } from './process.ts'
import { borrowFor, type Scratch } from './scratch.ts'

/** `fork`: where the queue is; from now on it reads the objects of the upstream as well. */
export async function queueRepository(fork: Scratch, upstream: Scratch): Promise<QueueRepository> {
  borrowFor(fork, upstream)
  const tips = await listTips(upstream)
  return {
    resolve: (name) => resolveIn(fork, name),
    list: (from, without) => listCommits(fork, from, without),
    newest: (commits) => newestOf(fork, commits),
    read: (commits) => readCommits(fork, commits),
    readMerges: (merges) => readMerges(fork, merges),
    readFile: (commit, path) => readFile(fork, commit, path),
    upstream: tips,
  }
}

/** Pull requests and the like of a mirror are not what upstream has. */
const UPSTREAM_REFS = ['refs/heads', 'refs/remotes', 'refs/tags']

async function listTips(upstream: GitContext): Promise<string[]> {
  const format = '--format=%(objecttype) %(objectname) %(*objecttype) %(*objectname)'
  const { stdout } = await runGit(upstream, ['for-each-ref', format, ...UPSTREAM_REFS])
  const named = stdout.toString('latin1').matchAll(/\bcommit ([0-9a-f]{40,64})\b/g)
  return [...new Set([...named].map(([, sha = '']) => sha))]
}

async function resolveIn(fork: Scratch, name: string): Promise<string | null> {
  // Of the scratch repository itself it would name nothing.
  const [, own, rest = ''] = /^(HEAD|@)((?:[~^].*)?)$/.exec(name) ?? []
  if (own !== undefined && fork.head === null) return null
  const asked = own === undefined ? name : `${fork.head}${rest}`
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${asked}^{commit}`]
  const { code, stdout } = await runGit(fork, args, { accept: [0, 1, 128] })
  const id = stdout.toString().trim()
  // "^v1" would name all but that.
  return code === 0 && /^[0-9a-f]{40,64}$/.test(id) ? id : null
}

async function listCommits(
  fork: GitContext,
  tips: readonly string[],
  without: readonly string[],
): Promise<CommitNode[]> {
  const input = [...tips, ...without.map((sha) => `^${sha}`)].map((line) => `${line}\n`).join('')
  const { stdout } = await runGit(fork, ['rev-list', '--topo-order', '--reverse', '--parents', '--stdin'], { input })
  return linesOf(stdout).map((line) => {
    const [sha = '', ...parents] = line.split(' ')
    return { sha, parents }
  })
}

async function newestOf(fork: GitContext, commits: readonly string[]): Promise<string> {
  const heads = await runGit(fork, ['merge-base', '--independent', ...commits])
  const [newest] = linesOf((await runGit(fork, ['rev-list', '--no-walk', '--stdin'], { input: heads.stdout })).stdout)
  if (newest === undefined) throw new Error('of some commits none is the newest')
  return newest
}

/** As git format-patch(1) shows a change, and with whole ids: a part of one may fit two objects. */
const DIFF = ['--patch', '--binary', '--full-index', '--find-renames', '--no-ext-diff', '--no-textconv']
const FIELDS = ['%H', '%f', '%an <%ae>', '%aD', '%s', '%b', '']

async function readCommits(fork: GitContext, commits: readonly string[]): Promise<CommitText[]> {
  return (await readTexts(fork, commits, ['--root', ...DIFF])).map(({ fields, diff }) => {
    const [sha = '', stem = '', author = '', date = '', subject = '', body = ''] = fields
    return { sha, stem, author, date, subject, body, diff }
  })
}

/** git-diff(1), "Combined diff format": --cc leaves out what stands so in one of the parents. */
async function readMerges(fork: GitContext, merges: readonly string[]): Promise<MergeText[]> {
  return (await readTexts(fork, merges, ['--cc'])).map(({ fields, diff }) => {
    return { sha: fields[0] ?? '', subject: fields[4] ?? '', isMended: diff !== '' }
  })
}

/** git-diff-tree(1) with --stdin shows commits in the order in which they are named. */
async function readTexts(
  fork: GitContext,
  commits: readonly string[],
  options: readonly string[],
): Promise<{ fields: ByteString[]; diff: ByteString }[]> {
  if (commits.length === 0) return []
  // A message or a file can hold whatever git prints between two commits, but not this.
  const seam = randomBytes(16).toString('hex')
  const format = [`--format=${seam}${FIELDS.join('%x00')}`, '--encoding=UTF-8', '--always']
  const args = ['diff-tree', '--stdin', '-r', ...format, ...options]
  const { stdout } = await runGit(fork, args, { input: `${commits.join('\n')}\n` })
  const texts = fromBytes(stdout).split(seam).slice(1)
  // What is no commit is not shown.
  const lacking = commits.find((sha, at) => !texts[at]?.startsWith(`${sha}\0`))
  if (lacking !== undefined)
    throw new UserError(`the repository of the queue lacks the commit ${lacking}`, HOW_TO_GET_OBJECTS)
  return texts.map((text) => {
    const fields = text.split('\0', FIELDS.length - 1)
    const end = fields.reduce((sum, field) => sum + field.length + 1, 0)
    return { fields, diff: text.slice(end).replace(/^\n+/, '') }
  })
}

async function readFile(fork: GitContext, commit: string, path: string): Promise<Uint8Array | null> {
  const { code, stdout } = await runGit(fork, ['cat-file', 'blob', `${commit}:${path}`], { accept: [0, 128] })
  return code === 0 ? stdout : null
}

function linesOf(output: Buffer): string[] {
  return output
    .toString('latin1')
    .split('\n')
    .filter((line) => line !== '')
}
