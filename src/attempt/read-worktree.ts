/**
 * What a person made of a patch in the work tree. All there is data: links are not followed, and no
 * configuration, hook or filter that stands there is used.
 */
import { copyFileSync, lstatSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ObjectReader } from '../git/object-reader.ts'
import { type GitContext, runGit } from '../git/process.ts'
import { borrowObjects, type Scratch } from '../git/scratch.ts'
import { listTree } from '../git/tree.ts'
import { type ByteString, fromBytes, toBytes } from '../model/bytes.ts'
import { parentsOf } from '../model/paths.ts'
import type { FileState, MendedFile } from '../model/resolve.ts'
import { SUBMODULE } from '../model/tree.ts'
import { readFile } from './files.ts'

export interface ReadWorkTree {
  /** The files that differ, whether they were committed or not. */
  files: MendedFile[]
  /** Files that the index still has in conflict: nobody said `git add` or `git rm`. */
  unmerged: ReadonlySet<ByteString>
  /** When these files were written last, in milliseconds since 1970. */
  times: number[]
}

/**
 * `from`: the commit or tree to which it is held. `paths`: files that count though git does not know
 * them; what else it does not know is no part of the patch.
 */
export async function readWorkTree(
  scratch: Scratch,
  directory: string,
  { from, paths }: { from: string; paths: readonly ByteString[] },
): Promise<ReadWorkTree> {
  borrowObjects(scratch, join(directory, '.git', 'objects'))
  const reader = new ObjectReader(scratch)
  try {
    const { changed, unmerged } = await askIndex(scratch, directory, from)
    const entries = await listTree(scratch, from)
    const files: MendedFile[] = []
    const times: number[] = []
    for (const path of new Set([...changed, ...paths])) {
      const entry = entries.get(path)
      if (entry?.mode === SUBMODULE) continue
      const before = entry ? await readFile(reader, entry) : null
      const after = stateAt(directory, path, before)
      if (before?.mode === after?.mode && before?.content === after?.content) continue
      files.push({ path, before, after })
      if (after) times.push(lstatSync(placeOf(directory, path)).mtimeMs)
    }
    return { files: files.sort((one, other) => (one.path < other.path ? -1 : 1)), unmerged, times }
  } finally {
    reader.close()
  }
}

/** What may differ, by a copy of the index that the person's git keeps; without one, by all files. */
async function askIndex(
  scratch: Scratch,
  directory: string,
  from: string,
): Promise<{ changed: ByteString[]; unmerged: Set<ByteString> }> {
  const copy = join(directory, '.git', 'rebaseline.read')
  rmSync(`${copy}.lock`, { force: true })
  rmSync(copy, { force: true })
  const index = { ...scratch, cwd: directory, env: { ...scratch.env, GIT_WORK_TREE: directory, GIT_INDEX_FILE: copy } }
  try {
    const theirs = join(directory, '.git', 'index')
    if (lstatSync(theirs, { throwIfNoEntry: false })?.isFile()) copyFileSync(theirs, copy)
    const isSound = lstatSync(copy, { throwIfNoEntry: false }) && (await list(index, ['ls-files', '-u', '-z'])) !== null
    if (!isSound) {
      rmSync(copy, { force: true })
      await runGit(index, ['read-tree', from])
    }
    const unmerged = (await list(index, ['ls-files', '-u', '-z'])) ?? []
    const args = [
      '-c',
      'core.symlinks=true',
      'diff-index',
      '-z',
      '--name-only',
      '--no-renames',
      '--ignore-submodules=all',
      from,
      '--',
    ]
    const changed = (await list(index, args)) ?? []
    return { changed, unmerged: new Set(unmerged.map((line) => line.slice(line.indexOf('\t') + 1))) }
  } finally {
    rmSync(copy, { force: true })
  }
}

/** The records of an answer; null where git cannot read the index. */
async function list(index: GitContext, args: readonly string[]): Promise<ByteString[] | null> {
  const { stdout, code } = await runGit(index, args, { accept: [0, 128] })
  return code === 0
    ? fromBytes(stdout)
        .split('\0')
        .filter((record) => record !== '')
    : null
}

/** A file of the work tree; null where there is none, or no file. */
function stateAt(directory: string, path: ByteString, before: FileState | null): FileState | null {
  const parents = parentsOf(path).map((parent) => placeOf(directory, parent))
  // Through a link it is a file of somewhere else.
  if (!parents.every((parent) => lstatSync(parent, { throwIfNoEntry: false })?.isDirectory())) return null
  const place = placeOf(directory, path)
  const stat = lstatSync(place, { throwIfNoEntry: false })
  if (stat?.isSymbolicLink()) return { mode: '120000', content: fromBytes(readlinkSync(place, 'buffer')) }
  if (!stat?.isFile()) return null
  const mode = (stat.mode & 0o100) === 0 ? '100644' : '100755'
  return withItsLineEnds({ mode, content: fromBytes(readFileSync(place)) }, before)
}

/** Names of files are bytes. */
function placeOf(directory: string, path: ByteString): Buffer {
  return Buffer.concat([Buffer.from(`${directory}/`), toBytes(path)])
}

/** An editor may have given every line another end: a patch that changes them all is not meant. */
function withItsLineEnds(after: FileState, before: FileState | null): FileState {
  const isForeign = before?.content.includes('\n') && !before.content.includes('\r\n')
  if (!isForeign || /(?<!\r)\n/.test(after.content)) return after
  return { ...after, content: after.content.replaceAll('\r\n', '\n') }
}
