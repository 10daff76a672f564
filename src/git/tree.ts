/** Lists, compares and makes trees. */
import { join } from 'node:path'
import type { ByteString } from '../model/bytes.ts'
import { type FileWrite, writeBlob } from './object-writer.ts'
import { type GitContext, runGit } from './process.ts'
import type { Scratch } from './scratch.ts'

export interface TreeEntry {
  mode: string
  blob: string
}

/** Every file of a tree or commit, by path. */
export async function listTree(context: GitContext, tree: string): Promise<Map<ByteString, TreeEntry>> {
  const { stdout } = await runGit(context, ['ls-tree', '-r', '-z', '--full-tree', tree])
  const entries = new Map<ByteString, TreeEntry>()
  for (const record of stdout.toString('latin1').split('\0')) {
    const tab = record.indexOf('\t')
    const [mode = '', , blob = ''] = record.slice(0, tab).split(' ')
    if (tab > 0) entries.set(record.slice(tab + 1), { mode, blob })
  }
  return entries
}

/** The paths that differ between two trees, and what the second holds there; null where it holds nothing. */
export async function changedFiles(
  context: GitContext,
  before: string,
  after: string,
): Promise<Map<ByteString, TreeEntry | null>> {
  const { stdout } = await runGit(context, ['diff-tree', '-r', '-z', '--no-renames', before, after])
  const changed = new Map<ByteString, TreeEntry | null>()
  const fields = stdout.toString('latin1').split('\0')
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, mode = '', , blob = ''] = (fields[at] ?? '').split(' ')
    changed.set(fields[at + 1] ?? '', /^0+$/.test(mode) ? null : { mode, blob })
  }
  return changed
}

/** The tree with some files written or deleted. */
export async function writeFiles(scratch: Scratch, tree: string, writes: readonly FileWrite[]): Promise<string> {
  const context = { cwd: scratch.cwd, env: { ...scratch.env, GIT_INDEX_FILE: join(scratch.directory, 'index') } }
  await runGit(context, ['read-tree', tree])
  const lines = writes.map(({ path, mode, content }) => {
    if (content === null) return `0 ${'0'.repeat(scratch.idLength)}\t${path}\0`
    return `${mode} ${writeBlob(scratch.objects, content, scratch.idLength)}\t${path}\0`
  })
  await runGit(context, ['update-index', '-z', '--index-info'], { input: Buffer.from(lines.join(''), 'latin1') })
  const { stdout } = await runGit(context, ['write-tree'])
  return stdout.toString().trim()
}

/** The paths that a rename moved between two trees, old to new (diffcore(7), similarity of at least half). */
export async function findRenames(
  context: GitContext,
  before: string,
  after: string,
): Promise<Map<ByteString, ByteString>> {
  const args = ['diff-tree', '-r', '-z', '-M', '--diff-filter=R', '--name-status', before, after]
  const { stdout } = await runGit(context, args)
  const fields = stdout.toString('latin1').split('\0')
  const renames = new Map<ByteString, ByteString>()
  for (let at = 0; at + 2 < fields.length; at += 3) renames.set(fields[at + 1] ?? '', fields[at + 2] ?? '')
  return renames
}
