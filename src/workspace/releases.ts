/** Upstreams that are known by their tarballs: kept as repositories of ours in the cache. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { UserError } from '../errors.ts'
import { gitEnvironment } from '../git/environment.ts'
import { NOBODY, writeCommit } from '../git/object-writer.ts'
import type { GitSetting } from '../git/plain.ts'
import { type GitContext, runGit } from '../git/process.ts'
import type { JobContext } from '../model/job.ts'
import type { GivenTarball } from '../model/tarball.ts'
import { compareReleases } from '../model/version.ts'
import { chooseProject, componentOf, isVersion, readTarballName, tagOfRelease } from '../upstream/tarball-names.ts'
import { digestOf, importedRelease, importRelease, type Tarball } from '../upstream/tarballs.ts'
import { claimPath, sweep } from './claim.ts'
import { makePrivate } from './private.ts'

/** One release: all its tarballs, the main one first. */
interface Release {
  tag: string
  tarballs: DigestedTarball[]
}

interface DigestedTarball extends Tarball {
  digest: string
}

/** Whether a repository is one of ours that knows releases only. */
export function isOfReleases(repository: string, context: JobContext): boolean {
  return dirname(resolve(repository)) === releasesOf(context)
}

/**
 * The repository of some tarballs, with a commit and a tag for each release, in the order of their
 * versions. What was written once is found by the SHA-256 of the tarballs.
 */
export async function repositoryOfReleases(
  given: readonly GivenTarball[],
  setting: GitSetting,
  context: JobContext,
): Promise<string> {
  const releases = await collectReleases(given, context)
  const directory = releasesOf(context)
  makePrivate(directory)
  sweep(directory)
  const repositories: string[] = []
  for (const { tag, tarballs } of releases) {
    const repository = join(directory, `${hashOf(tarballs.map(toldOf))}.git`)
    repositories.push(repository)
    if (existsSync(repository)) continue
    context.progress(`reading release ${tag}`)
    await makeWhole(repository, setting, context, (own) => importRelease(own, tarballs, setting))
  }
  // Where the releases are is written in it.
  const told = releases.map(({ tag, tarballs }) => [tag, tarballs.map(toldOf)])
  const set = join(directory, `${hashOf([directory, told])}.git`)
  if (!existsSync(set))
    await makeWhole(set, setting, context, (own) => chainReleases(own, { releases, repositories }, setting))
  return set
}

/** The tarballs of a directory that is no repository; null where there are none. */
export function tarballsIn(path: string, context: JobContext): GivenTarball[] | null {
  const directory = resolve(context.cwd, path)
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return null
  const names = readdirSync(directory).sort()
  if (names.includes('.git') || (names.includes('HEAD') && names.includes('objects'))) return null
  const isFile = (name: string) => statSync(join(directory, name), { throwIfNoEntry: false })?.isFile()
  const tarballs = names.flatMap((name) => (isFile(name) ? (readTarballName(name) ?? []) : []))
  const { own, others } = chooseProject(tarballs)
  if (own.length === 0) return null
  if (others.length > 0)
    context.warn(`passed over in ${path}, another project's: ${others.map(({ name }) => name).join(', ')}`)
  return own.map(({ name, version }) => ({ version, file: join(directory, name) }))
}

/** The releases that tarballs make, in the order of their versions. */
async function collectReleases(given: readonly GivenTarball[], { cwd }: JobContext): Promise<Release[]> {
  const isThere = ({ file }: GivenTarball) => statSync(resolve(cwd, file), { throwIfNoEntry: false })?.isFile() ?? false
  const releases = new Map<string, DigestedTarball[]>()
  for (const one of given) {
    const { version, file, sha256 } = one
    if (!isVersion(version)) throw new UserError(`"${version}" is no version of ${file}`, 'such as 4.17.5')
    if (!isThere(one)) {
      const there = given.filter(isThere).map((other) => other.version)
      throw new UserError(
        `the tarball of ${version} is not there: ${file}`,
        there.length > 0 ? `these are: ${there.join(', ')}` : 'none of those that are named is',
      )
    }
    const path = resolve(cwd, file)
    const digest = await digestOf(path)
    if (sha256 !== undefined && digest !== sha256)
      throw new UserError(`${path} is not what was packed: its SHA-256 is another`, 'get it and its .dsc anew')
    const tarball = { file: path, component: componentOf(basename(path)), digest }
    const tag = tagOfRelease(version)
    releases.set(tag, withTarball(releases.get(tag) ?? [], tarball, version))
  }
  const sorted = [...releases].sort(([one], [other]) => compareReleases(one, other))
  return sorted.map(([tag, tarballs]) => ({ tag, tarballs: inOrder(tag, tarballs) }))
}

