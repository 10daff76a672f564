/**
 * Which upstream commits there are: between two releases, by name, and in which release each first
 * appears.
 */
import { runGit } from '../git/process.ts'
import type { Scratch } from '../git/scratch.ts'
import type { UpstreamDetail } from '../model/detail.ts'
import type { Tag } from './releases.ts'

/**
 * Every commit in the target's ancestry that is not in the base's, oldest first. `base` null: all
 * of the target's ancestry.
 */
export async function listCommits(scratch: Scratch, base: string | null, target: string): Promise<string[]> {
  const range = base === null ? [target] : [target, `^${base}`]
  const { stdout } = await runGit(scratch, ['rev-list', '--reverse', '--topo-order', ...range, '--'])
  return stdout
    .toString('latin1')
    .split('\n')
    .filter((sha) => sha !== '')
}

/** Those of the commits that the target's history does not hold. */
export async function notHeldBy(scratch: Scratch, target: string, shas: readonly string[]): Promise<string[]> {
  const input = [`^${target}`, ...shas].join('\n')
  const { stdout } = await runGit(scratch, ['rev-list', '--stdin'], { input: `${input}\n` })
  const beyond = new Set(stdout.toString('latin1').split('\n'))
  return shas.filter((sha) => beyond.has(sha))
}

/** The commits in a commit's ancestry that have one of the wanted subjects, newest first. */
export async function commitsTitled(
  scratch: Scratch,
  commit: string,
  wanted: ReadonlySet<string>,
): Promise<Map<string, string[]>> {
  const { stdout } = await runGit(scratch, ['log', '--encoding=UTF-8', '--format=%H %s', commit, '--'])
  const found = new Map<string, string[]>()
  for (const line of stdout.toString('utf8').split('\n')) {
    const space = line.indexOf(' ')
    const subject = line.slice(space + 1)
    if (wanted.has(subject)) found.set(subject, [...(found.get(subject) ?? []), line.slice(0, space)])
  }
  return found
}

/**
 * Whether the target's history holds a commit; not where there is no such commit
 * (git-merge-base(1)).
 */
export function isAncestor(scratch: Scratch, commit: string, target: string): Promise<boolean> {
  return scratch.answers.once(`ancestor ${commit} ${target}`, async () => {
    const { code } = await runGit(scratch, ['merge-base', '--is-ancestor', commit, target], { accept: [0, 1, 128] })
    return code === 0
  })
}

/** The ids of the commits among these names, which may be abbreviated or of nothing. */
export async function resolveCommits(scratch: Scratch, names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return []
  const { stdout } = await runGit(scratch, ['cat-file', '--batch-check'], { input: `${names.join('\n')}\n` })
  return stdout
    .toString('latin1')
    .split('\n')
    .flatMap((line) => /^([0-9a-f]+) commit /.exec(line)?.[1] ?? [])
}

export interface UpstreamRange {
  /** Null: all of the target's ancestry. */
  base: string | null
  target: string
  /** In the order of their versions. */
  tags: readonly Tag[]
  /** Whether what landed before the base counts, too. */
  looksBefore: boolean
  detail: UpstreamDetail
}

/**
 * Tags in the order of their versions, and the parents of every commit that they hold and the base
 * does not.
 */
export interface TagHistory {
  tags: readonly Tag[]
  parents: ReadonlyMap<string, readonly string[]>
  /** When the target was made, seconds since 1970. */
  targetTime: number
}

/** When a commit was made, seconds since 1970. */
export async function timeOf(scratch: Scratch, commit: string): Promise<number> {
  const { stdout } = await runGit(scratch, ['show', '--no-patch', '--format=%ct', commit, '--'])
  return Number(stdout.toString())
}

/** The history of the tags that are no younger than the target. */
export async function readTagHistory(scratch: Scratch, { base, target, tags }: UpstreamRange): Promise<TagHistory> {
  const targetTime = await timeOf(scratch, target)
  const earlier = tags.filter((tag) => tag.version !== null && tag.time <= targetTime)
  return { tags: earlier, parents: await readParents(scratch, base, earlier), targetTime }
}

/**
 * The first tag, in the order of versions, that holds each of the wanted commits. Tags made after
 * the target are asked only for commits that no earlier one holds: a younger tag's history is long,
 * and seldom matters.
 */
export async function firstTags(
  scratch: Scratch,
  { base, tags }: UpstreamRange,
  history: TagHistory,
  wanted: ReadonlySet<string>,
): Promise<Map<string, string>> {
  const first = firstTagsIn(history, wanted)
  const left = new Set([...wanted].filter((sha) => !first.has(sha)))
  if (left.size === 0) return first
  const later = tags.filter((tag) => tag.version !== null && tag.time > history.targetTime)
  const parents = await readParents(scratch, base, later)
  const younger = firstTagsIn({ tags: later, parents }, left)
  const older = new Set([...left].filter((sha) => !younger.has(sha)))
  return new Map([...first, ...younger, ...(await firstTagsBefore(scratch, base, tags, older))])
}

/**
 * The same for commits of the base's own history, which the others leave out: it is long, and
 * seldom asked for.
 */
async function firstTagsBefore(
  scratch: Scratch,
  base: string | null,
  tags: readonly Tag[],
  wanted: ReadonlySet<string>,
): Promise<Map<string, string>> {
  const held: string[] = []
  if (base !== null) for (const sha of wanted) if (await isAncestor(scratch, sha, base)) held.push(sha)
  if (held.length === 0) return new Map()
  const versions = tags.filter(({ version }) => version !== null)
  const parents = await readParents(scratch, null, versions)
  return firstTagsIn({ tags: versions, parents }, new Set(held))
}

async function readParents(
  scratch: Scratch,
  base: string | null,
  tags: readonly Tag[],
): Promise<Map<string, readonly string[]>> {
  const parents = new Map<string, string[]>()
  if (tags.length === 0) return parents
  const input = [...(base === null ? [] : [`^${base}`]), ...tags.map((tag) => tag.commit)].join('\n')
  const { stdout } = await runGit(scratch, ['rev-list', '--parents', '--stdin'], { input: `${input}\n` })
  for (const line of stdout.toString('latin1').split('\n')) {
    const [sha = '', ...rest] = line.split(' ')
    parents.set(sha, rest)
  }
  return parents
}

/** The same for the commits that the history holds. */
export function firstTagsIn(
  { tags, parents }: Pick<TagHistory, 'tags' | 'parents'>,
  wanted: ReadonlySet<string>,
): Map<string, string> {
  const first = new Map<string, string>()
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
