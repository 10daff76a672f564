/** Looks the commits up that patches claim to be taken from, or are called like: none is believed. */
import { runGit } from '../git/process.ts'
import type { Scratch } from '../git/scratch.ts'
import { type ClaimedCommit, lineKey, subjectKey } from '../model/audit.ts'
import { firstTags, notHeldBy, readTagHistory } from './history.ts'
import { listTags, type Tag } from './releases.ts'

/** What is asked of the upstream. */
export interface CommitWish {
  /** As they are written, maybe abbreviated. */
  names: readonly string[]
  /** Of patches that name no commit: it may have come after the target. */
  subjects: readonly string[]
}

export interface KnownCommits {
  /** By the names as they are written; a name that is of no commit, or of several, is left out. */
  named: ReadonlyMap<string, ClaimedCommit>
  /** After the target, in the main line or a release, by `subjectKey`. */
  titled: ReadonlyMap<string, readonly ClaimedCommit[]>
}

/** Between which commits they are looked for. */
interface Range {
  base: string
  target: string
}

export async function claimedCommits(scratch: Scratch, range: Range, wish: CommitWish): Promise<KnownCommits> {
  const tags = await listTags(scratch)
  const [ids, titles] = await Promise.all([
    idsOf(scratch, [...new Set(wish.names)]),
    laterTitled(scratch, { ...range, tags }, new Set(wish.subjects.map(subjectKey))),
  ])
  const shas = [...new Set([...ids.values(), ...[...titles.values()].flat()])]
  const commits = shas.length === 0 ? new Map<string, ClaimedCommit>() : await lookUp(scratch, { ...range, tags }, shas)
  const of = (sha: string) => commits.get(sha) ?? []
  return {
    named: new Map([...ids].flatMap(([name, sha]) => [of(sha)].flat().map((commit) => [name, commit] as const))),
    titled: new Map([...titles].map(([title, found]) => [title, found.flatMap(of)])),
  }
}

async function lookUp(
  scratch: Scratch,
  { base, target, tags }: Range & { tags: readonly Tag[] },
  shas: readonly string[],
): Promise<Map<string, ClaimedCommit>> {
  const afterBase = new Set(await notHeldBy(scratch, base, shas))
  const afterTarget = await notHeldBy(scratch, target, shas)
  const isBeyond = new Set(afterTarget)
  const isSide = new Set(await inNoRelease(scratch, tags, afterTarget))
  const releases = await laterReleases(scratch, target, { tags, shas: new Set(afterTarget) })
  const texts = await textsOf(scratch, shas)
  const placeOf = (sha: string) => {
    if (!afterBase.has(sha)) return 'base'
    if (!isBeyond.has(sha)) return 'target'
    return isSide.has(sha) ? 'side' : 'later'
  }
  return new Map(
    shas.map((sha) => {
      const { subject, lines } = texts.get(sha) ?? { subject: '', lines: null }
      return [sha, { sha, subject, place: placeOf(sha), firstTag: releases.get(sha) ?? null, lines }]
    }),
  )
}

/** In which tag after the target each of some commits is first. */
async function laterReleases(
  scratch: Scratch,
  target: string,
  { tags, shas }: { tags: readonly Tag[]; shas: ReadonlySet<string> },
): Promise<Map<string, string>> {
  if (shas.size === 0) return new Map()
  const range = { base: target, target, tags, looksBefore: false, detail: scratch.detail }
  return firstTags(scratch, range, await readTagHistory(scratch, range), shas)
}

/** A subject of fewer letters is no name: "fix", "typo". */
const TELLING = 12

/** What the main line and the releases have after the target, of some subjects. */
async function laterTitled(
  scratch: Scratch,
  { target, tags }: { target: string; tags: readonly Tag[] },
  wanted: ReadonlySet<string>,
): Promise<Map<string, string[]>> {
  const telling = new Set([...wanted].filter(({ length }) => length >= TELLING))
  const found = new Map<string, string[]>()
  if (telling.size === 0 || scratch.detail === 'releases') return found
  const input = `${[...endsOf(scratch, tags), `^${target}`].join('\n')}\n`
  const args = ['log', '--encoding=UTF-8', '--format=%H %s', '--no-merges', '--stdin']
  const { stdout } = await runGit(scratch, args, { input })
  for (const line of stdout.toString('utf8').split('\n')) {
    const space = line.indexOf(' ')
    const title = subjectKey(line.slice(space + 1))
    if (telling.has(title)) found.set(title, [...(found.get(title) ?? []), line.slice(0, space)])
  }
  return found
}

/** Where the main line and the releases end. */
function endsOf({ head }: Scratch, tags: readonly Tag[]): string[] {
  return [...new Set([...tags.map(({ commit }) => commit), ...(head === null ? [] : [head])])]
}

async function idsOf(scratch: Scratch, names: readonly string[]): Promise<Map<string, string>> {
  if (names.length === 0) return new Map()
  const input = names.map((name) => `${name}^{commit}\n`).join('')
  const { stdout } = await runGit(scratch, ['cat-file', '--batch-check'], { input })
  // One line for each name, in their order (git-cat-file(1)); that of an unknown one ends in "missing".
  const answers = stdout.toString('latin1').split('\n')
  const found = names.map((name, at) => [name, /^([0-9a-f]{40,64}) commit /.exec(answers[at] ?? '')?.[1]] as const)
  return new Map(found.flatMap(([name, sha]) => (sha === undefined ? [] : [[name, sha]])))
}

/** Those that neither the main line nor any tag holds. */
async function inNoRelease(scratch: Scratch, tags: readonly Tag[], shas: readonly string[]): Promise<string[]> {
  if (shas.length === 0) return []
  const input = [...endsOf(scratch, tags).map((commit) => `^${commit}`), ...shas].join('\n')
  const { stdout } = await runGit(scratch, ['rev-list', '--stdin'], { input: `${input}\n` })
  const beyond = new Set(stdout.toString('latin1').split('\n'))
  return shas.filter((sha) => beyond.has(sha))
}

interface CommitText {
  subject: string
  lines: string[] | null
}

/** What ends the subject that --format prints in front of a commit's diff. */
const BEHIND_SUBJECT = '\0'

/** Subject and changed lines of each commit, by one process: git-diff-tree(1), --stdin. */
async function textsOf(scratch: Scratch, shas: readonly string[]): Promise<Map<string, CommitText>> {
  const found = new Map<string, CommitText>()
  const options = ['-r', '-p', '-M', '--root', '--no-ext-diff', '--no-textconv', '--format=%H %s%x00']
  const { stdout } = await runGit(scratch, ['diff-tree', '--stdin', ...options], { input: `${shas.join('\n')}\n` })
  let lines: string[] = []
  let isInHunk = false
  for (const line of stdout.toString('latin1').split('\n')) {
    const [, sha, subject] = line.endsWith(BEHIND_SUBJECT) ? (/^([0-9a-f]{40,64}) (.*)\0$/.exec(line) ?? []) : []
    if (sha !== undefined && subject !== undefined) {
      lines = []
      found.set(sha, { subject: Buffer.from(subject, 'latin1').toString('utf8'), lines })
      isInHunk = false
    } else if (line.startsWith('diff --git ')) isInHunk = false
    else if (line.startsWith('@@ ')) isInHunk = true
    else if (isInHunk && (line[0] === '+' || line[0] === '-')) {
      const key = lineKey(line[0], line.slice(1))
      if (key !== '') lines.push(key)
    }
  }
  for (const text of found.values()) if (text.lines?.length === 0) text.lines = null
  return found
}