function withTarball(known: DigestedTarball[], tarball: DigestedTarball, version: string): DigestedTarball[] {
  const same = known.find(({ component }) => component === tarball.component)
  if (!same) return [...known, tarball]
  if (same.digest === tarball.digest) return known
  throw new UserError(
    `release ${version} is named twice, with other content: ${same.file} and ${tarball.file}`,
    'one version has one content: leave one of them out, or give it another version',
  )
}

/** Components come after what they are put into. */
function inOrder(tag: string, tarballs: readonly DigestedTarball[]): DigestedTarball[] {
  const key = ({ component }: DigestedTarball) => component ?? ''
  const sorted = [...tarballs].sort((one, other) => (key(one) < key(other) ? -1 : 1))
  if (sorted[0]?.component === null) return sorted
  throw new UserError(
    `of release ${tag} there is only a component: ${sorted[0]?.file}`,
    'name its main tarball with the same version, too',
  )
}

/** Makes a repository elsewhere first: whoever sees it under its name sees all of it. */
async function makeWhole(
  repository: string,
  setting: GitSetting,
  context: JobContext,
  fill: (own: GitContext) => Promise<void>,
): Promise<void> {
  const claim = claimPath(dirname(repository), context)
  const home = join(claim.path, 'home')
  mkdirSync(home, { recursive: true })
  const env = gitEnvironment(home, setting.path)
  const own = { cwd: claim.path, env, processes: setting.processes }
  try {
    await runGit(own, ['init', '--quiet', '--bare', '--template=', claim.path])
    await fill({ ...own, env: { ...env, GIT_DIR: claim.path } })
    renameSync(claim.path, repository)
  } catch (error) {
    // Another process may have been faster: then what is there is the same.
    if (!existsSync(repository)) throw error
  } finally {
    rmSync(claim.path, { recursive: true, force: true })
    claim.release()
  }
}

/** Writes a commit and a tag for each release, on the contents of their own repositories. */
async function chainReleases(
  own: GitContext,
  { releases, repositories }: { releases: readonly Release[]; repositories: readonly string[] },
  setting: GitSetting,
): Promise<void> {
  const objects = join(own.cwd, 'objects')
  const refs: string[] = []
  let parent: string | null = null
  for (const [at, { tag, tarballs }] of releases.entries()) {
    const repository = repositories[at] ?? ''
    const context = { cwd: repository, env: { ...own.env, GIT_DIR: repository }, processes: setting.processes }
    const { tree, time } = await importedRelease(context)
    const committer = NOBODY.replace(/\d+ \+0000$/, `${time} +0000`)
    const files = tarballs.map(({ file, digest }) => `${digest}  ${basename(file)}\n`)
    const message = Buffer.from(`release ${tag}\n\n${files.join('')}`).toString('latin1')
    parent = writeCommit(objects, { tree, parent, author: committer, committer, message })
    refs.push(`${parent} refs/tags/${tag}`)
  }
  mkdirSync(join(objects, 'info'), { recursive: true })
  writeFileSync(join(objects, 'info', 'alternates'), repositories.map((one) => `${join(one, 'objects')}\n`).join(''))
  const all = [...refs, `${parent} refs/heads/releases`].sort((one, other) =>
    one.slice(41) < other.slice(41) ? -1 : 1,
  )
  writeFileSync(join(own.cwd, 'packed-refs'), `# pack-refs with: peeled fully-peeled sorted \n${all.join('\n')}\n`)
  writeFileSync(join(own.cwd, 'HEAD'), 'ref: refs/heads/releases\n')
}

/** What makes a tarball what it is, wherever it lies. */
function toldOf({ component, digest }: DigestedTarball): unknown {
  return [component, digest]
}

function hashOf(told: unknown): string {
  return createHash('sha256').update(JSON.stringify(told)).digest('hex').slice(0, 32)
}

function releasesOf({ cache }: JobContext): string {
  return join(resolve(cache), 'releases')
}
