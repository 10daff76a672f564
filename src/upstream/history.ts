/** The upstream commits between base and target: what they say, what they are taken from, what they take back, where they first appear. */
import { collect, exitOf, runGit, startGit } from '../git/process.ts'
import type { Scratch } from '../git/scratch.ts'
import type { Commit, CommitHistory } from '../model/history.ts'
import type { Tag } from './releases.ts'

const FORMAT = '%H%x00%P%x00%ct%x00%an <%ae>%x00%B%x01'

/** Every commit in the target's ancestry that is not in the base's, oldest first. */
export async function readHistory(scratch: Scratch, base: string, target: string): Promise<CommitHistory> {
  const args = [
    'log',
    '--reverse',
    '--topo-order',
    `--format=${FORMAT}`,
    '--encoding=UTF-8',
    `${base}..${target}`,
    '--',
  ]
  const { stdout } = await runGit(scratch, args)
  const commits = stdout
    .toString('utf8')
    .split('\x01\n')
    .filter((record) => record !== '')
    .map(toCommit)
  return { commits, bySha: new Map(commits.map((commit) => [commit.sha, commit])) }
}

/** The messages of single commits, of those that exist: names may be abbreviated. */
export async function readCommits(scratch: Scratch, names: readonly string[]): Promise<Commit[]> {
  if (names.length === 0) return []
  const check = await runGit(scratch, ['cat-file', '--batch-check'], { input: `${names.join('\n')}\n` })
  const shas = check.stdout
    .toString()
    .split('\n')
    .flatMap((line) => /^([0-9a-f]+) commit /.exec(line)?.[1] ?? [])
  if (shas.length === 0) return []
  const args = ['log', '--no-walk=unsorted', '--stdin', `--format=${FORMAT}`, '--encoding=UTF-8']
  const { stdout } = await runGit(scratch, args, { input: `${shas.join('\n')}\n` })
  return stdout
    .toString('utf8')
    .split('\x01\n')
    .filter((record) => record !== '')
    .map(toCommit)
}

function toCommit(record: string): Commit {
  const [sha = '', parents = '', time = '0', author = '', message = ''] = record.split('\0')
  const lines = message.split('\n')
  return {
    sha,
    parents: parents === '' ? [] : parents.split(' '),
    subject: (lines.find((line) => line.trim() !== '') ?? '').replace(/\s+/g, ' ').trim(),
    author,
    time: Number(time),
    takenFrom: shasIn(lines, TAKEN_FROM),
    reverts: shasIn(lines, REVERTS),
  }
}

/** Trailers that name the commit a cherry-pick was made from: git's own, and the ones of stable branches. */
const TAKEN_FROM =
  /^\s*(?:\(cherry[- ]picked from commit|\[?\s*upstream commit:?|(?:master|unstable|staging) commit:?|commit(?= [0-9a-f]+ upstream)) ?([0-9a-f]{7,40})\b/i
const REVERTS = /\bThis reverts (?:commit|c\/s) ([0-9a-f]{7,40})\b/i

function shasIn(lines: string[], rule: RegExp): string[] {
  return [...new Set(lines.flatMap((line) => rule.exec(line)?.[1]?.toLowerCase() ?? []))]
}

/**
 * The first tag, in the order of versions, that holds each of the wanted commits. `tags` in that order. Tags made after `targetTime` are asked
 * only for commits that no earlier one holds: a younger tag's history is long, and seldom matters.
 */
export async function firstTags(
  scratch: Scratch,
  base: string,
  tags: readonly Tag[],
  targetTime: number,
  wanted: ReadonlySet<string>,
): Promise<Map<string, string>> {
  const versions = tags.filter((tag) => tag.version !== null)
  const first = await firstTagsAmong(
    scratch,
    base,
    versions.filter((tag) => tag.time <= targetTime),
    wanted,
  )
  const left = new Set([...wanted].filter((sha) => !first.has(sha)))
  const later = await firstTagsAmong(
    scratch,
    base,
    versions.filter((tag) => tag.time > targetTime),
    left,
  )
  return new Map([...first, ...later])
}

async function firstTagsAmong(
  scratch: Scratch,
  base: string,
  tags: readonly Tag[],
  wanted: ReadonlySet<string>,
): Promise<Map<string, string>> {
  const first = new Map<string, string>()
  if (wanted.size === 0 || tags.length === 0) return first
  const input = [`^${base}`, ...tags.map((tag) => tag.commit)].join('\n')
  const { stdout } = await runGit(scratch, ['rev-list', '--parents', '--stdin'], { input: `${input}\n` })
  const parents = new Map<string, string[]>()
  for (const line of stdout.toString('latin1').split('\n')) {
    const [sha = '', ...rest] = line.split(' ')
    parents.set(sha, rest)
  }
  const seen = new Set<string>()
  for (const tag of tags) {
    const pending = [tag.commit]
    for (let sha = pending.pop(); sha !== undefined; sha = pending.pop()) {
      const next = parents.get(sha)
      if (next === undefined || seen.has(sha)) continue
      seen.add(sha)
      if (wanted.has(sha)) first.set(sha, tag.name)
      pending.push(...next)
    }
  }
  return first
}

/**
 * `git patch-id --stable` of the given commits (git-patch-id(1)); those without a diff have none. Split over `processes` pairs of git
 * processes, because making the diffs is what takes the time.
 */
export async function patchIds(
  scratch: Scratch,
  shas: readonly string[],
  processes: number,
): Promise<Map<string, string>> {
  const size = Math.max(1, Math.ceil(shas.length / processes))
  const shares = Array.from({ length: Math.ceil(shas.length / size) }, (_, index) =>
    shas.slice(index * size, (index + 1) * size),
  )
  const ids = new Map<string, string>()
  for (const lines of await Promise.all(shares.map((share) => patchIdLines(scratch, share)))) {
    for (const line of lines) {
      const [id = '', sha = ''] = line.split(' ')
      if (sha) ids.set(sha, id)
    }
  }
  return ids
}

async function patchIdLines(scratch: Scratch, shas: readonly string[]): Promise<string[]> {
  const diffs = startGit(scratch, [
    'diff-tree',
    '--stdin',
    '-p',
    '-r',
    '--root',
    '--no-renames',
    '--no-ext-diff',
    '--no-textconv',
  ])
  diffs.stdin.end(`${shas.join('\n')}\n`)
  const ended = Promise.all([collect(diffs.stderr), exitOf(diffs)])
  const { stdout } = await runGit(scratch, ['patch-id', '--stable'], { from: diffs.stdout })
  const [stderr, code] = await ended
  if (code !== 0) throw new Error(`git diff-tree ended with ${code}: ${stderr.toString().slice(0, 300)}`)
  return stdout.toString('latin1').split('\n')
}
