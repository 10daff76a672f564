/**
 * The scratch repository: ours, thrown away after the job, with the upstream's objects borrowed.
 * The upstream repository itself is only ever asked for its refs, through git-upload-pack, which
 * reads none of its configuration that could run something (git(1), SECURITY).
 */
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readFileSync, type Stats, statSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path'
import { UserError } from '../errors.ts'
import type { UpstreamDetail } from '../model/detail.ts'
import { Answers } from './answers.ts'
import { gitEnvironment } from './environment.ts'
import type { GitSetting } from './plain.ts'
import { endedEarly, type GitContext, runGit } from './process.ts'
import { listRefs, packRefs, UNSOUND } from './refs.ts'

export interface Scratch extends GitContext {
  /**
   * Its top directory; the repository is `.git` in it, the work tree is empty unless somebody asks
   * to look.
   */
  directory: string
  /**
   * The same repository without the borrowed objects. Where git writes an object that exists
   * already, it renews the time of the file that holds it, and would do so in the upstream
   * repository (git-gc(1) on recent objects): what writes must not see that.
   */
  writing: GitContext
  /** The object directory that loose objects go to. */
  objects: string
  /** The upstream's object directory. */
  borrowed: string
  detail: UpstreamDetail
  /** The commits whose parents a shallow clone has left out (gitrepository-layout(5)). */
  cuts: ReadonlySet<string>
  /** Length of an object id in hexadecimal: 40 or 64. */
  idLength: number
  /** What the upstream's HEAD points to; null in an empty repository. */
  head: string | null
  /** The branch that HEAD names, "main"; null where it names none. */
  headBranch: string | null
  answers: Answers
  /** Another one where git, a ref or the end of a shallow clone is another one. */
  fingerprint: string
  /** What of the upstream repository would show another history than its own, and is not followed. */
  ignored: string[]
}

const OLDEST_GIT = [2, 38]

/**
 * Sets the repository up in `directory`, which is made. `upstream` is a work tree or a bare
 * repository.
 */
export async function openScratch(
  directory: string,
  upstream: string,
  setting: GitSetting,
  detail: UpstreamDetail = 'commits',
): Promise<Scratch> {
  // Inside .git nothing of a tree can be checked out over it.
  const home = join(directory, '.git', 'home')
  mkdirSync(home, { recursive: true })
  const env = gitEnvironment(home, setting.path)
  const { processes } = setting
  const context = { cwd: directory, env, processes }
  const version = await checkVersion(context)
  const source = locateUpstream(upstream)
  writeFileSync(join(home, 'gitconfig'), safeDirectory(source.directory))
  const refs = await listRefs(context, source.directory)
  const idLength = refs[0]?.id.length ?? 40
  const format = `--object-format=${idLength === 64 ? 'sha256' : 'sha1'}`
  await runGit(context, ['init', '--quiet', '--template=', format, '.'])
  const gitDirectory = join(directory, '.git')
  const objects = join(gitDirectory, 'objects')
  mkdirSync(join(objects, 'info'), { recursive: true })
  mkdirSync(join(gitDirectory, 'info'), { recursive: true })
  writeFileSync(join(gitDirectory, 'info', 'attributes'), LONG_MARKERS)
  if (source.shallow !== null) writeFileSync(join(gitDirectory, 'shallow'), source.shallow)
  writeFileSync(join(gitDirectory, 'packed-refs'), packRefs(refs))
  const own = { ...env, GIT_DIR: gitDirectory }
  return {
    ...context,
    env: { ...own, GIT_ALTERNATE_OBJECT_DIRECTORIES: quoteAlternate(source.objects) },
    writing: { ...context, env: own },
    directory,
    objects,
    borrowed: source.objects,
    detail,
    cuts: new Set((source.shallow ?? '').split('\n').filter(Boolean)),
    idLength,
    head: refs.find((ref) => ref.name === 'HEAD')?.id ?? null,
    headBranch: source.headBranch,
    answers: new Answers(),
    fingerprint: digestOf([version, detail, source.headBranch, source.shallow, refs]),
    ignored: [
      ...(source.hasGrafts ? ['grafts (info/grafts)'] : []),
      ...(refs.some(({ name }) => name.startsWith('refs/replace/')) ? ['replacements (refs/replace)'] : []),
    ],
  }
}

