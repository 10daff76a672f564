/**
 * The work tree in which a person mends a patch: the target with what landed before it, the patch's
 * clean files staged, the others in conflict in the index, as git leaves a merge (git-merge(1), "How
 * to resolve conflicts"). Written by our own git in the scratch repository, so that nothing of a
 * configuration that stands there is run.
 */
import { copyFileSync, existsSync, lstatSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ObjectReader } from '../git/object-reader.ts'
import { type GitContext, runGit } from '../git/process.ts'
import { lendToOthers, type Scratch, writingInto } from '../git/scratch.ts'
import { writeEntry } from '../git/tree-entry.ts'
import { updateTree } from '../git/tree-writer.ts'
import { type ByteString, toBytes } from '../model/bytes.ts'
import type { FileState, OpenFile } from '../model/resolve.ts'
import type { TreeChanges } from '../model/tree.ts'

/** What a work tree is to show. */
export interface WorkTreeWish {
  directory: string
  /** What is upstream's in the history, and need not be copied. */
  target: string
  /** What it stands on: the target, and a commit for each patch that landed. */
  commit: string
  /** The patch's clean files. */
  staged: TreeChanges
  files: readonly OpenFile[]
  /** The note for the person: its name, which no file of the tree has, and its text; null: none. */
  note: { name: string; text: string | null }
}

/**
 * Makes a work tree, or brings one to another state in its place: a shell or an editor may stand in
 * it. Files that git does not know stay. Returns the tree that it shows.
 */
export async function writeWorkTree(scratch: Scratch, wish: WorkTreeWish): Promise<string> {
  const { directory, files, note } = wish
  await prepareRepository(scratch, directory, `/${note.name}`)
  const reader = new ObjectReader(scratch)
  try {
    const placed = files.map(({ path, placed: state }) => [path, toEntry(scratch, state)] as const)
    const root = await reader.read(`${wish.commit}^{tree}`)
    const tree = await updateTree(scratch, reader, `${root?.sha}`, new Map([...wish.staged, ...placed]))
    const stages = stagesOf(scratch, files)
    await copyObjects(scratch, wish, [tree, ...stages.map(({ blob }) => blob)])
    await showTree(scratch, directory, tree, (index) => setStages(index, files, stages))
    writeFileSync(join(directory, '.git', 'HEAD'), `${wish.commit}\n`)
    writeNote(directory, note)
    return tree
  } finally {
    reader.close()
  }
}

function toEntry(scratch: Scratch, state: FileState | null) {
  if (state === null) return null
  return writeEntry(scratch.objects, { mode: state.mode, content: toBytes(state.content) }, scratch.idLength)
}

/** A repository of our own that lends the upstream's objects; its settings are what git makes them. */
async function prepareRepository(scratch: Scratch, directory: string, excluded: string): Promise<void> {
  const gitDirectory = join(directory, '.git')
  if (!existsSync(join(gitDirectory, 'HEAD'))) {
    mkdirSync(directory, { recursive: true })
    const format = `--object-format=${scratch.idLength === 64 ? 'sha256' : 'sha1'}`
    const { GIT_DIR: _, ...env } = scratch.env
    await runGit({ ...scratch, cwd: directory, env }, ['init', '--quiet', '--template=', format, '.'])
  }
  lendToOthers(scratch, gitDirectory, excluded)
}

/** What is in neither the upstream nor yet in the work tree's own repository. */
async function copyObjects(
  scratch: Scratch,
  { directory, commit, target }: WorkTreeWish,
  others: readonly string[],
): Promise<void> {
  const objects = join(directory, '.git', 'objects')
  mkdirSync(join(objects, 'pack'), { recursive: true })
  const wanted = [commit, ...others, `^${target}`]
  const args = ['pack-objects', '--quiet', '--revs', '--non-empty', join(objects, 'pack', 'pack')]
  await runGit(writingInto(scratch, objects), args, { input: `${wanted.join('\n')}\n` })
}

/**
 * Brings index and files to a tree. The index of before tells git what it need not write again; ours
 * takes its place when all is done, so that one which was left locked is in nobody's way.
 */
async function showTree(
  scratch: Scratch,
  directory: string,
  tree: string,
  finish: (index: GitContext) => Promise<void>,
): Promise<void> {
  const [own, theirs] = ['rebaseline.index', 'index'].map((name) => join(directory, '.git', name)) as [string, string]
  rmSync(`${own}.lock`, { force: true })
  rmSync(own, { force: true })
  if (lstatSync(theirs, { throwIfNoEntry: false })?.isFile()) copyFileSync(theirs, own)
  const index = { ...scratch, cwd: directory, env: { ...scratch.env, GIT_WORK_TREE: directory, GIT_INDEX_FILE: own } }
  const reset = ['-c', 'core.symlinks=true', 'read-tree', '--reset', '-u', tree]
  const { code } = await runGit(index, reset, { accept: [0, 128] })
  if (code !== 0) {
    // What cannot be read of the index of before is not needed.
    rmSync(own, { force: true })
    await runGit(index, reset)
  }
  await finish(index)
  renameSync(own, theirs)
}

interface Stage {
  path: ByteString
  mode: string
  blob: string
  stage: 1 | 2 | 3
}

function stagesOf(scratch: Scratch, files: readonly OpenFile[]): Stage[] {
  return files.flatMap(({ path, base, ours, theirs }) =>
    [base, ours, theirs].flatMap((state, at) => {
      const entry = toEntry(scratch, state)
      return entry ? [{ path, mode: entry.mode, blob: entry.blob, stage: (at + 1) as Stage['stage'] }] : []
    }),
  )
}

/** git-update-index(1), "Using --index-info". */
async function setStages(index: GitContext, files: readonly OpenFile[], stages: readonly Stage[]): Promise<void> {
  const gone = files.map(({ path }) => `0 ${'0'.repeat(40)}\t${path}\0`)
  const sides = stages.map(({ path, mode, blob, stage }) => `${mode} ${blob} ${stage}\t${path}\0`)
  const input = Buffer.from([...gone, ...sides].join(''), 'latin1')
  await runGit(index, ['update-index', '-z', '--index-info'], { input })
}

/** Whatever stands at the note's name, a link perhaps, is replaced and not followed. */
function writeNote(directory: string, { name, text }: WorkTreeWish['note']): void {
  const path = join(directory, name)
  rmSync(path, { force: true, recursive: true })
  if (text !== null) writeFileSync(path, text, { flag: 'wx' })
}
