/** The upstream release that a queue sits on, where nobody says it. */
import { runGit } from '../git/process.ts'
import type { Scratch } from '../git/scratch.ts'
import type { Base, Release } from '../model/attempt.ts'
import { type ByteString, fromBytes, toText } from '../model/bytes.ts'
import { changesOf } from '../model/patch.ts'
import type { KnownBase, PatchQueue } from '../model/queue.ts'
import { compareVersions, toVersion } from '../model/version.ts'
import { releasesIn, type Tag } from './releases.ts'
import { resolveStated } from './stated-base.ts'

/** How many patches of the queue apply, in order, on a commit. */
export type CountApplying = (commit: string) => Promise<number>

/** So many files are enough to tell two releases apart. */
const SAMPLE = 60
/** The share of them that a release must hold to count as the base. */
const ENOUGH = 0.5
/** What comes so close to the best, as a share of it, is tried. */
const CLOSE = 0.8
const MAX_CLOSE = 5
/** So many lines of development are tried, newest first, before the search gives up. */
const MAX_SERIES = 16

/**
 * The release that a queue sits on; null where none fits. What the repository of a queue of commits
 * shows is no guess. Else first what the queue's own files say, where no less of the queue applies
 * there than on what the other ways find. Then by the blobs that the patches' `index` lines name: the
 * newest release that holds the most of them. Else by trying: the newest release on which the most
 * patches apply. Releases after the target are left out; of two that fit as well, one that the
 * target's history holds is taken.
 */
export async function findBase(
  scratch: Scratch,
  queue: PatchQueue,
  { tags, target }: { tags: readonly Tag[]; target: Release },
  count: CountApplying,
): Promise<Base | null> {
  if (queue.base && 'commit' in queue.base) return nameBase(queue.base, tags)
  const stated = queue.base && (await resolveStated(scratch, queue.base, tags))
  const applying = stated ? await count(stated.commit) : 0
  if (stated && applying === queue.patches.length) return stated
  const releases = await releasesBefore(scratch, tags, target)
  const found = await guessed(scratch, queue, releases, count)
  if (!stated || !found) return stated ?? found
  return (await count(found.commit)) > applying ? found : stated
}

/** A commit is called by its tag, where it has one. */
function nameBase({ commit, found }: KnownBase, tags: readonly Tag[]): Base {
  return { ref: tags.find((tag) => tag.commit === commit)?.name ?? commit, commit, found }
}

async function guessed(
  scratch: Scratch,
  queue: PatchQueue,
  releases: readonly Tag[],
  count: CountApplying,
): Promise<Base | null> {
  return (await byBlobs(scratch, queue, releases, count)) ?? (await bySearch(queue, releases, count))
}

/**
 * The releases that may be the base, those first that the target's history holds, and of each kind
 * the newest. What comes after what is told by the history; for a release beside the target's
 * history by its number.
 */
async function releasesBefore(scratch: Scratch, tags: readonly Tag[], target: Release): Promise<Tag[]> {
  const [held, holding] = await Promise.all([
    tagsThat(scratch, '--merged', target.commit),
    tagsThat(scratch, '--contains', target.commit),
  ])
  const version = toVersion(target.ref)
  const isNoLater = (tag: Tag) => !version || !tag.version || compareVersions(tag.version, version) <= 0
  const newestFirst = releasesIn(tags).reverse()
  const beside = newestFirst.filter((tag) => !held.has(tag.name) && !holding.has(tag.name) && isNoLater(tag))
  return [...newestFirst.filter((tag) => held.has(tag.name)), ...beside]
}

/** The names of the tags that a commit holds, or that hold it (git-for-each-ref(1)). */
async function tagsThat(scratch: Scratch, how: '--merged' | '--contains', commit: string): Promise<Set<string>> {
  const { stdout } = await runGit(scratch, ['for-each-ref', '--format=%(refname:strip=2)', how, commit, 'refs/tags'])
  return new Set(toText(fromBytes(stdout)).split('\n'))
}

