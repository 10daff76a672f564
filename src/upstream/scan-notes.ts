/** Reads what the messages of all of an upstream's commits say, in one walk over its history. */
import { createHash } from 'node:crypto'
import { collect, exitOf, failure, runGit, Silence, startGit } from '../git/process.ts'
import type { Scratch } from '../git/scratch.ts'
import { fromBytes, toText } from '../model/bytes.ts'
import { toTime } from '../model/history.ts'
import type { NotedCommit } from '../model/upstream-notes.ts'
import { notesOf } from '../patch/notes/notes.ts'
import { parseCommit } from './messages.ts'

/** Six fields, each ended by a NUL: no message holds one. */
const FORMAT = '%H%x00%P%x00%ct%x00%an <%ae>%x00%B%x00%at%x00'
const FIELDS = 6

/** What a forge keeps of requests is nobody's branch. */
const REQUESTS = /^refs\/remotes\/[^/]+\/(?:pull|pr|merge-requests|changes)\//

/** The branches and tags of an upstream: what is reachable from them is upstream. */
export interface UpstreamRefs {
  /** Branch names to commits; of a clone those of its remote. */
  branches: Map<string, string>
  /** Every branch, every tag and HEAD, each id once. */
  tips: string[]
}

export async function readRefs(scratch: Scratch): Promise<UpstreamRefs> {
  const format = '--format=%(refname)%00%(objecttype)%00%(objectname)%00%(*objecttype)%00%(*objectname)'
  const { stdout } = await runGit(scratch, ['for-each-ref', format, 'refs/heads', 'refs/remotes', 'refs/tags'])
  const branches = new Map<string, string>()
  const tips = new Set(scratch.head === null ? [] : [scratch.head])
  for (const line of stdout.toString('utf8').split('\n')) {
    const [name = '', type, id = '', peeledType, peeled = ''] = line.split('\0')
    const commit = type === 'commit' ? id : peeledType === 'commit' ? peeled : null
    if (commit === null || REQUESTS.test(name)) continue
    tips.add(commit)
    const branch = /^refs\/(?:heads|remotes\/[^/]+)\/(.+)$/.exec(name)?.[1]
    if (branch !== undefined && branch !== 'HEAD') branches.set(branch, commit)
  }
  return { branches, tips: [...tips] }
}

/** Another one for every other set of tips. */
export function fingerprintOf(tips: readonly string[]): string {
  const all = [...tips].sort().join('\n')
  return createHash('sha256').update(all).digest('hex')
}

/** Every commit of these, each behind its children. @throws UserError where one cannot be read. */
export async function scanNotes(scratch: Scratch, tips: readonly string[]): Promise<NotedCommit[]> {
  if (tips.length === 0) return []
  const args = ['log', '--stdin', '--topo-order', `--format=${FORMAT}`, '--encoding=UTF-8']
  const child = startGit(scratch, args)
  const silence = new Silence(child, scratch)
  silence.expect()
  child.stdin.end(`${tips.join('\n')}\n`)
  const ended = Promise.all([collect(child.stderr), exitOf(child)])
  const commits: NotedCommit[] = []
  let fields: string[] = []
  let begun = ''
  for await (const piece of child.stdout) {
    const parts = (begun + fromBytes(piece as Buffer)).split('\0')
    begun = parts.pop() ?? ''
    for (const part of parts) {
      fields.push(part)
      if (fields.length < FIELDS) continue
      commits.push(toNoted(fields))
      fields = []
    }
  }
  const [stderr, code] = await ended
  if (silence.error) throw silence.error
  if (code !== 0) throw failure(['log'], { code, stdout: Buffer.alloc(0), stderr: stderr.toString('latin1') })
  return commits
}

function toNoted([
  sha = '',
  parents = '',
  time = '',
  author = '',
  message = '',
  authorTime = '',
]: string[]): NotedCommit {
  const text = toText(message)
  const commit = parseCommit([sha.trimStart(), parents, time, toText(author), text].join('\0'))
  const body = text.trimStart().split('\n').slice(1).join('\n')
  return { ...commit, authorTime: toTime(authorTime), notes: notesOf(commit.subject, body) }
}
