/** StGit: a stack of commits for each branch of a repository, "REPO#BRANCH". */
import { UserError } from '../../errors.ts'
import { type ByteString, fromBytes, toText } from '../../model/bytes.ts'
import { elementAt } from '../../model/elements.ts'
import type { Problem } from '../../model/patch.ts'
import { unsafePath } from '../../model/paths.ts'
import type { KnownBase } from '../../model/queue.ts'
import type { QueueRepository } from '../../model/repository.ts'
import { joinPath, kindAt, type QueueFiles, type QueuePlace } from '../files.ts'
import { branchOf, gitDirectoryAt, hasRef, textOf } from '../git-directory.ts'
import { MAX_ENTRIES } from '../limits.ts'
import { listCommit } from './commit-mail.ts'
import type { InRepository, QueueFormat, QueueListing } from './format.ts'
import { type Stack, stackInJson, stackInMeta } from './stgit-stack.ts'
import { baseFrom, needsRepository } from './upstream-base.ts'

export const stgit: QueueFormat = {
  name: 'stgit',
  find,
  nameOf,
  read: (files, list, { inRepository }) => readStack(files, list, inRepository),
}

/** The directory of the repository's own files, "#" and the branch. */
async function find(place: QueuePlace): Promise<ByteString | null> {
  const directory = await gitDirectoryAt(place)
  if (directory === null) return null
  const branch = place.range ?? (await branchOf(place.files, directory))
  if (branch === null || unsafePath(branch) !== null) return null
  const { files } = place
  const hasStack =
    (await hasRef(files, directory, `refs/stacks/${branch}`)) ||
    (await hasRef(files, directory, `refs/heads/${branch}.stgit`)) ||
    (await kindAt(files, joinPath(directory, `patches/${branch}/applied`))) === 'file'
  return hasStack ? `${directory}#${branch}` : null
}

function nameOf(files: QueueFiles, list: ByteString): string {
  const { directory, branch } = partsOf(list)
  return `${files.nameOf(directory.replace(/(?:^|\/)\.git$/, ''))}#${toText(branch)}`
}

function partsOf(list: ByteString): { directory: ByteString; branch: ByteString } {
  const at = list.indexOf('#')
  return { directory: list.slice(0, at), branch: list.slice(at + 1) }
}

async function readStack(
  files: QueueFiles,
  list: ByteString,
  inRepository: InRepository | undefined,
): Promise<QueueListing> {
  const source = nameOf(files, list)
  if (inRepository === undefined) throw needsRepository(source)
  const { directory, branch } = partsOf(list)
  return await inRepository(files.nameOf(directory), async (repository) => {
    const stack =
      (await stackInRefs(repository, branch, source)) ?? (await stackInFiles(files, { directory, branch }, repository))
    const names = [...stack.applied, ...stack.unapplied]
    if (names.length === 0) throw new UserError(`${source} has no patch`, '"stg new" makes one')
    if (names.length > MAX_ENTRIES) throw new UserError(`${source} has more than ${MAX_ENTRIES} patches`, 'split it')
    const commits = names.map((name) => commitOf(stack, name, source))
    const texts = await repository.read(commits)
    const { base, notes } = await baseOf(repository, stack, { branch, source })
    return {
      format: 'stgit',
      patches: names.map((name, at) => listCommit(elementAt(texts, at), name)),
      disabled: stack.hidden.map((name) => ({ name: toText(name), reason: 'hidden' })),
      base,
      order: `stated (${stack.told})`,
      notes: [...notes, ...notesOn(stack, source), ...(await notesAbove(repository, stack, { branch, source }))],
    }
  })
}

function commitOf({ commits, told }: Stack, name: ByteString, source: string): string {
  const commit = commits.get(name)
  if (commit !== undefined) return commit
  throw new UserError(
    `${told}: the patch "${toText(name)}" of ${source} has no commit`,
    '"stg repair" there may mend it',
  )
}

/** Versions 5 and 4 of the stack's state (StGit, src/stack/upgrade.rs): a file of a commit's tree. */
async function stackInRefs(repository: QueueRepository, branch: ByteString, source: string): Promise<Stack | null> {
  const newest = `refs/stacks/${toText(branch)}`
  const state = await repository.resolve(newest)
  const json = state && (await repository.readFile(state, 'stack.json'))
  if (json) return stackInJson(fromBytes(json), `${newest}:stack.json`, source)
  const former = `refs/heads/${toText(branch)}.stgit`
  const log = await repository.resolve(former)
  const meta = log && (await repository.readFile(log, 'meta'))
  return meta ? stackInMeta(fromBytes(meta), `${former}:meta`) : null
}

/** Versions 2 and 3: files in .git/patches/BRANCH, and a ref for each patch. */
async function stackInFiles(
  files: QueueFiles,
  { directory, branch }: { directory: ByteString; branch: ByteString },
  repository: QueueRepository,
): Promise<Stack> {
  const place = joinPath(directory, `patches/${branch}`)
  const linesOf = async (name: string) => {
    const text = (await textOf(files, `${place}/${name}`)) ?? ''
    return text.split('\n').filter((line) => line !== '')
  }
  const [applied, unapplied, hidden] = [await linesOf('applied'), await linesOf('unapplied'), await linesOf('hidden')]
  const commits = new Map<ByteString, string>()
  for (const name of [...applied, ...unapplied].slice(0, MAX_ENTRIES + 1)) {
    const top = unsafePath(name) === null ? await textOf(files, `${place}/patches/${name}/top`) : null
    const commit =
      (await repository.resolve(`refs/patches/${toText(branch)}/${toText(name)}`)) ??
      (await repository.resolve(top?.trim() ?? ''))
    if (commit !== null) commits.set(name, commit)
  }
  return { applied, unapplied, hidden, commits, told: files.nameOf(`${place}/applied`) }
}

/** Below the first patch that is applied; where none is, at the branch's end. */
async function baseOf(
  repository: QueueRepository,
  { applied: [first], commits, told }: Stack,
  { branch, source }: { branch: ByteString; source: string },
): Promise<{ base: KnownBase | null; notes: Problem[] }> {
  const name = first === undefined ? `refs/heads/${toText(branch)}` : `${commits.get(first)}^`
  const start = await repository.resolve(name)
  if (start === null)
    throw new UserError(`${told}: the stack of ${source} stands on no commit`, 'name its base with --base')
  return await baseFrom(repository, start, {
    source,
    said: `the commit below the stack, ${start.slice(0, 12)},`,
    found: 'stack',
  })
}

function notesOn({ unapplied, told }: Stack, source: string): Problem[] {
  if (unapplied.length === 0) return []
  const names = unapplied.slice(0, 5).map(toText).join(', ')
  const message = `${told}: ${unapplied.length} unapplied, read behind those that are applied: ${names}${unapplied.length > 5 ? ', …' : ''}`
  return [{ file: source, line: null, message, hint: '"stg hide" takes a patch out of the stack' }]
}

/** Commits of the branch that StGit does not know of are none of its patches. */
async function notesAbove(
  repository: QueueRepository,
  { applied, commits }: Stack,
  { branch, source }: { branch: ByteString; source: string },
): Promise<Problem[]> {
  const end = await repository.resolve(`refs/heads/${toText(branch)}`)
  const top = commits.get(applied.at(-1) ?? '')
  const above = end === null || top === undefined ? [] : await repository.list([end], [top])
  if (above.length === 0) return []
  const message = `commits of the branch above the stack, which are in no patch of it: ${above.length}`
  return [{ file: source, line: null, message, hint: '"stg repair" there takes them in' }]
}
