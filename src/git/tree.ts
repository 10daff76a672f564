/** Lists, compares and makes trees. */
import { UserError } from '../errors.ts'
import { type ByteString, toText } from '../model/bytes.ts'
import { unsafePath } from '../model/paths.ts'
import type { TreeEntry } from '../model/tree.ts'
import { type GitContext, runGit } from './process.ts'

/** Every file of a tree or commit, by path. */
export async function listTree(context: GitContext, tree: string): Promise<Map<ByteString, TreeEntry>> {
  const { stdout } = await runGit(context, ['ls-tree', '-r', '-z', '--full-tree', tree])
  const entries = new Map<ByteString, TreeEntry>()
  for (const record of stdout.toString('latin1').split('\0')) {
    const tab = record.indexOf('\t')
    const [mode = '', , blob = ''] = record.slice(0, tab).split(' ')
    const path = record.slice(tab + 1)
    // Only a name with one of these can be unsafe, and few have: a tree may hold a hundred thousand.
    const unsafe = /\.\.|\/\/|^\/|[\0\\\xe2]|\.git|git~1/i.test(path) ? unsafePath(path) : null
    if (unsafe !== null) {
      throw new UserError(
        `the upstream's tree holds ${toText(path)}: ${unsafe}`,
        'a tree like that was not made by git: do not use it',
      )
    }
    if (tab > 0) entries.set(path, { mode, blob })
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
