/** Lists, compares and makes trees. */
import { UserError } from '../errors.ts'
import { type ByteString, toText } from '../model/bytes.ts'
import { unsafePath } from '../model/paths.ts'
import type { TreeEntries, TreeEntry } from '../model/tree.ts'
import { type GitContext, runGit } from './process.ts'
import type { Scratch } from './scratch.ts'

/** The files of a commit of the upstream: many queues ask for the same. */
export function treeOf(scratch: Scratch, commit: string): Promise<TreeEntries> {
  return scratch.answers.tree(commit, () => listTree(scratch, commit))
}

/** Every file of a tree or commit, by path. */
export async function listTree(context: GitContext, tree: string): Promise<Map<ByteString, TreeEntry>> {
  const { stdout } = await runGit(context, ['ls-tree', '-r', '-z', '--full-tree', tree])
  const entries = new Map<ByteString, TreeEntry>()
  for (const record of stdout.toString('latin1').split('\0')) {
    const tab = record.indexOf('\t')
    const [mode = '', , blob = ''] = record.slice(0, tab).split(' ')
    const path = record.slice(tab + 1)
    // Only a name with one of these can be unsafe, and few have: a tree may hold a hundred
    // thousand.
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

/**
 * Where files went between two commits, old path to new: commit by commit (diffcore(7), similarity
 * of at least half), so that one which was moved twice and rewritten in between is followed; and
 * where that says nothing, by what the two ends have in common.
 */
export async function findRenames(
  context: GitContext,
  before: string,
  after: string,
  which: 'alike' | 'unchanged' = 'alike',
): Promise<Map<ByteString, ByteString>> {
  const raw = ['-r', '-z', which === 'alike' ? '-M' : '-M100%', '--diff-filter=R', '--name-status']
  const log = ['log', '--reverse', '--topo-order', '--format=', ...raw, `${before}..${after}`, '--']
  const [steps, ends] = await Promise.all([runGit(context, log), runGit(context, ['diff-tree', ...raw, before, after])])
  return new Map([...pairsIn(ends.stdout), ...followed(pairsIn(steps.stdout))])
}

/** The records of --name-status -z: a status, an old and a new path each. */
function pairsIn(output: Buffer): [ByteString, ByteString][] {
  const fields = output
    .toString('latin1')
    .split('\0')
    .filter((field) => field !== '' && field !== '\n')
  const pairs: [ByteString, ByteString][] = []
  for (let at = 0; at + 2 < fields.length; at += 3) pairs.push([fields[at + 1] ?? '', fields[at + 2] ?? ''])
  return pairs
}

/** Steps, oldest first, to where each file went in the end. */
function followed(steps: readonly [ByteString, ByteString][]): Map<ByteString, ByteString> {
  const origins = new Map<ByteString, Set<ByteString>>()
  const renames = new Map<ByteString, ByteString>()
  for (const [from, to] of steps) {
    const moved = new Set([from, ...(origins.get(from) ?? [])])
    origins.delete(from)
    origins.set(to, new Set([...(origins.get(to) ?? []), ...moved]))
    for (const origin of moved) renames.set(origin, to)
  }
  return renames
}