/**
 * Lends the scratch repository the objects of a directory of our own, of which what writes may renew
 * times. Processes that were started before do not see them.
 */
export function borrowObjects({ env, writing }: Scratch, directory: string): void {
  for (const one of [env, writing.env]) {
    const lent = one.GIT_ALTERNATE_OBJECT_DIRECTORIES
    const own = quoteAlternate(directory)
    one.GIT_ALTERNATE_OBJECT_DIRECTORIES = lent === undefined ? own : `${lent}${delimiter}${own}`
  }
}

/** The scratch repository, but what is written goes to the objects of another one of ours. */
export function writingInto(scratch: Scratch, objects: string): GitContext {
  const { GIT_ALTERNATE_OBJECT_DIRECTORIES: lent } = scratch.env
  const all = [quoteAlternate(scratch.objects), ...(lent === undefined ? [] : [lent])].join(delimiter)
  return { ...scratch, env: { ...scratch.env, GIT_OBJECT_DIRECTORY: objects, GIT_ALTERNATE_OBJECT_DIRECTORIES: all } }
}

/**
 * Lets what reads in a scratch repository see the objects of another one's upstream, too.
 *
 * @throws UserError where their objects have ids of different kinds.
 */
export function borrowFor({ env, cuts, idLength, directory, answers }: Scratch, other: Scratch): void {
  if (idLength !== other.idLength)
    throw new UserError('one repository has SHA-1 ids, the other SHA-256 ids', 'convert one of them')
  const own = quoteAlternate(other.borrowed)
  if (env.GIT_ALTERNATE_OBJECT_DIRECTORIES?.endsWith(own)) return
  answers.forget()
  env.GIT_ALTERNATE_OBJECT_DIRECTORIES = `${env.GIT_ALTERNATE_OBJECT_DIRECTORIES}${delimiter}${own}`
  const all = new Set([...cuts, ...other.cuts])
  if (other.cuts.size > 0) writeFileSync(join(directory, '.git', 'shallow'), [...all].map((sha) => `${sha}\n`).join(''))
}

