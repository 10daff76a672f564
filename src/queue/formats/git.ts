/** A range of commits: REPO#BASE..TIP, or REPO#TIP of a fork of the upstream (gitrevisions(7)). */
import { UserError } from '../../errors.ts'
import { type ByteString, toText } from '../../model/bytes.ts'
import type { Problem } from '../../model/patch.ts'
import type { KnownBase, StatedBase } from '../../model/queue.ts'
import type { CommitNode, MergeText, QueueRepository } from '../../model/repository.ts'
import type { QueueFiles, QueuePlace } from '../files.ts'
import { MAX_ENTRIES } from '../limits.ts'
import { listCommit, mailName } from './commit-mail.ts'
import type { InRepository, QueueFormat, QueueListing } from './format.ts'
import { baseFrom, needsRepository, ownCommits } from './upstream-base.ts'

export const git: QueueFormat = {
  name: 'git',
  find: async ({ path, kind, range }: QueuePlace) => {
    if (range !== null) return `#${range}`
    return kind === 'directory' && path === '' ? '#HEAD' : null
  },
  nameOf,
  read: (files, list, { inRepository }) => readRange(nameOf(files, list), files.nameOf(''), list, inRepository),
}

function nameOf(files: QueueFiles, list: ByteString): string {
  return `${files.nameOf('')}${toText(list)}`
}

async function readRange(
  source: string,
  directory: string,
  list: ByteString,
  inRepository: InRepository | undefined,
): Promise<QueueListing> {
  if (inRepository === undefined) throw needsRepository(source)
  const range = { source, directory, ...endsOf(list.slice(1), source) }
  return await inRepository(directory, async (repository) => {
    const { commits, base, notes } = await (range.from === null
      ? forkOf(repository, range)
      : between(repository, range, range.from))
    const merges = commits.filter(({ parents }) => parents.length > 1)
    const single = commits.filter(({ parents }) => parents.length <= 1).map(({ sha }) => sha)
    if (single.length === 0) throw new UserError(`${source} holds no commit but merges`, 'name another range')
    if (single.length > MAX_ENTRIES)
      throw new UserError(`${source} holds ${single.length} commits`, `name a range of at most ${MAX_ENTRIES}`)
    const texts = await repository.read(single)
    return {
      format: 'git',
      patches: texts.map((text, at) => listCommit(text, mailName(text, at + 1))),
      disabled: [],
      base,
      order: 'stated (parents before their children)',
      notes: [...notes, ...(await notesOnMerges(repository, merges, source))],
    }
  })
}

/** The range that a person named; `from` is null where only its tip was. */
interface NamedRange {
  source: string
  directory: string
  from: string | null
  to: string
}

/** An end that is left out is HEAD. @throws UserError */
function endsOf(range: ByteString, source: string): { from: string | null; to: string } {
  if (range.includes('...') || range === '')
    throw new UserError(`${source} names no range of commits`, 'write REPO#BASE..TIP, or REPO#TIP')
  const at = range.indexOf('..')
  if (at < 0) return { from: null, to: range }
  return { from: range.slice(0, at) || 'HEAD', to: range.slice(at + 2) || 'HEAD' }
}

/** What is read of a range: its commits, merges with them, and where they begin. */
interface ReadRange {
  commits: CommitNode[]
  base: KnownBase | StatedBase | null
  notes: Problem[]
}

async function forkOf(repository: QueueRepository, range: NamedRange): Promise<ReadRange> {
  const tip = await resolve(repository, range, range.to)
  // The fork may be a branch of the upstream's own repository.
  const upstream = repository.upstream.filter((sha) => sha !== tip)
  const { own, base } = await ownCommits(repository, tip, upstream)
  const hint = `name where its patches begin: ${range.directory}#BASE..${toText(range.to)}`
  if (own.length === 0)
    throw new UserError(`${range.source} holds no commit that the upstream does not hold: no base can be found`, hint)
  if (base === null) throw new UserError(`${range.source} has no commit in common with the upstream`, hint)
  return { commits: own, base: { commit: base, found: 'merge-base' }, notes: [] }
}

async function between(repository: QueueRepository, range: NamedRange, from: ByteString): Promise<ReadRange> {
  const { source, directory, to } = range
  const start = await resolve(repository, range, from)
  const tip = await resolve(repository, range, to)
  const all = await repository.list([tip], [start])
  if (all.length === 0) {
    const turned = (await repository.list([start], [tip])).length > 0
    throw new UserError(
      `${source} holds no commit: ${toText(to)} ${turned ? `is an ancestor of ${toText(from)}` : 'and its base are the same'}`,
      turned ? `turn it round: ${directory}#${toText(to)}..${toText(from)}` : 'name another range',
    )
  }
  const merged = await mergedUpstream(repository, all)
  if (merged.length === 0) {
    const { base, notes } = await baseFrom(repository, start, { source, said: toText(from), found: 'given' })
    const stated = { names: [toText(from)], listed: `the range ${toText(from)}..${toText(to)}` }
    return { commits: all, base: base ?? stated, notes }
  }
  const { own, base } = await ownCommits(repository, tip, [start, ...merged])
  if (base === null) throw new Error('what was merged into a range is below it')
  const message = `${all.length - own.length} of its commits came by merges of the upstream: they are no patches, and the queue sits on ${base.slice(0, 12)}`
  const note = { file: source, line: null, message, hint: 'name another base with --base' }
  return { commits: own, base: { commit: base, found: 'merge-base' }, notes: [note] }
}

/** What the merges of a range took in from the upstream. */
async function mergedUpstream(repository: QueueRepository, commits: readonly CommitNode[]): Promise<string[]> {
  const sides = new Set(commits.flatMap(({ parents }) => parents.slice(1)))
  if (sides.size === 0) return []
  const own = new Set((await repository.list([...sides], repository.upstream)).map(({ sha }) => sha))
  return [...sides].filter((sha) => !own.has(sha))
}

async function resolve(repository: QueueRepository, { directory }: NamedRange, name: ByteString): Promise<string> {
  const commit = await repository.resolve(toText(name))
  if (commit !== null) return commit
  throw new UserError(`${directory} has no branch, tag or commit "${toText(name)}"`, '"git branch -a" there lists them')
}

async function notesOnMerges(
  repository: QueueRepository,
  merges: readonly CommitNode[],
  source: string,
): Promise<Problem[]> {
  const texts = await repository.readMerges(merges.map(({ sha }) => sha))
  const mended = texts.filter(({ isMended }) => isMended)
  const notes: Problem[] = []
  const add = (message: string, hint: string) => notes.push({ file: source, line: null, message, hint })
  if (texts.length > 0)
    add(
      `merges are no patches: ${namesOf(texts)}`,
      'what they took in is read commit by commit, unless it is of the upstream',
    )
  if (mended.length > 0)
    add(
      `merges were resolved by hand, which is in no patch: ${namesOf(mended)}`,
      'rebase the branch, so that each patch holds its own part of it',
    )
  return notes
}

/** So many merges are named. */
const NAMED = 5

function namesOf(merges: readonly MergeText[]): string {
  const named = merges.slice(0, NAMED).map(({ sha, subject }) => `${sha.slice(0, 12)} ("${toText(subject)}")`)
  return [...named, ...(merges.length > NAMED ? [`${merges.length - NAMED} more`] : [])].join(', ')
}
