/** Lists, compares and makes trees. */
import type { ByteString } from '../model/bytes.ts'
import type { TreeEntry } from '../model/tree.ts'
import { type GitContext, runGit } from './process.ts'

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