/** git(1), GIT_ALTERNATE_OBJECT_DIRECTORIES: a list, of which an element may be quoted. */
function quoteAlternate(path: string): string {
  return /[:"\\]/.test(path) ? `"${path.replace(/["\\]/g, '\\$&')}"` : path
}

/**
 * What a tree's own .gitattributes could otherwise change: `merge=union` makes a conflict clean.
 * Markers are longer than any line of a text that looks like one.
 */
const NEUTRAL_ATTRIBUTES = '* !merge !filter !diff !text !eol !ident !working-tree-encoding !whitespace'
const LONG_MARKERS = `${NEUTRAL_ATTRIBUTES} conflict-marker-size=251\n`
const COMMON_MARKERS = `${NEUTRAL_ATTRIBUTES} !conflict-marker-size\n`

function digestOf(seen: unknown): string {
  return createHash('sha256').update(JSON.stringify(seen)).digest('hex')
}

/** The version of git. @throws UserError where it is too old, or not there. */
export async function checkVersion(context: GitContext): Promise<string> {
  const { stdout } = await runGit(context, ['version'])
  const [, version = '', major, minor] = /^git version ((\d+)\.(\d+)[^\n]*)/.exec(stdout.toString('latin1')) ?? []
  if (version === '') throw endedEarly('version')
  const [oldMajor = 0, oldMinor = 0] = OLDEST_GIT
  if (Number(major) > oldMajor || (Number(major) === oldMajor && Number(minor) >= oldMinor)) return version
  throw new UserError(`git ${version} is too old`, 'install git 2.38 or newer: it merges without a work tree')
}

interface Source {
  directory: string
  objects: string
  /** What its file `shallow` says; null where it has none. */
  shallow: string | null
  headBranch: string | null
  /** Whether its file `info/grafts` gives commits other parents (gitrepository-layout(5)). */
  hasGrafts: boolean
}

/**
 * gitrepository-layout(5): a work tree, a linked work tree or submodule (`.git` is a file), or a
 * bare repository.
 */
function locateUpstream(upstream: string): Source {
  const directory = resolve(upstream)
  if (!existsSync(directory)) {
    throw new UserError(`no such repository: ${upstream}`, 'name a git repository: a work tree or a bare one')
  }
  const gitDirectory = gitDirectoryOf(directory)
  if (!gitDirectory) {
    throw new UserError(
      `${upstream} is no git repository`,
      'name a work tree or a bare repository; of tarballs their directory, or each: --upstream-tarball VERSION=FILE',
    )
  }
  const named = readSetting(join(gitDirectory, 'commondir'))
  const common = named === null ? gitDirectory : resolve(gitDirectory, named.trim())
  for (const name of READ_BY_GIT) settingAt(join(common, name))
  const [head] = [...new Set([gitDirectory, common])].map((place) => readSetting(join(place, 'HEAD')))
  const [, headBranch = null] = /^ref: refs\/heads\/(.+)$/m.exec(head ?? '') ?? []
  const shallow = readSetting(join(common, 'shallow'))
  const hasGrafts = (readSetting(join(common, 'info', 'grafts')) ?? '').trim() !== ''
  return { directory: gitDirectory, objects: join(common, 'objects'), shallow, headBranch, hasGrafts }
}

/**
 * A small file of a repository; null where there is none. A FIFO, or a link to a device, would be
 * waited for without end.
 */
function readSetting(path: string): string | null {
  const stat = settingAt(path)
  if (!stat) return null
  if (stat.size > MAX_SETTING) throw new UserError(`${path} is larger than ${MAX_SETTING >> 20} MiB`, UNSOUND)
  return readFileSync(path, 'utf8')
}

/** The state of such a file. @throws UserError where it is anything else. */
function settingAt(path: string): Stats | undefined {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat && !stat.isFile()) throw new UserError(`${path} is no regular file of a repository`, UNSOUND)
  return stat
}

const MAX_SETTING = 64 << 20
/** What git opens of any repository, and would wait for as well. */
const READ_BY_GIT = ['config', 'packed-refs', 'objects/info/alternates']

function gitDirectoryOf(directory: string): string | null {
  const inside = join(directory, '.git')
  if (existsSync(inside)) {
    if (statSync(inside).isDirectory()) return inside
    const [, target] = /^gitdir: (.+)$/m.exec(readSetting(inside) ?? '') ?? []
    return target ? (isAbsolute(target) ? target : resolve(directory, target)) : null
  }
  return existsSync(join(directory, 'objects')) && existsSync(join(directory, 'HEAD')) ? directory : null
}

/**
 * Another user's repository is read all the same, this one only (git-config(1), safe.directory).
 */
function safeDirectory(directory: string): string {
  const value = directory.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n')
  return `[safe]\n\tdirectory = "${value}"\n`
}

/**
 * Checks a branch of the scratch repository out into its directory, only the given paths of it
 * (git-sparse-checkout(1)).
 */
export async function checkOut(scratch: Scratch, branch: string, paths: readonly string[]): Promise<void> {
  const env = { ...scratch.env, GIT_WORK_TREE: scratch.directory }
  const context = { ...scratch, env }
  const patterns = paths.map((path) => `/${path.replace(/[*?[\]!# ]/g, '\\$&')}`)
  await runGit(context, ['sparse-checkout', 'set', '--no-cone', '--stdin'], {
    input: Buffer.from(`${patterns.join('\n')}\n`, 'latin1'),
  })
  await runGit(context, ['checkout', '--quiet', '--force', branch, '--'])
  lendToOthers(scratch, join(scratch.directory, '.git'), '/conflicts/')
}

/**
 * Makes a repository of ours one that somebody else's git looks at: it finds the borrowed objects
 * without our environment, knows the upstream's refs, and passes over what is `excluded`.
 */
export function lendToOthers(scratch: Scratch, gitDirectory: string, excluded: string): void {
  const own = join(scratch.directory, '.git')
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(gitDirectory, path)), { recursive: true })
    writeFileSync(join(gitDirectory, path), text)
  }
  put('objects/info/alternates', `${scratch.borrowed}\n`)
  put('info/exclude', `${excluded}\n`)
  put('info/attributes', COMMON_MARKERS)
  for (const name of ['packed-refs', 'shallow']) {
    const [from, to] = [join(own, name), join(gitDirectory, name)]
    if (existsSync(from) && !existsSync(to)) copyFileSync(from, to)
  }
}
