/** The upstream's tags, the releases among them, and their order. */
import { createHash } from 'node:crypto'
import { UserError } from '../errors.ts'
import { runGit } from '../git/process.ts'
import type { Scratch } from '../git/scratch.ts'
import { fitsGlob } from '../model/glob.ts'
import { compareVersions, toVersion, type Version } from '../model/version.ts'

export interface Tag {
  name: string
  commit: string
  /** When that commit was made, seconds since 1970. */
  time: number
  /** Null where the name is no version: "latest-stable". */
  version: Version | null
}

/** A short text for some tags: another one where any of them is another, or moved. */
export function fingerprintOf(tags: readonly Tag[]): string {
  const told = tags.map(({ name, commit, time }) => [name, commit, time])
  return createHash('sha256').update(JSON.stringify(told)).digest('hex')
}

/** Every tag that names a commit, releases in the order of their versions first. */
export function listTags(scratch: Scratch): Promise<readonly Tag[]> {
  return scratch.answers.once('tags', () => readTags(scratch))
}

async function readTags(scratch: Scratch): Promise<Tag[]> {
  const format =
    '%(refname:strip=2)%00%(objecttype)%00%(objectname)%00%(committerdate:unix)%00%(*objecttype)%00%(*objectname)%00%(*committerdate:unix)'
  const { stdout } = await runGit(scratch, ['for-each-ref', `--format=${format}`, 'refs/tags'])
  const tags: Tag[] = []
  const nested: string[] = []
  for (const line of stdout.toString('utf8').split('\n')) {
    const [name = '', type, id = '', time, peeledType, peeled = '', peeledTime] = line.split('\0')
    if (type === 'commit') tags.push({ name, commit: id, time: Number(time), version: toVersion(name) })
    else if (peeledType === 'commit')
      tags.push({ name, commit: peeled, time: Number(peeledTime), version: toVersion(name) })
    else if (peeledType === 'tag') nested.push(name)
  }
  for (const name of nested) tags.push(...(await peel(scratch, name)))
  return tags.sort((left, right) => compareTags(left, right))
}

/**
 * A tag of a tag: for-each-ref looks through one only. None where it names no commit in the end.
 */
async function peel(scratch: Scratch, name: string): Promise<Tag[]> {
  const ref = `refs/tags/${name}^{commit}`
  const { code, stdout } = await runGit(scratch, ['show', '--no-patch', '--format=%H %ct', ref, '--'], {
    accept: [0, 128],
  })
  const [commit = '', time] = stdout.toString('latin1').trim().split(' ')
  return code === 0 ? [{ name, commit, time: Number(time), version: toVersion(name) }] : []
}

/** Final releases, oldest first. */
export function releasesIn(tags: readonly Tag[]): Tag[] {
  return tags.filter((tag) => tag.version !== null && tag.version.candidate === null)
}

/** The tags that a glob names, releases in the order of their versions. */
export function tagsMatching(tags: readonly Tag[], glob: string): Tag[] {
  return tags.filter(({ name }) => fitsGlob(name, glob))
}

/**
 * The releases that `--onto` names, tags in the order of their versions, then the others as given.
 * @throws UserError where one fits none.
 */
export function expandTargets(tags: readonly Tag[], onto: readonly string[]): string[] {
  const named = onto.flatMap((one) => {
    if (!/[*?[]/.test(one)) return [one]
    const found = tagsMatching(tags, one).map(({ name }) => name)
    if (found.length > 0) return found
    throw new UserError(`no tag of the upstream fits "${one}"`, '"git tag" there lists them all')
  })
  const order = new Map(tags.map(({ name }, at) => [name, at]))
  const placeOf = (name: string) => order.get(name) ?? tags.length
  return [...new Set(named)].sort((one, other) => placeOf(one) - placeOf(other))
}

/**
 * Tags, of which the one named counts as a release whatever it is called: the last of them, if its
 * name is no version.
 */
export function withRelease(tags: readonly Tag[], name: string): Tag[] {
  return tags.map((tag) =>
    tag.name === name && tag.version === null
      ? { ...tag, version: { numbers: [Number.MAX_VALUE], candidate: null } }
      : tag,
  )
}

function compareTags(left: Tag, right: Tag): number {
  if (left.version && right.version)
    return compareVersions(left.version, right.version) || (left.name < right.name ? -1 : 1)
  if (left.version) return -1
  if (right.version) return 1
  return left.name < right.name ? -1 : 1
}