async function byBlobs(
  scratch: Scratch,
  queue: PatchQueue,
  releases: readonly Tag[],
  count: CountApplying,
): Promise<Base | null> {
  const blobs = firstBlobs(queue)
  if (blobs.length === 0) return null
  const names = releases.flatMap((tag) => blobs.map(({ path }) => `${tag.commit}:${path}`))
  const input = Buffer.from(`${names.join('\n')}\n`, 'latin1')
  const { stdout } = await runGit(scratch, ['cat-file', '--batch-check=%(objectname)'], { input })
  const found = stdout.toString('latin1').split('\n')
  const scored = releases.map((tag, at) => {
    const matches = blobs.filter(({ blob }, index) => found[at * blobs.length + index]?.startsWith(blob))
    return { tag, score: matches.length }
  })
  const most = bestOf(scored)
  if (!most || most.score < blobs.length * ENOUGH) return null
  // Neighbouring releases differ in few files: between those that come close, trying decides.
  const close = scored.filter(({ score }) => score >= most.score * CLOSE).slice(0, MAX_CLOSE)
  const tags = close.map(({ tag }) => tag)
  const tried = close.length > 1 ? await scoreAll(tags, count) : close
  // Where as many patches apply on both, the blobs decide, and then which is newer.
  const best = bestOf(
    tried.map(({ tag, score }, at) => ({ tag, score: score + (close[at]?.score ?? 0) / (blobs.length + 1) })),
  )
  return best && { ref: best.tag.name, commit: best.tag.commit, found: 'blobs' }
}

/**
 * What the first patch to touch a file says of it: any later patch names a blob of the queue's own.
 */
function firstBlobs(queue: PatchQueue): { path: ByteString; blob: string }[] {
  const first = new Map<ByteString, string | null>()
  for (const patch of queue.patches) {
    for (const { oldPath, oldBlob } of changesOf(patch))
      if (oldPath !== null && !first.has(oldPath)) first.set(oldPath, oldBlob)
  }
  const named = [...first].flatMap(([path, blob]) => (blob !== null && !path.includes('\n') ? [{ path, blob }] : []))
  // Evenly over the queue, not its first files only.
  const step = Math.max(1, Math.floor(named.length / SAMPLE))
  return named.filter((_, index) => index % step === 0).slice(0, SAMPLE)
}

/**
 * One release of each line of development first (4.13, 4.14, …), then all releases of the best one.
 */
async function bySearch(queue: PatchQueue, releases: readonly Tag[], count: CountApplying): Promise<Base | null> {
  const lines = new Map<string, Tag[]>()
  for (const tag of releases) lines.set(lineOf(tag), [...(lines.get(lineOf(tag)) ?? []), tag])
  const newest = [...lines.values()].flatMap((tags) => tags[0] ?? []).slice(0, MAX_SERIES)
  const line = bestOf(await scoreAll(newest, count))
  if (!line) return null
  const within = lines.get(lineOf(line.tag)) ?? []
  const best = bestOf(await scoreAll(within, count))
  const enough = best && best.score >= queue.patches.length * ENOUGH
  return enough ? { ref: best.tag.name, commit: best.tag.commit, found: 'search' } : null
}

interface Scored {
  tag: Tag
  score: number
}

async function scoreAll(tags: readonly Tag[], count: CountApplying): Promise<Scored[]> {
  const scored: Scored[] = []
  for (const tag of tags) scored.push({ tag, score: await count(tag.commit) })
  return scored
}

/** The highest score; the first of several, which are sorted newest first. */
function bestOf(scored: readonly Scored[]): Scored | null {
  return scored.reduce<Scored | null>((best, one) => (best === null || one.score > best.score ? one : best), null)
}

/** "4.13" of 4.13.5. */
function lineOf(tag: Tag): string {
  return tag.version?.numbers.slice(0, 2).join('.') ?? ''
}
