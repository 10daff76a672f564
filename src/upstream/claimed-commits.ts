/** Looks the commits up that patches claim to be taken from, or are called like: none is believed. */
import { runGit } from '../git/process.ts'
import type { Scratch } from '../git/scratch.ts'
import { allOf } from '../git/together.ts'
import { type ClaimedCommit, lineKey, subjectKey } from '../model/audit.ts'
import { firstTagsIn, notHeldBy, timeOf } from './history.ts'
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
  if (wish.names.length === 0 && wish.subjects.length === 0) return { named: new Map(), titled: new Map() }
  const [ids, later] = await allOf([
    idsOf(scratch, [...new Set(wish.names)]),
    laterCommits(scratch, range.target, await listTags(scratch)),
  ])
  const titles = scratch.detail === 'releases' ? new Map<string, string[]>() : titledIn(later, wish.subjects)
  const shas = [...new Set([...ids.values(), ...[...titles.values()].flat()])]
  const commits = shas.length === 0 ? new Map<string, ClaimedCommit>() : await lookUp(scratch, range, { shas, later })
  const of = (sha: string) => commits.get(sha) ?? []
  return {
    named: new Map([...ids].flatMap(([name, sha]) => [of(sha)].flat().map((commit) => [name, commit] as const))),
    titled: new Map([...titles].map(([title, found]) => [title, found.flatMap(of)])),
  }
}

async function lookUp(
  scratch: Scratch,
  { base, target }: Range,
  { shas, later }: { shas: readonly string[]; later: LaterCommits },
): Promise<Map<string, ClaimedCommit>> {
  const [texts, afterBase, afterTarget, releases] = await allOf([
    textsOf(scratch, shas),
    notHeldBy(scratch, base, shas),
    notHeldBy(scratch, target, shas),
    laterReleases(scratch, target, { later, shas }),
  ])
  const [isAfterBase, isAfterTarget] = [new Set(afterBase), new Set(afterTarget)]
  const placeOf = (sha: string) => {
    if (!isAfterBase.has(sha)) return 'base'
    if (!isAfterTarget.has(sha)) return 'target'
    return later.subjects.has(sha) ? 'later' : 'side'
  }
  return new Map(
    shas.map((sha) => {
      const { subject, lines } = texts.get(sha) ?? { subject: '', lines: null }
      return [sha, { sha, subject, place: placeOf(sha), firstTag: releases.get(sha) ?? null, lines }]
    }),
  )
}

/** What the main line and the releases have after the target, newest first. */
interface LaterCommits {
  subjects: ReadonlyMap<string, string>
  parents: ReadonlyMap<string, readonly string[]>
}

async function laterCommits(scratch: Scratch, target: string, tags: readonly Tag[]): Promise<LaterCommits> {
  const ends = new Set([...tags.map(({ commit }) => commit), ...(scratch.head === null ? [] : [scratch.head])])
  const input = `${[...ends, `^${target}`].join('\n')}\n`
  const args = ['log', '--encoding=UTF-8', '--format=%H%x00%P%x00%s', '--stdin']
  const { stdout } = await runGit(scratch, args, { input })
  const [subjects, parents] = [new Map<string, string>(), new Map<string, string[]>()]
  for (const line of stdout.toString('utf8').split('\n')) {
    const [sha = '', ancestors = '', subject = ''] = line.split('\0')
    if (sha === '') continue
    subjects.set(sha, subject)
    parents.set(sha, ancestors.split(' ').filter(Boolean))
  }
  return { subjects, parents }
}

/** In which tag each of some commits after the target is first, those no younger than it before others. */
async function laterReleases(
  scratch: Scratch,
  target: string,
  { later, shas }: { later: LaterCommits; shas: readonly string[] },
): Promise<Map<string, string>> {
  const wanted = new Set(shas.filter((sha) => later.subjects.has(sha)))
  if (wanted.size === 0) return new Map()
  const targetTime = await timeOf(scratch, target)
  const releases = (await listTags(scratch)).filter(({ version }) => version !== null)
  const older = releases.filter(({ time }) => time <= targetTime)
  const younger = releases.filter(({ time }) => time > targetTime)
  return firstTagsIn({ tags: [...older, ...younger], parents: later.parents }, wanted)
}

/** A subject of fewer letters is no name: "fix", "typo". */
const TELLING = 12

/** Those with one of some subjects, merges left out, by `subjectKey`. */
function titledIn({ subjects, parents }: LaterCommits, sought: readonly string[]): Map<string, string[]> {
  const wanted = new Set(sought.map(subjectKey).filter(({ length }) => length >= TELLING))
  const found = new Map<string, string[]>()
  for (const [sha, subject] of subjects) {
    const isMerge = (parents.get(sha)?.length ?? 0) > 1
    const title = subjectKey(subject)
    if (!isMerge && wanted.has(title)) found.set(title, [...(found.get(title) ?? []), sha])
  }
  return found
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
