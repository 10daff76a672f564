/**
 * Writes a release that came as tarballs into a repository of ours, streamed: nothing of it is
 * unpacked to a disk.
 */
import { createHash } from 'node:crypto'
import { createReadStream, statSync } from 'node:fs'
import { Readable } from 'node:stream'
import { UserError } from '../errors.ts'
import { type GitContext, runGit } from '../git/process.ts'
import type { ByteString } from '../model/bytes.ts'
import { decompressed, type ProgramSetting } from './decompress.ts'
import { addComponent, type ReleaseFile, TarballFiles } from './release-files.ts'
import { readTar, type TarMember } from './tar.ts'

/** One tarball of a release. */
export interface Tarball {
  file: string
  /** The folder that its files belong into; null for the release's own top. */
  component: string | null
}

/** No release of a project that is carried with patches has more. */
const MAX_MEMBERS = 1_000_000
const MAX_BYTES = 8 * 2 ** 30
/** Source packs to a tenth, at best to a fiftieth; small tarballs may do better. */
const MAX_RATIO = 200
const SMALL = 64 << 20

const BRANCH = 'refs/heads/release'

/** SHA-256 of a tarball, in hexadecimal. @throws UserError where it cannot be read. */
export async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(file)) hash.update(piece as Buffer)
  return hash.digest('hex')
}

/**
 * Writes one commit that holds a release, without parents, to an empty repository. Its time is that
 * of the release's newest file.
 */
export async function importRelease(
  repository: GitContext,
  tarballs: readonly Tarball[],
  setting: ProgramSetting,
): Promise<void> {
  const args = ['-c', 'pack.compression=1', 'fast-import', '--quiet', '--force', '--done', '--depth=0']
  const { code, stderr } = await runGit(repository, args, {
    from: Readable.from(releaseCommands(tarballs, setting), { objectMode: false }),
    accept: [0, 1, 128],
  })
  if (code !== 0)
    throw new UserError(
      `git cannot hold the files of ${tarballs[0]?.file}: ${stderr.trim().split('\n')[0]}`,
      'is it the tarball that the project publishes?',
    )
}

/** The tree of a release that was written, and the time of its newest file. */
export async function importedRelease(repository: GitContext): Promise<{ tree: string; time: number }> {
  const { stdout } = await runGit(repository, ['log', '--max-count=1', '--format=%T %ct', BRANCH, '--'])
  const [tree = '', time] = stdout.toString('latin1').trim().split(' ')
  return { tree, time: Number(time) }
}

async function* releaseCommands(tarballs: readonly Tarball[], setting: ProgramSetting): AsyncGenerator<Buffer> {
  const release = new Map<ByteString, ReleaseFile>()
  const state: ReleaseState = { contents: 0, newest: 0 }
  for (const { file, component } of tarballs) {
    const files = new TarballFiles(file)
    yield* contentCommands(file, files, state, setting)
    if (component === null) for (const [path, one] of files.files()) release.set(path, one)
    else addComponent(release, component, files.files())
  }
  const committer = `rebaseline <rebaseline@localhost> ${state.newest} +0000`
  yield Buffer.from(`commit ${BRANCH}\ncommitter ${committer}\ndata 0\ndeleteall\n`)
  for (const [path, { mode, content }] of release)
    yield Buffer.from(`M ${mode} :${content} ${quotePath(path)}\n`, 'latin1')
  yield Buffer.from('done\n')
}

/** How far the reading of a release is. */
interface ReleaseState {
  /** How many contents were handed to git: each is known by its number. */
  contents: number
  /** The time of the newest file, seconds since 1970. */
  newest: number
}

/** git-fast-import(1): every content as a numbered blob, as it comes. */
async function* contentCommands(
  file: string,
  files: TarballFiles,
  state: ReleaseState,
  setting: ProgramSetting,
): AsyncGenerator<Buffer> {
  let members = 0
  for await (const member of readTar(bounded(file, setting), file)) {
    if (++members > MAX_MEMBERS) throw tooMuch(file, `more than ${MAX_MEMBERS} members`)
    const path = files.pathOf(member)
    if (path === null) continue
    if (member.kind === 'directory') files.addFolder(path)
    else if (member.kind === 'link') files.addFile(path, files.linkedFile(path, member.target))
    else {
      files.addFile(path, { mode: modeOf(member), content: ++state.contents })
      if (member.time > state.newest && member.time <= LATEST) state.newest = Math.floor(member.time)
      const size = member.kind === 'symlink' ? member.target.length : member.size
      yield Buffer.from(`blob\nmark :${state.contents}\ndata ${size}\n`)
      if (member.kind === 'symlink') yield Buffer.from(member.target, 'latin1')
      else yield* member.content
      yield Buffer.from('\n')
    }
  }
}

/** git keeps no later time everywhere: the year 2106. */
const LATEST = 2 ** 32 - 1

function modeOf({ kind, isExecutable }: TarMember): ReleaseFile['mode'] {
  if (kind === 'symlink') return '120000'
  return isExecutable ? '100755' : '100644'
}

/** What a tarball holds, unless it is more than any source. */
async function* bounded(file: string, setting: ProgramSetting): AsyncGenerator<Buffer> {
  const packed = statSync(file).size
  let bytes = 0
  for await (const piece of decompressed(file, setting)) {
    bytes += piece.length
    if (bytes > MAX_BYTES) throw tooMuch(file, `more than ${MAX_BYTES / 2 ** 30} GiB`)
    if (bytes > SMALL && bytes > packed * MAX_RATIO)
      throw tooMuch(file, `more than ${MAX_RATIO} bytes for every byte of the file: no source packs so small`)
    yield piece
  }
}

function tooMuch(file: string, what: string): UserError {
  return new UserError(`${file} unpacks to ${what}`, 'the limit is there against archives that fill a disk')
}

/** A path in a command of git-fast-import(1), `filemodify`: C-style quoting. */
function quotePath(path: ByteString): ByteString {
  return `"${path.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n')}"`
}
