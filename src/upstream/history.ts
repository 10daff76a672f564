/** Which upstream commits there are: between two releases, by name, and in which release each first appears. */
import { runGit } from '../git/process.ts'
import type { Scratch } from '../git/scratch.ts'
import type { Tag } from './releases.ts'

/** Every commit in the target's ancestry that is not in the base's, oldest first. `base` null: all of the target's ancestry. */
export async function listCommits(scratch: Scratch, base: string | null, target: string): Promise<string[]> {
  const range = base === null ? [target] : [target, `^${base}`]
  const { stdout } = await runGit(scratch, ['rev-list', '--reverse', '--topo-order', ...range, '--'])
  return stdout
    .toString('latin1')
    .split('\n')
    .filter((sha) => sha !== '')
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

/**
 * The first tag, in the order of versions, that holds each of the wanted commits. `tags` in that order. Tags made after the target are asked
 * only for commits that no earlier one holds: a younger tag's history is long, and seldom matters.
 */
export async function firstTags(
  scratch: Scratch,
  base: string | null,
  tags: readonly Tag[],
  target: string,
  wanted: ReadonlySet<string>,
): Promise<Map<string, string>> {
  const versions = tags.filter((tag) => tag.version !== null)
  const { stdout } = await runGit(scratch, ['show', '--no-patch', '--format=%ct', target, '--'])
  const targetTime = Number(stdout.toString())
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
  base: string | null,
  tags: readonly Tag[],
  wanted: ReadonlySet<string>,
): Promise<Map<string, string>> {
  const first = new Map<string, string>()
  if (wanted.size === 0 || tags.length === 0) return first
  const input = [...(base === null ? [] : [`^${base}`]), ...tags.map((tag) => tag.commit)].join('\n')
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
