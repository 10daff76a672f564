/** Looks for the upstream of a queue: what a person has of it near the queue. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { UserError } from '../../errors.ts'
import { runGit } from '../../git/process.ts'
import type { Scratch } from '../../git/scratch.ts'
import type { FoundUpstream } from '../../model/init.ts'
import type { JobContext } from '../../model/job.ts'
import { changesOf } from '../../model/patch.ts'
import type { PatchQueue } from '../../model/queue.ts'
import { tarballsIn } from '../../workspace/releases.ts'
import { withScratch } from '../../workspace/scratch.ts'

/** So many files are enough to tell projects apart. */
const SAMPLE = 60
/** The share of them that a clone must hold: upstream moves files, and its HEAD may be years ahead. */
const ENOUGH = 0.4
/** So many repositories are looked into. */
const MOST_CLONES = 60

/** A repository, and how many of the queue's files it holds. */
interface Clone {
  path: string
  held: number
  asked: number
}

/**
 * The best first: of clones those that hold the most of the files that the queue changes. `top`: the
 * repository that the queue is in, or its directory.
 */
export async function seekUpstream(
  queue: PatchQueue,
  top: string,
  context: JobContext,
): Promise<{ upstream: FoundUpstream | null; others: string[] }> {
  if (queue.source.includes('#') && existsSync(join(top, '.git')))
    return { upstream: { name: top, how: { kind: 'own' } }, others: [] }
  const clones = await clonesWith(filesOf(queue), top, context)
  const [best, ...rest] = clones.sort((one, other) => other.held - one.held)
  const others = rest.filter(({ held }) => held === best?.held).map(({ path }) => path)
  if (best) {
    const { path: name, held, asked } = best
    return { upstream: { name, how: name === top ? { kind: 'own' } : { kind: 'clone', held, asked } }, others }
  }
  return { upstream: tarballsBeside(top, context) ?? addressOf(queue), others: [] }
}

/** Files that the queue changes, evenly over it: those that it makes itself are in no upstream. */
function filesOf({ patches }: PatchQueue): string[] {
  const made = new Set<string>()
  const found = new Set<string>()
  for (const { oldPath, newPath } of patches.flatMap(changesOf)) {
    if (oldPath === null && newPath !== null) made.add(newPath)
    if (oldPath !== null && !made.has(oldPath) && !oldPath.includes('\n')) found.add(oldPath)
  }
  const step = Math.max(1, Math.floor(found.size / SAMPLE))
  return [...found].filter((_, at) => at % step === 0).slice(0, SAMPLE)
}

async function clonesWith(files: readonly string[], top: string, context: JobContext): Promise<Clone[]> {
  if (files.length === 0) return []
  const found: Clone[] = []
  const candidates = repositoriesNear(top)
  for (const [at, path] of candidates.entries()) {
    context.progress('looking for the upstream', at + 1, candidates.length)
    const held = await heldIn(path, files, context)
    if (held >= files.length * ENOUGH) found.push({ path, held, asked: files.length })
  }
  return found
}

/** In the directory of the queue's repository, beside it, and that repository itself. */
function repositoriesNear(top: string): string[] {
  const near = [top, ...directoriesIn(top), ...directoriesIn(dirname(top))]
  return [...new Set(near)].filter(isRepository).slice(0, MOST_CLONES)
}

function directoriesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
      .sort()
      .map((name) => join(directory, name))
      .filter((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory())
  } catch {
    return []
  }
}

function isRepository(directory: string): boolean {
  return (
    existsSync(join(directory, '.git')) ||
    ['HEAD', 'objects', 'refs'].every((name) => existsSync(join(directory, name)))
  )
}

/** How many of some files HEAD's commit has; none where it is no repository that can be read. */
async function heldIn(path: string, files: readonly string[], context: JobContext): Promise<number> {
  try {
    return await withScratch({ upstream: path }, { ...context, warn: () => {} }, (scratch) => countHeld(scratch, files))
  } catch (error) {
    if (error instanceof UserError) return 0
    throw error
  }
}

async function countHeld(scratch: Scratch, files: readonly string[]): Promise<number> {
  if (scratch.head === null) return 0
  const input = Buffer.from(files.map((file) => `${scratch.head}:${file}\n`).join(''), 'latin1')
  const { stdout } = await runGit(scratch, ['cat-file', '--batch-check=%(objecttype)'], { input })
  return stdout
    .toString('latin1')
    .split('\n')
    .filter((line) => line === 'blob').length
}

/** Tarballs of two releases at least: a queue is carried from one to another. */
function tarballsBeside(top: string, context: JobContext): FoundUpstream | null {
  for (const directory of [top, dirname(top)]) {
    const versions = new Set(tarballsOf(directory, context).map(({ version }) => version))
    if (versions.size > 1) return { name: resolve(directory), how: { kind: 'tarballs', releases: versions.size } }
  }
  return null
}

/** None where two projects lie side by side: somebody has to say which is meant. */
function tarballsOf(directory: string, context: JobContext): readonly { version: string }[] {
  try {
    return tarballsIn(directory, { ...context, warn: () => {} }) ?? []
  } catch (error) {
    if (error instanceof UserError) return []
    throw error
  }
}

function addressOf({ address }: PatchQueue): FoundUpstream | null {
  return address && { name: address.url, how: { kind: 'address', address } }
}
